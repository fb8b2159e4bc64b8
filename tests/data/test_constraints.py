"""What a viewer will not accept."""

from __future__ import annotations

import pytest

from matinee.data import Catalog, Constraints, Film
from matinee.errors import InputError


def offered(*certificates: str) -> list[bool]:
    films = [Film(str(at), "Rage", certificate=each) for at, each in enumerate(certificates)]
    return Constraints(kids=True).allowed(Catalog.of(films)).tolist()  # type: ignore[no-any-return]


def test_children_are_offered_what_asks_for_less_than_twelve_years() -> None:
    assert offered("G", "PG", "TV-Y7", "U", "FSK 6", "GP") == [True] * 6
    assert offered("PG-13", "R", "12A", "TV-14", "FSK 12", "G") == [False] * 5 + [True]


def test_what_tells_no_age_is_not_for_children() -> None:
    assert offered("Approved", "Passed", "Not Rated", "", "G") == [False] * 4 + [True]


def test_without_an_age_there_is_nothing_to_decide_by() -> None:
    with pytest.raises(InputError, match="certificate that tells an age"):
        offered("Approved", "")
