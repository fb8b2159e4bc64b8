"""Looking films up and searching them by a typed title."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data import Catalog, Film
from matinee.data.titles.index import TitleIndex
from matinee.errors import InputError, UnknownNameError

FILMS = [
    ("Toy Story", 1995),
    ("The Godfather", 1972),
    ("Emma", 1996),
    ("Emma", 1972),
    ("Chasing Amy", 1997),
    ("Chasing Amy", 1997),
    ("The City of Lost Children (La Cité des enfants perdus)", 1995),
    ("The Dark Knight Rises", 2012),
    ("Blade Runner 2049", 2017),
    ("Toy Story 2", 1999),
    ("Faust", 1926),
    ("Doctor Faust (Faust)", 1967),
    ("Night", 1930),
    ("Star Wars: Episode IV - A New Hope", 1977),
    ("The Empire of Toys: A Story", 2001),
    ("Them!", 1954),
]
CATALOG = Catalog.of(
    Film(id=str(100 + row), title=title, year=year) for row, (title, year) in enumerate(FILMS)
)
INDEX = TitleIndex(CATALOG)


def labels(rows: list[int]) -> list[str]:
    return [film.label for film in CATALOG.films(rows)]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Toy Story", 0),
        ("toy story (1995)", 0),
        ("TOY STORY 1995", 0),
        ("Godfather, The", 1),
        ("godfather", 1),
        (" The  Godfather! ", 1),
        ("emma 1996", 2),
        ("Emma (1972)", 3),
        ("la cite des enfants perdus", 6),
        ("City of Lost Children, The", 6),
        ("Blade Runner 2049", 8),
        ("toystory 2", 9),
        ("Toy Story II", 9),
        ("Faust", 10),  # the whole title of one film goes before an alternative of another
        ("#105", 5),
    ],
)
def test_a_film_is_found_however_its_title_is_typed(text: str, row: int) -> None:
    assert INDEX.find(text) == row


def test_a_title_of_several_films_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        INDEX.find("emma")
    assert str(raised.value) == (
        "2 films are called 'emma': Emma (1996), Emma (1972); add the year in brackets"
    )
    with pytest.raises(InputError, match=r"Amy \(1997\) #104, .* #105; choose one by id: '#104'"):
        INDEX.find("Chasing Amy (1997)")
    assert INDEX.find("#104") == 4


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("dark knight rizes", "The Dark Knight Rises (2012)"),
        ("godfahter", "The Godfather (1972)"),
        ("Toy Story (1999)", "Toy Story (1995)"),
        ("star wars", "Star Wars: Episode IV - A New Hope (1977)"),
    ],
)
def test_an_unknown_title_suggests_the_most_similar(text: str, suggested: str) -> None:
    with pytest.raises(UnknownNameError) as raised:
        INDEX.find(text)
    assert raised.value.kind == "film"
    assert raised.value.suggestions[0] == suggested
    assert f"did you mean {suggested!r}" in str(raised.value)


@pytest.mark.parametrize("text", ["xqzwv", "", "   ", "#999"])
def test_a_title_without_a_similar_one_has_no_suggestions(text: str) -> None:
    with pytest.raises(UnknownNameError, match="no title is similar"):
        INDEX.find(text)


def test_search_puts_equal_titles_first_then_beginnings_then_words() -> None:
    assert labels(INDEX.search("toy story")) == [
        "Toy Story (1995)",
        "Toy Story 2 (1999)",
        "The Empire of Toys: A Story (2001)",
    ]
    assert labels(INDEX.search("the", 3)) == [
        "The Godfather (1972)",
        "The City of Lost Children (La Cité des enfants perdus) (1995)",
        "The Dark Knight Rises (2012)",
    ]
    assert "Them! (1954)" in labels(INDEX.search("the", 6))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("godfahter", "The Godfather (1972)"),
        ("dark rises", "The Dark Knight Rises (2012)"),
        ("wars star", "Star Wars: Episode IV - A New Hope (1977)"),
        ("starwars", "Star Wars: Episode IV - A New Hope (1977)"),
        ("emma 1972", "Emma (1972)"),
        ("enfants perdus", "The City of Lost Children (La Cité des enfants perdus) (1995)"),
        ("blade 2017", "Blade Runner 2049 (2017)"),
        ("star wars 4", "Star Wars: Episode IV - A New Hope (1977)"),
        ("star wars episode four", "Star Wars: Episode IV - A New Hope (1977)"),
        ("star wars", "Star Wars: Episode IV - A New Hope (1977)"),
    ],
)
def test_search_finds_words_in_any_order_and_near_misses(text: str, first: str) -> None:
    assert labels(INDEX.search(text))[0] == first


def test_search_returns_at_most_n_films_each_once() -> None:
    assert len(INDEX.search("toy", 2)) == 2
    assert INDEX.search("toy", 0) == []
    assert INDEX.search("") == []


@given(st.text(max_size=20), st.integers(0, 20))
def test_any_text_can_be_searched(text: str, n: int) -> None:
    rows = INDEX.search(text, n)
    assert len(rows) == len(set(rows)) <= n
    assert all(0 <= row < len(CATALOG) for row in rows)


@given(st.sampled_from(range(len(FILMS))))
def test_every_label_finds_its_film_or_its_twin(row: int) -> None:
    label = CATALOG.film(row).label
    assert row in INDEX.search(label, 2)
    twins = [other for other, film in enumerate(CATALOG.films()) if film.label == label]
    if len(twins) == 1:
        assert INDEX.find(label) == row


def test_one_film_under_two_ids_is_found_and_two_films_of_one_title_are_not() -> None:
    films = [
        Film("1", "Chasing Amy", 1997, imdb_id="tt0118842"),
        Film("2", "Chasing Amy", 1997, imdb_id="tt0118842"),
        Film("3", "Emma", 1996, imdb_id="tt0116191"),
        Film("4", "Emma", 1996, imdb_id="tt0118308"),
    ]
    index = TitleIndex(Catalog.of(films))
    assert (index.find("chasing amy"), index.find("#2")) == (0, 1)
    assert index.search("chasing") == index.search("chasing amy") == [0]
    assert index.search("emma") == [2, 3]
    with pytest.raises(InputError, match="2 films are called 'emma'"):
        index.find("emma")


def test_the_films_of_a_list_go_by_id_if_all_of_them_are_ids() -> None:
    index = TitleIndex(Catalog.of([Film("300", "Alien"), Film("7", "300"), Film("8", "Up")]))
    find = index.finder(["300", 8])
    assert [find("300"), find(8)] == [0, 2]
    find = index.finder(["300", "Up"])
    assert find("Up") == 2
    with pytest.raises(InputError, match="2 films have the title or id '300'"):
        find("300")
