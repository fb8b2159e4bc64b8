"""Plain tables of ratings."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.data.exports.conftest import Write

from matinee.data.cleaning import Cleaning
from matinee.data.exports import OwnRating, read_export
from matinee.errors import DataError


def rows(path: Path) -> tuple[OwnRating, ...]:
    return read_export(path, Cleaning(strict=True)).rows


def test_a_movielens_table_has_film_ids_and_times(written: Write) -> None:
    table = "userId,movieId,rating,timestamp\n7,50,4.5,880000000\n7,1,3.0,880000001\n"
    assert rows(written("ratings.csv", table)) == (
        OwnRating("", movielens_id="50", value=4.5, time=880_000_000),
        OwnRating("", movielens_id="1", value=3.0, time=880_000_001),
    )


def test_the_tables_beside_it_add_titles_and_ids(written: Write) -> None:
    written("movies.csv", 'movieId,title,genres\n50,"Usual Suspects, The (1995)",Crime\n')
    written("links.csv", "movieId,imdbId,tmdbId\n50,0114814,629\n")
    path = written("ratings.csv", "userId,movieId,rating,timestamp\n7,50,4.5,880000000\n")
    assert rows(path.parent) == (
        OwnRating(
            "Usual Suspects, The", 1995, "tt0114814", "629", "50", value=4.5, time=880_000_000
        ),
    )


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("title,year,rating\nAlien,1979,5\n", OwnRating("Alien", 1979, value=5)),
        ("Title,Rating\nAlien (1979),5\n", OwnRating("Alien", 1979, value=5)),
        ("Film;Year;My rating\nAlien;1979;4,5\n", OwnRating("Alien", 1979, value=4.5)),
        (
            "movie_id,imdb_id,tmdb_id,rating,average_rating,title\n1214,tt0078748,348,5,4.1,Alien\n",
            OwnRating("Alien", None, "tt0078748", "348", "1214", 5),
        ),
        ("IMDb ID,Rating\n78748,5\n", OwnRating("", imdb_id="tt0078748", value=5)),
        ("title,year,rating\nAlien,1979,\n", OwnRating("Alien", 1979, value=None)),
    ],
)
def test_columns_are_found_by_their_names(written: Write, table: str, expected: OwnRating) -> None:
    path = written("mine.csv", table)
    assert rows(path) == (expected,)
    assert read_export(path).scale is None


def test_ratings_of_two_viewers_are_refused(written: Write) -> None:
    table = "userId,movieId,rating,timestamp\n7,50,4.5,880000000\n8,1,3.0,880000001\n"
    with pytest.raises(DataError, match="line 3: ratings of a second viewer, '8'"):
        read_export(written("ratings.csv", table))
