"""Films from a table of their own: which column is the id, and which facts they have."""

from __future__ import annotations

from pathlib import Path

import pytest

from matinee.data.cleaning import Cleaning
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import DataError

HEADER = "userId,movieId,rating,timestamp\n"
DAY = 1_000_000_000
GOOD = f"{HEADER}1,10,4.0,{DAY}\n1,20,3.5,{DAY + 1}\n"


def written(text: str, folder: Path, name: str = "r.csv") -> Path:
    (folder / name).write_text(text)
    return folder / name


FILMS = "adult,id,imdb_id,release_date,title\nFalse,862,tt0114709,1995-10-30,Toy Story\n"


def test_the_films_id_is_the_column_that_has_the_ratings_ids(tmp_path: Path) -> None:
    films = written(FILMS, tmp_path, "f.csv")
    for name, item in (("a.csv", "862"), ("b.csv", "tt0114709")):
        file = written(f"userId,movieId,rating\n1,{item},4\n", tmp_path, name)
        data = read_ratings(file, films=films, cleaning=Cleaning())
        (film,) = data.catalog.films()
        assert (film.id, film.label, film.imdb_id) == (item, "Toy Story (1995)", "tt0114709")


def test_chosen_columns_reach_the_films(tmp_path: Path) -> None:
    films = written("key,what,title\n10,Ten,x\n20,Twenty,y\n", tmp_path, "f.csv")
    choice = {"item": "key", "title": "what"}
    no_column = {"item": "no"}
    with pytest.raises(DataError, match=r"f\.csv has no column 'no' for the item"):
        read_ratings(written(GOOD, tmp_path), films=films, columns=no_column, cleaning=Cleaning())
    data = read_ratings(written(GOOD, tmp_path), films=films, columns=choice, cleaning=Cleaning())
    assert list(data.catalog.titles)[:2] == ["Ten", "Twenty"]


def test_a_table_of_titles_finds_its_films_with_and_without_years(tmp_path: Path) -> None:
    films = written("title,year,genres\nFargo,1996,Crime\n", tmp_path, "f.csv")
    for name, text in (
        ("a.csv", "user,title,year,rating\n1,Fargo,1996,4\n"),
        ("b.csv", "user,title,rating\n1,Fargo,4\n"),
    ):
        data = read_ratings(written(text, tmp_path, name), films=films, cleaning=Cleaning())
        assert [film.genres for film in data.catalog.films()] == [("Crime",)]
