"""Names of people in written lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.people import in_order_of, is_alphabetical, people

NAMES = (
    *("Cher", "50 Cent", '"Weird Al" Yankovic', "will.i.am", "k.d. lang", "Dave (Tex) O'Brien"),
    *("Abbott and Costello", "The Who", "Årne", "Park In-hwan", "Annika With", "Princess Anne"),
)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_people_and_of_groups_stay(name: str) -> None:
    assert people([name]) == (name,)


@pytest.mark.parametrize(
    "piece",
    [
        *("Voices of", "voices of", "(", ")", ".", "?", "&", "and", "with", "The", "et al.", "[a]"),
        *("nominee)", "(narrator)", "Narrated by", "Archive footage of", "Music by", "life in", ""),
        *("and his Orchestra", "Cast:", "Dir.: Olexa Hewryk (", "1972 Summer Olympics"),
        *("stand-up comedy", "Academy Award for Best Actor", "list of Harry Potter cast members"),
        *("Brian Sieve (writer)", "Shaun Cairo (Screenplay)", "Jr.", "Unknown", "the life of"),
    ],
)
def test_pieces_of_the_sentence_around_names_are_no_people(piece: str) -> None:
    assert people([piece]) == ()


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        (["Ed Begley", "Jr.", "Cher"], ("Ed Begley, Jr.", "Cher")),
        (["Meghan", "Duchess of Sussex"], ("Meghan, Duchess of Sussex",)),
        (["Edward Evans", "1st Baron Mountevans"], ("Edward Evans, 1st Baron Mountevans",)),
        (["Paul Burke (actor)", "Katherine MacDonald]]"], ("Paul Burke", "Katherine MacDonald")),
        (["Cher[2]", "Cher"], ("Cher",)),
        (["Dave (Tex) O'Brien (actor)"], ("Dave (Tex) O'Brien",)),
        (["Cher", "and Lauren K. Sokolov"], ("Cher", "Lauren K. Sokolov")),
    ],
)
def test_notes_are_cut_off_and_suffixes_joined(parts: list[str], names: tuple[str, ...]) -> None:
    assert people(parts) == names


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=5))
def test_any_list_gives_trimmed_names_once(parts: list[str]) -> None:
    names = people(parts)
    assert len(set(names)) == len(names)
    assert all(name.strip() == name != "" for name in names)


def test_billing_orders_the_names_of_a_list_and_adds_none() -> None:
    names = ("Ann", "Bob", "José Ferrer", "Zoe")
    assert is_alphabetical(names)
    assert in_order_of(names, ["Zoe", "Jose Ferrer", "Cher", "Zoe"]) == (
        *("Zoe", "José Ferrer", "Ann", "Bob"),
    )
    assert not is_alphabetical(("Zoe", "Ann"))


@pytest.mark.parametrize("note", ["playboy", "historian", "booker", "displayed", "bookmaker"])
def test_a_note_is_no_work_of_the_crew_by_a_part_of_a_word(note: str) -> None:
    assert people([f"Ann Lee ({note})"]) == ("Ann Lee",)


@pytest.mark.parametrize(
    "note", ["Co-director", "executive producer", "screenwriter", "novel", "written by", "Story"]
)
def test_a_note_of_the_crew_leaves_its_name_out(note: str) -> None:
    assert people([f"Ann Lee ({note})"]) == ()
