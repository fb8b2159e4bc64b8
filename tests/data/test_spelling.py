"""Spellings of titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.spelling import (
    loose,
    natural_title,
    normalise,
    split_year,
    surely_same,
    title_keys,
    title_parts,
)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Toy Story (1995)", ("Toy Story", 1995)),
        ("Seven (Se7en) (1995)", ("Seven (Se7en)", 1995)),
        ("Great Giving, The (1995) (V)", ("Great Giving, The", 1995)),
        ("unknown", ("unknown", None)),
        ("Blade Runner 2049", ("Blade Runner 2049", None)),
        ("(1984)", ("(1984)", None)),
        ("I Am Curious (Yellow)", ("I Am Curious (Yellow)", None)),
        (" Alien  (1979) ", ("Alien", 1979)),
    ],
)
def test_the_year_is_read_from_the_brackets_at_the_end(
    title: str, expected: tuple[str, int | None]
) -> None:
    assert split_year(title) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Usual Suspects, The", "The Usual Suspects"),
        ("Bug's Life, A", "A Bug's Life"),
        ("Postino, Il", "Il Postino"),
        ("Boot, Das", "Das Boot"),
        ("Uomo delle stelle, L'", "L'Uomo delle stelle"),
        ("Hate (Haine, La)", "Hate (La Haine)"),
        (
            "City of Lost Children, The (Cité des enfants perdus, La)",
            "The City of Lost Children (La Cité des enfants perdus)",
        ),
        ("Maybe, Maybe Not (Bewegte Mann, Der)", "Maybe, Maybe Not (Der Bewegte Mann)"),
        ("Paris, Texas", "Paris, Texas"),
        ("I, Worst of All (Yo, la peor de todas)", "I, Worst of All (Yo, la peor de todas)"),
        ("(500) Days of Summer", "(500) Days of Summer"),
        ("Frontier(s)", "Frontier(s)"),
        ("Lord of the Rings: The Two Towers, The", "The Lord of the Rings: The Two Towers"),
    ],
)
def test_articles_move_to_the_front(title: str, expected: str) -> None:
    assert natural_title(title) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Schindler\u2019s List", "schindlers list"),
        ("E.T. & Me", "et and me"),
        ("M*A*S*H", "mash"),
        ("Amélie", "amelie"),
        ("Łódź, Øresund & Straße", "lodz oresund and strasse"),
        ("Spider-Man 2", "spider man 2"),
        ("  What's   Up, Doc? ", "whats up doc"),
        ("I ♥ Huckabees", "i heart huckabees"),
        ("Love❤️Me", "love heart me"),
        ("★ 80", "star 80"),
        ("π", "pi"),
        ("...", "..."),
        ("千と千尋の神隠し", "千と千尋の神隠し"),
    ],
)
def test_case_accents_and_punctuation_do_not_matter(text: str, expected: str) -> None:
    # NFKD also removes the voicing marks of kana, on both sides of a comparison.
    assert normalise(text) == normalise(expected)
    if expected.isascii():
        assert normalise(text) == expected


def test_a_title_has_a_form_for_each_of_its_names() -> None:
    assert title_keys("City of Lost Children, The (Cité des enfants perdus, La) (1995)") == {
        "the city of lost children la cite des enfants perdus",
        "the city of lost children",
        "la cite des enfants perdus",
    }
    assert title_keys("Seven (a.k.a. Se7en)") == {"seven aka se7en", "seven", "se7en"}
    assert title_keys("Upside Down (2012 film)") == {"upside down", "upside down 2012 film"}
    assert title_keys("") == frozenset()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Three Colors: Blue", "Three Colours: Blue"),
        ("Twelve Monkeys", "12 Monkeys"),
        ("The Endless Summer 2", "The Endless Summer II"),
        ("Jungle2Jungle", "Jungle 2 Jungle"),
        ("Night Flier", "The Night Flier"),
        ("Sunset Blvd.", "Sunset Boulevard"),
        ("Naked Gun 33 1/3", "Naked Gun 33\u2153"),
        ("Ocean's 13", "Ocean's Thirteen"),
        ("21 Grams", "Twenty-One Grams"),
        ("101 Dalmatians", "One Hundred and One Dalmatians"),
        ("20,000 Leagues Under the Sea", "Twenty Thousand Leagues Under the Sea"),
        ("1984", "Nineteen Eighty-Four"),
        ("400 Blows", "Four Hundred Blows"),
        ("The Godfather 2", "The Godfather: Part II"),
        ("Kill Bill 2", "Kill Bill: Vol. 2"),
        ("Star Wars 4: A New Hope", "Star Wars: Episode IV - A New Hope"),
    ],
)
def test_spellings_of_one_title_have_the_same_loose_form(one: str, other: str) -> None:
    assert loose(normalise(one)) == loose(normalise(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rocky II", "Rocky III"),
        ("Alien", "Aliens"),
        ("The Thing", "The Things"),
        ("Twenty-One", "201"),
        ("One Two Three", "6"),
        ("One Hundred and Out", "100 Out"),
        ("A Hundred Streets", "Streets"),
        ("Part of Me", "Of Me"),
    ],
)
def test_different_titles_have_different_loose_forms(one: str, other: str) -> None:
    assert loose(normalise(one)) != loose(normalise(other))


def test_a_loose_form_has_no_leading_article() -> None:
    assert loose("the land before the time") == "landbeforethetime"


def test_colons_dashes_and_or_separate_parts() -> None:
    assert title_parts("Star Wars: Episode IV \u2013 A New Hope") == {
        "star wars",
        "episode iv",
        "a new hope",
    }
    assert title_parts("Dr. Strangelove or: How I Learned (1964)") == {
        "dr strangelove",
        "how i learned",
    }
    assert title_parts("Alien") == frozenset()
    assert title_parts("Spider-Man") == frozenset()


@pytest.mark.parametrize(
    ("one", "other", "sure"),
    [
        ("Star Wars", "Star Wars: Episode IV - A New Hope", True),
        ("Return of the Jedi", "Star Wars: Episode VI - Return of the Jedi", True),
        ("X2", "X2: X-Men United", True),
        ("Mad Max 2: The Road Warrior", "The Road Warrior (Mad Max 2)", True),
        ("Allegiant", "Allegiant: Part 1", True),
        ("Friday the 13th Part III", "Friday the 13th Part 3: 3D", True),
        ("Robin Hood", "Robin Hood: Prince of Thieves", False),
        ("Truth or Dare", "A Dark Truth (The Truth)", False),
        ("Zathura: A Space Adventure", "Zathura", False),
        ("Alien", "Alien", False),
    ],
)
def test_a_common_part_leaves_no_doubt_if_it_has_a_number(
    one: str, other: str, *, sure: bool
) -> None:
    assert surely_same(one, other) is surely_same(other, one) is sure


@given(st.text())
def test_normalised_text_stays_as_it_is(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_the_forms_and_parts_of_any_text_are_normalised(text: str) -> None:
    for key in title_keys(text) | title_parts(natural_title(text)):
        assert normalise(key) == key
        assert " " not in loose(key)
