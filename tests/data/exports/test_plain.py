"""Plain tables of ratings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.data.exports.conftest import Write

from matinee.data.cleaning import Cleaning
from matinee.data.exports import OwnRating, read_export
from matinee.errors import DataError, OptionError

TMDB = (
    "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,"
    "Date Rated\n"
)


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
        ("title,year,rating\nNull,1979,NaN\n", OwnRating("Null", 1979, value=None)),
        # The viewer's own rating, not everybody's.
        ("title,rating,userRating\nAlien,8.3,2\n", OwnRating("Alien", value=2)),
        ("Title,Score,My Score\nAlien,8.3,2\n", OwnRating("Alien", value=2)),
        (
            f"{TMDB}348,tt0078748,movie,Alien,1979-05-25T00:00:00Z,,,8.1,2.0,2019-01-15T00:00:00Z\n",
            OwnRating("Alien", 1979, "tt0078748", "348", value=2, time=1_547_510_400),
        ),
        (
            "movie|stars|watched at\nAlien (1979)|5|2019-01-15\n",
            OwnRating("Alien", 1979, value=5, time=1_547_510_400),
        ),
        (
            "title,rating,date\nAlien,5,1547510400000\n",
            OwnRating("Alien", value=5, time=1_547_510_400),
        ),
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


def test_what_numbers_of_times_are_is_said(written: Write) -> None:
    path = written("mine.csv", "title,rating,date\nAlien,5,20190115\nJaws,4,20190116\n")
    cleaning = Cleaning()
    assert read_export(path, cleaning).rows[1].time == 1_547_596_800
    assert "times are numbers taken for days as 20190131" in str(cleaning.findings[0])
    assert [row.time for row in read_export(path, times="none").rows] == [0, 0]


@pytest.mark.parametrize(
    "content",
    [
        '[{"title": "Alien", "year": 1979, "rating": 4.5}, {"title": "Jaws", "rating": null}]',
        '{"title": "Alien", "year": 1979, "rating": 4.5}\n{"title": "Jaws", "rating": null}\n',
        '[{"film": "Alien", "year": "1979.0", "stars": "4,5", "tags": [1]}, {"film": "Jaws"}]',
    ],
)
def test_json_objects_are_a_table(written: Write, content: str) -> None:
    assert rows(written("mine.json", content)) == (
        OwnRating("Alien", 1979, value=4.5),
        OwnRating("Jaws"),
    )


def test_a_json_list_in_a_list_is_a_malformed_row(written: Write) -> None:
    cleaning = Cleaning()
    path = written("mine.json", '[{"title": "Alien", "rating": 4},\n["Jaws", 4]]')
    assert len(read_export(path, cleaning).rows) == 1
    assert cleaning.findings[0].examples == (f"{path}, line 2: not a JSON object",)


@pytest.mark.parametrize(
    "content",
    ['[{"title": "Alien", "rating": 4}', '[{"title": "Alien", "rating": 4}] x', '[{"title": "A'],
)
def test_broken_json_is_refused_with_its_line(written: Write, content: str) -> None:
    with pytest.raises(DataError, match=r"line 1: not JSON|not an export of a known format"):
        read_export(written("mine.json", content))


def test_series_and_games_are_no_films(written: Write) -> None:
    table = (
        "Title,Type,Year,LastEpWatched,Rating,TMDB\n"
        "Breaking Bad,tv,2008,s5e16,10,1396\n"
        "Death Note,anime,2006,e37,9,\n"
        "Portal,game,2007,,9,\n"
        "Spirited Away,anime,2001,,10,129\n"
        "Alien,MOVIE,1979,,8,348\n"
    )
    export = read_export(written("simkl.csv", table), Cleaning(strict=True))
    assert [row.title for row in export.rows] == ["Spirited Away", "Alien"]
    assert export.others == ("Breaking Bad (2008)", "Death Note (2006)", "Portal (2007)")


def test_a_film_that_is_only_planned_was_not_seen(written: Write) -> None:
    table = "title,rating,status\nAlien,,Plan to Watch\nJaws,,dropped\nHeat,8,plantowatch\n"
    assert [row.title for row in rows(written("mine.csv", table))] == ["Jaws", "Heat"]


def test_the_header_states_the_scale(written: Write) -> None:
    export = read_export(written("mine.csv", "title,Rating (1-10)\nAlien,5\n"))
    assert export.unit == (1.0, 10.0)
    export = read_export(written("letterboxd-import.csv", "Title,Year,Rating10\nAlien,1979,5\n"))
    assert (export.unit, export.rows[0].value) == ((None, 10.0), 5)


def test_columns_can_be_chosen_and_two_that_fit_are_refused(written: Write) -> None:
    path = written("mine.csv", "title,rating_x,rating_y,what\nAlien,4,2,1\n")
    with pytest.raises(DataError, match=r"'rating_x' and 'rating_y' .* name it with --column rat"):
        read_export(path)
    assert read_export(path, columns={"rating": "rating_y"}).rows[0].value == 2
    assert read_export(path, columns={"rating": "what"}).rows[0].value == 1
    with pytest.raises(DataError, match=r"no column 'which' for the rating; it has 'title', "):
        read_export(path, columns={"rating": "which"})
    with pytest.raises(OptionError, match="unknown kind of column 'mark'"):
        read_export(path, columns={"mark": "what"})


def test_other_tables_of_a_folder_are_left_out(written: Write) -> None:
    written("tags.csv", "movieId,tag,date,time\n1,fun,today,now\n")
    written("other.csv", "title,rating_x,rating_y\nJaws,1,2\n")
    path = written("mine.csv", "title,rating\nAlien,4\n")
    cleaning = Cleaning()
    assert [row.title for row in read_export(path.parent, cleaning).rows] == ["Alien"]
    (finding,) = cleaning.findings
    assert finding.kind == "tables with unknown columns, left out"
    assert "'rating_x' and 'rating_y'" in finding.examples[0]


def test_json_can_be_one_long_line(written: Write) -> None:
    films = [{"title": "Alien", "rating": 4}, {"title": "Jaws", "notes": "x" * (17 << 20)}]
    read = rows(written("mine.json", json.dumps(films)))
    assert read == (OwnRating("Alien", value=4), OwnRating("Jaws"))
