"""Matching films between catalogues."""

from __future__ import annotations

import pytest

from matinee.data import Catalog, Film
from matinee.data.titles.matcher import FilmKey, FilmMatcher, MatchedBy

EXACT, PART, NEAR = MatchedBy.TITLE, MatchedBy.PART, MatchedBy.NEAR_YEAR


def key(title: str, year: int | None = 1995, imdb_id: str = "", tmdb_id: str = "") -> FilmKey:
    return FilmKey((title,), year, imdb_id, tmdb_id)


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
    assert key("Rage", 1995, *one).contradicts(key("Rage", 1995, *other)) is apart


def test_the_keys_of_a_catalogue_are_those_of_its_films() -> None:
    films = [Film("a", "Rage", 1995, imdb_id="tt1", tmdb_id="5"), Film("b", "Emma")]
    assert FilmKey.of_catalog(Catalog.of(films)) == list(map(FilmKey.of, films))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (key("RAGE!"), True),
        (FilmKey(("Zorn", "Rage"), 1995), True),
        (key("Rage", 1996), False),
        (key("Rage", None), False),
        (key("The Rage"), False),
    ],
)
def test_films_have_the_same_title_in_the_same_year(other: FilmKey, *, same: bool) -> None:
    assert key("Rage").same_title(other) is same
    assert other.same_title(other)


@pytest.mark.parametrize(
    ("title", "other", "by"),
    [
        ("The Postman", "Postman, The", EXACT),
        ("Seven (Se7en)", "Se7en", EXACT),
        ("The City of Lost (La Cité des enfants perdus)", "CITE DES ENFANTS PERDUS", EXACT),
        ("Three Colors: Blue", "Three Colours: Blue", EXACT),
        ("Night Flier", "The Night Flier", EXACT),
        ("Star Wars", "Star Wars: Episode IV \u2013 A New Hope", PART),
        ("The Empire Strikes Back", "Star Wars: Episode V \u2013 The Empire Strikes Back", PART),
        ("Kids in the Hall: Brain Candy", "Brain Candy", PART),
    ],
)
def test_a_title_is_matched_in_the_same_year(title: str, other: str, by: MatchedBy) -> None:
    matches = FilmMatcher([key(other)]).match_titles([key(title), key(title, None)])
    assert (matches.rows, matches.by) == ({0: 0}, {by: 1})
    assert FilmMatcher([key(other, 1990)]).match_titles([key(title)]).rows == {}


@pytest.mark.parametrize(
    ("title", "year", "found"),
    [
        ("Rage", 1994, {0: 0}),
        ("Rage", 1996, {0: 0}),
        ("Rage", 1997, {}),
        ("Rage", None, {}),
        ("The Rage", 1996, {}),
        ("Rage", 1993, {}),
    ],
)
def test_an_equal_title_is_matched_one_year_off(
    title: str, year: int | None, found: dict[int, int]
) -> None:
    assert FilmMatcher([key("Rage", 1995)]).match_titles([key(title, year)]).rows == found


@pytest.mark.parametrize(
    ("films", "found"),
    [
        ([key("The Rage"), key("Rage")], {0: 1}),
        ([key("The Rage"), key("Rage", 1995, "tt2")], {0: 0}),
        ([key("Rage (Zorn)"), key("Rage")], {0: 1}),
        ([key("Rage: Part I"), key("La Rage")], {0: 1}),
        ([key("Rage", 1996), key("Rage: Part I")], {0: 1}),
    ],
    ids=["equal", "loose, if the equal one is another film", "whole", "title", "same year"],
)
def test_the_surest_candidate_is_the_match(films: list[FilmKey], found: dict[int, int]) -> None:
    assert FilmMatcher(films).match_titles([key("Rage", 1995, "tt1")]).rows == found


@pytest.mark.parametrize(
    ("films", "keys", "found", "ambiguous"),
    [
        ((1995, 1995), (1995,), {}, {0: [0, 1]}),
        ((1994, 1996), (1995,), {}, {0: [0, 1]}),
        ((1995,), (1994, 1996), {}, {0: [0], 1: [0]}),
        ((1995,), (1994, 1995, 1995), {1: 0, 2: 0}, {}),
    ],
    ids=["one year", "years around", "between two years", "in its year, then near it"],
)
def test_several_candidates_are_ambiguous(
    films: list[int], keys: list[int], found: dict[int, int], ambiguous: dict[int, list[int]]
) -> None:
    matcher = FilmMatcher([key("Rage", year) for year in films])
    matches = matcher.match_titles([key("Rage", year) for year in keys])
    assert (matches.rows, matches.ambiguous) == (found, ambiguous)


def test_excluded_rows_are_no_candidates_and_skipped_films_have_no_match() -> None:
    matcher = FilmMatcher([key("Rage"), key("Emma"), key("Emma: A Story")])
    matches = matcher.match_titles([key("Rage"), key("Emma")], exclude=[1], skip=[0])
    assert (matches.rows, matches.by) == ({1: 2}, {PART: 1})
