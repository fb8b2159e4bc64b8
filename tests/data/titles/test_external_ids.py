"""When ids tell two films apart."""

from __future__ import annotations

import pytest

from matinee.data import Film
from matinee.data.titles.external_ids import ExternalIds, contradict


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (("tt1", ""), ("tt2", ""), True),
        (("tt1", "5"), ("tt1", "6"), True),
        (("tt1", "5"), ("tt1", "5"), False),
        (("tt1", ""), ("", "5"), False),
        (("", ""), ("", ""), False),
    ],
)
def test_only_ids_that_both_have_can_contradict(
    one: tuple[str, str], other: tuple[str, str], *, apart: bool
) -> None:
    assert contradict(ExternalIds(*one), ExternalIds(*other)) is apart
    film = Film(id="1", title="Rage", imdb_id=one[0], tmdb_id=one[1])
    assert contradict(film, ExternalIds(*other)) is apart
