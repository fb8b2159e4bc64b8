"""Series by titles."""

from __future__ import annotations

import pytest

from matinee.content.series import same_series, series_name
from matinee.data import Film


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Star Wars: Episode IV - A New Hope", "star wars"),
        ("Harry Potter and the Chamber of Secrets", "harry potter"),
        ("The Godfather: Part II", "godfather"),
        ("Back to the Future Part III", "back to the future"),
        ("The Naked Gun 2 1/2: The Smell of Fear", "naked gun"),
        ("Alien\u00b3 (a.k.a. Alien 3)", "alien"),
        ("The Karate Kid, Part II", "karate kid"),
        ("Ghost and the Darkness", "ghost and the darkness"),
        ("Apollo 13", "apollo 13"),
        ("2001: A Space Odyssey", "2001"),
        ("", ""),
    ],
)
def test_the_name_of_a_series_is_the_title_without_the_part(title: str, name: str) -> None:
    assert series_name(title) == name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Toy Story", "Toy Story 2", True),
        ("Psycho", "Psycho", False),  # a remake
        ("Heat", "The Heat", False),
        ("M", "M: Ghosts", False),
        ("Ghost", "The Ghost and the Darkness", False),
        ("Alien", "Blade Runner", False),
        ("Star Trek: Generations", "Star Trek", True),
    ],
)
def test_parts_share_a_name_and_not_the_title(one: str, other: str, *, same: bool) -> None:
    films = Film("1", one, 1990), Film("2", other, 2000)
    assert same_series(*films) is same
    assert same_series(*films[::-1]) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            Film("1", "Alien", 1979, cast=("Sigourney Weaver",)),
            Film("2", "Alien: Resurrection", 1997, cast=("Winona Ryder", "Sigourney Weaver")),
            True,
        ),
        (
            Film("1", "Hamlet", 2000, directors=("Almereyda",)),
            Film("2", "Hamlet 2", 2008, directors=("Fleming",)),
            False,
        ),
        (
            Film("1", "House", 1986, directors=("Steve Miner",)),
            Film("2", "House II: The Second Story", 1987, directors=("Ethan Wiley",)),
            False,  # a series all the same: nobody in common says so
        ),
        (Film("1", "Speed", 1994), Film("2", "Speed 2", 1997), True),
        (Film("1", "Speed", 1994, cast=("Reeves",)), Film("2", "Speed 2", 1997), True),
        (Film("1", "The Game", 1997), Film("2", "Game 6", 2005), False),
        (Film("1", "Solo", 1996), Film("2", "Solo: A Star Wars Story", 1998), False),
        (Film("1", "Speed"), Film("2", "Speed 2", 1997), False),
    ],
)
def test_one_word_in_common_needs_a_second_sign(one: Film, other: Film, *, same: bool) -> None:
    assert same_series(one, other) is same
    assert same_series(other, one) is same
