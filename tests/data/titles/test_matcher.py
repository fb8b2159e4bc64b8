"""Matching films between catalogues: keys, and what the passes have in common.

The passes themselves are held by the tests of exports, enriching and merging.
"""

from __future__ import annotations

import pytest

from matinee.data import Catalog, Film
from matinee.data.titles.matcher import FilmKey, FilmMatcher, MatchedBy

FILMS = [
    FilmKey(("Rage",), 1995, "tt1"),
    FilmKey(("The Rage",), 1995),
    FilmKey(("Emma",), 1996),
    FilmKey(("Emma: A Story",), 1996, tmdb_id="7"),
    FilmKey(("Rage (Emma)",), 1996),
]
MATCHER = FilmMatcher(FILMS)


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
def test_only_an_id_that_both_films_have_can_contradict(
    one: tuple[str, str], other: tuple[str, str], *, apart: bool
) -> None:
    assert FilmKey(("Rage",), 1995, *one).contradicts(FilmKey(("Rage",), 1995, *other)) is apart


def test_the_keys_of_a_catalogue_are_those_of_its_films() -> None:
    films = [Film("a", "Rage", 1995, imdb_id="tt1", tmdb_id="5"), Film("b", "Emma")]
    assert FilmKey.of_catalog(Catalog.of(films)) == list(map(FilmKey.of, films))


@pytest.mark.parametrize(
    ("titles", "year", "same"),
    [
        (("RAGE!",), 1995, True),
        (("Zorn", "Rage"), 1995, True),
        (("Rage",), 1996, False),
        (("Rage",), None, False),
        (("The Rage",), 1995, False),
    ],
)
def test_films_have_the_same_title_in_the_same_year(
    titles: tuple[str, ...], year: int | None, *, same: bool
) -> None:
    assert FILMS[0].same_title(FilmKey(titles, year)) is same
    assert FilmKey(titles).same_title(FilmKey(titles))


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        (FilmKey(("Rage",), 1995), [0]),
        (FilmKey(("La Rage",), 1995), [0, 1]),
        (FilmKey(("Rage",), 1995, "tt2"), [1]),
        (FilmKey(("Emma",), 1996), [2]),
        (FilmKey(("Rage",), None), []),
    ],
    ids=["equal", "loosely equal", "loosely, against the id of the equal one", "whole", "no year"],
)
def test_a_stricter_spelling_goes_first(key: FilmKey, rows: list[int]) -> None:
    assert MATCHER.in_year(key) == rows


def test_a_match_leaves_out_rows_taken_and_films_to_skip() -> None:
    wanted = [FilmKey(("Rage",), 1995), FilmKey(("Emma",), 1996), FilmKey(("Emma",), 1997)]
    assert MATCHER.match_titles(wanted).found == {0: 0, 1: 2, 2: 4}
    matches = MATCHER.match_titles(wanted, taken=[2, 4], skip=[0])
    assert (matches.found, matches.ambiguous) == ({1: 3}, {})
    assert matches.by == {MatchedBy.PART: 1}
