"""Films of an export matched to a catalogue."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matinee.data import Catalog, Dataset, Film, sources
from matinee.data.exports import Export, OwnRating, read_export
from matinee.data.exports.match_report import MatchReport
from matinee.data.exports.matching import Matched, match
from matinee.data.fetching.cache import Cache

FILMS = Catalog.of(
    [
        Film("1", "Alien", 1979, imdb_id="tt0078748", tmdb_id="348"),
        Film("2", "Emma", 1996),
        Film("3", "The Rage", 1995),
        Film("4", "The Rage", 1995),
        Film("5", "Hamlet", 1996),
        Film("6", "Hamlet", 1990),
        Film("7", "Seven (Se7en)", 1995, imdb_id="tt0114369"),
        Film("8", "Nobody Knows When"),
        Film("9", "Star Wars: Episode IV - A New Hope", 1977),
    ]
)
EXPORTS = Path(__file__).parent / "fixtures"


def matched(
    *rows: OwnRating,
    scale: tuple[float, float] | None = (1.0, 5.0),
    to_scale: tuple[float, float] = (1.0, 5.0),
) -> tuple[Matched, MatchReport]:
    return match(Export("test", rows, scale), FILMS, to_scale)


@pytest.mark.parametrize(
    ("own", "film", "how"),
    [
        (OwnRating("other words", 2001, imdb_id="tt0078748", value=4), "1", "by IMDb id"),
        (OwnRating("", tmdb_id="348", value=4), "1", "by TMDB id"),
        (OwnRating("Rage, The", 1995, movielens_id="4", value=4), "4", "by film id and title"),
        (OwnRating("", movielens_id="4", value=4), "4", "by film id alone"),
        (OwnRating("Hamlet", 1990, value=4), "6", "by title and year"),
        (OwnRating("Se7en", 1995, value=4), "7", "by title and year"),
        (OwnRating("Sieben", 1995, original_title="Se7en", value=4), "7", "by title and year"),
        (OwnRating("Emma", 1997, value=4), "2", "by title, one year off"),
        (OwnRating("Star Wars", 1977, value=4), "9", "by a part of the title, same year"),
        (OwnRating("Emma", value=4), "2", "by title, without a year"),
        (OwnRating("Nobody knows when", 1977, value=4), "8", "by title, without a year"),
    ],
)
def test_a_film_is_matched_and_the_report_names_the_way(
    own: OwnRating, film: str, how: str
) -> None:
    found, report = matched(own)
    assert [FILMS.film(row).id for row in found.rows] == [film]
    assert report.by == ((how, 1),)


@pytest.mark.parametrize(
    ("own", "candidates"),
    [
        (OwnRating("The Rage", 1995, value=4), ("The Rage (1995) #3", "The Rage (1995) #4")),
        (OwnRating("The Rage", 1994, value=4), ("The Rage (1995) #3", "The Rage (1995) #4")),
        (OwnRating("Hamlet", value=4), ("Hamlet (1996) #5", "Hamlet (1990) #6")),
    ],
)
def test_two_candidates_are_ambiguous(own: OwnRating, candidates: tuple[str, ...]) -> None:
    found, report = matched(own)
    assert len(found.rows) == 0
    assert report.ambiguous == (f"{own.label} could be {' or '.join(candidates)}",)
    assert len(found.seen) == len(candidates)


@pytest.mark.parametrize(
    ("own", "nearest"),
    [
        (OwnRating("Parasite", 2019, value=4), ""),
        (OwnRating("Emmaa", 1996, value=4), "Emma (1996) #2"),
        (OwnRating("Emma", 1999, value=4), "Emma (1996) #2"),
        (OwnRating("Alien", 1979, imdb_id="tt9999999", value=4), "Alien (1979) #1"),
        (OwnRating("Vertigo", 1958, movielens_id="1", value=4), ""),
    ],
)
def test_a_similar_spelling_is_only_suggested(own: OwnRating, nearest: str) -> None:
    found, report = matched(own)
    assert len(found.rows) == len(found.seen) == 0
    assert report.missing == (own.label + (f" (nearest: {nearest})" if nearest else ""),)


def test_the_latest_of_several_ratings_counts_and_the_oldest_film_is_first() -> None:
    found, report = matched(
        OwnRating("Emma", 1996, value=5, time=30),
        OwnRating("Alien", 1979, value=4, time=20),
        OwnRating("Emma", 1996, value=1, time=10),
        OwnRating("Hamlet", 1990, value=2, time=20),
        OwnRating("", tmdb_id="348", value=3, time=20),
    )
    assert found.rows.tolist() == [5, 0, 1]
    assert found.values.tolist() == [2.0, 3.0, 5.0]
    assert found.times.tolist() == [20, 20, 30]
    assert report.repeated == 2


def test_a_film_without_a_rating_is_seen_unless_another_row_rates_it() -> None:
    found, report = matched(
        OwnRating("Emma", 1996), OwnRating("Alien", 1979), OwnRating("Emma", 1996, value=3)
    )
    assert (found.rows.tolist(), found.seen.tolist()) == ([1], [0])
    assert (report.rated, report.seen) == (1, 1)


@pytest.mark.parametrize(
    ("scale", "value", "to_scale", "expected"),
    [
        ((0.5, 5.0), 0.5, (1.0, 5.0), 1.0),
        ((0.5, 5.0), 2.75, (1.0, 5.0), 3.0),
        ((1.0, 10.0), 10.0, (0.5, 5.0), 5.0),
        ((1.0, 10.0), 5.5, (0.5, 5.0), 2.75),
        ((0.5, 5.0), 3.5, (0.5, 5.0), 3.5),
    ],
)
def test_ratings_are_rescaled_linearly(
    scale: tuple[float, float], value: float, to_scale: tuple[float, float], expected: float
) -> None:
    found, report = matched(OwnRating("Emma", 1996, value=value), scale=scale, to_scale=to_scale)
    assert found.values.dtype == np.float32
    assert found.values.tolist() == pytest.approx([expected])
    assert (report.from_scale, report.scale_guessed) == (scale, False)


def test_the_report_reads_as_sentences() -> None:
    rows = (
        OwnRating("Alien", 1979, value=5),
        OwnRating("Emma", 1997, value=0),
        OwnRating("The Rage", 1995, value=2),
        OwnRating("Hamlett", 1991, value=2),
        OwnRating("", movielens_id="5", value=3),
        OwnRating("Breaking Bad", 2008, tmdb_id="348", value=5, is_film=False),
    )
    _, report = match(Export.of("test", rows, (0.5, 5.0)), FILMS, (1.0, 5.0))
    assert str(report) == (
        "test: 3 of 5 films found among 9: 1 by film id alone, 1 by title and year, "
        "1 by title, one year off\n"
        "2 ratings imported; 1 film seen without a rating will not be recommended\n"
        "ratings rescaled linearly from 0.5-5 to 1-5\n"
        '1 rating taken as "not rated"\n'
        "film ids without a title cannot be checked: they are right only if the ratings are of "
        "this very data set\n"
        "1 ambiguous, left out and not recommended: The Rage (1995) could be "
        "The Rage (1995) #3 or The Rage (1995) #4\n"
        "1 series, episodes or games left out: Breaking Bad (2008)\n"
        "1 not found: Hamlett (1991) (nearest: Hamlet (1996) #5)"
    )


def test_a_guessed_scale_and_ratings_off_it_are_said() -> None:
    rows = [OwnRating("Emma", 1996, value=4) for _ in range(20)]
    off = OwnRating("Emma", 1996, value=12, place="r.csv, line 9")
    _, report = matched(*rows, off)
    assert "1 left out, not on the scale: r.csv, line 9: Emma (1996) is rated 12" in report.lines
    _, report = matched(*rows, scale=None)
    assert "the data set, 1-5 (by the ratings; --scale says another)" in str(report)


def test_a_long_list_names_ten_films_and_counts_the_rest() -> None:
    _, report = matched(*(OwnRating(f"X{each} {each}", 2000, value=3) for each in range(12)))
    assert report.lines[-1].startswith("12 not found: ")
    assert report.lines[-1].endswith("; and 2 more")


@pytest.fixture(scope="module")
def ml_100k(mirror: Path, film_table: Path) -> Dataset:
    return sources.load("ml-100k", Cache(film_table.parents[1], mirror))


def test_a_letterboxd_export_is_matched_to_ml_100k(ml_100k: Dataset) -> None:
    export = read_export(EXPORTS / "letterboxd")
    found, report = match(export, ml_100k.catalog, ml_100k.interactions.scale)
    assert report.by == (("by title and year", 23), ("by title, one year off", 1))
    assert report.ambiguous == ()  # Chasing Amy is one film of two ids
    assert report.missing == (
        *("Parasite (2019)", "Spirited Away (2001)", "Amélie (2001)"),
        "Casablanka (1942) (nearest: Casablanca (1942) #483)",
        "The Postman (1994) (nearest: The Postman (1997) #898)",
    )
    of = dict(zip(ml_100k.catalog.item_ids.ids[found.rows].tolist(), found.values, strict=True))
    assert of["50"] == pytest.approx(1 + 3.5 / 4.5 * 4)  # Star Wars, 4 of 5
    assert of["474"] == pytest.approx(5)  # Dr. Strangelove, of 1963 in this catalogue
    assert of["121"] == pytest.approx(1)  # Independence Day, 0.5 of 5


def test_imdb_ratings_with_titles_in_another_language_are_matched_to_ml_100k(
    ml_100k: Dataset,
) -> None:
    export = read_export(EXPORTS / "imdb.csv")
    found, report = match(export, ml_100k.catalog, ml_100k.interactions.scale)
    assert report.by == (("by IMDb id", 15),)
    assert report.ambiguous == ()
    assert report.missing == ("Parasite (2019)",)
    assert report.others == ("Fargo (2014)",)
    assert report.rated == len(found.rows) == 15
