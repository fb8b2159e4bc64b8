"""Lists of films: lines of ids and titles, and tables."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from matinee.data import Catalog, Film
from matinee.data.tables.film_list import read_film_list
from matinee.data.titles.index import TitleIndex
from matinee.errors import DataError

TITLES = TitleIndex(
    Catalog.of(
        [
            Film("10", "Toy Story", 1995),
            Film("20", "Emma", 1996),
            Film("30", "Emma", 1972),
            Film("40", "Lock, Stock and Two Smoking Barrels", 1998),
            Film("50", "10", 1979),
            Film("60", "The Godfather", 1972),
        ]
    )
)


def rows(path: Path, text: str) -> list[int]:
    path.write_text(text)
    return read_film_list(path, TITLES).tolist()


def test_ids_and_titles_a_line_in_the_order_of_the_file(tmp_path: Path) -> None:
    lines = "\n60\nToy Story\nEmma (1972)\nGodfather, The\n Lock, Stock and Two Smoking Barrels\n\n"
    assert rows(tmp_path / "films.txt", lines) == [5, 0, 2, 3]


def test_among_ids_a_number_is_an_id_and_elsewhere_it_has_two_meanings(tmp_path: Path) -> None:
    assert rows(tmp_path / "films.txt", "10\n20\n") == [0, 1]
    assert rows(tmp_path / "films.txt", "#10\n10 (1979)\n") == [0, 4]
    with pytest.raises(DataError, match="line 2: 2 films have the title or id '10'"):
        rows(tmp_path / "films.txt", "Emma (1996)\n10\n")


@pytest.mark.parametrize("header", ["movieId", "title", "item_id"])
def test_a_header_above_one_column_is_passed_over(tmp_path: Path, header: str) -> None:
    assert rows(tmp_path / "films.csv", f"{header}\n20\n") == [1]


def test_a_table_has_the_films_in_one_of_its_columns(tmp_path: Path) -> None:
    assert rows(tmp_path / "a.csv", "user,movie_id,rating\n1,20,4\n2,20,3\n1,60,5\n") == [1, 5]
    assert rows(tmp_path / "b.tsv", "genre\ttitle\nx\tToy Story\n") == [0]
    assert rows(tmp_path / "c.csv", "title,year\nEmma,1972\n") == [2]
    pl.DataFrame({"item_id": [40, 10]}).write_parquet(tmp_path / "d.parquet")
    assert read_film_list(tmp_path / "d.parquet", TITLES).tolist() == [3, 0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("20\nToy Stroy\n", r"films\.csv, line 2: unknown film 'Toy Stroy'; did you mean"),
        ("Emma\n", r"line 1: 2 films are called 'Emma': .*; add the year in brackets"),
        ("nothing like it\n10\n", "line 1: unknown film 'nothing like it'"),
        ("10,4\n20,3\n", "line 1: unknown film '10,4'"),
        ("movie_id,x\n20,1\n99,1\n", "line 3: unknown film '99'"),
        ("movie_id,x\n,1\n", "line 2: no film"),
        ("", r"films\.csv lists no film; write one id or title a line"),
        ("movie_id\n", "lists no film"),
    ],
)
def test_what_is_no_list_of_films_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        rows(tmp_path / "films.csv", text)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no file"):
        read_film_list(tmp_path / "none.txt", TITLES)
    with pytest.raises(DataError, match="cannot be read"):
        read_film_list(tmp_path, TITLES)
