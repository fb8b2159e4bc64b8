"""Exports from Letterboxd."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from matinee.data.cleaning import Cleaning
from matinee.data.exports import OwnRating, read_export
from matinee.errors import DataError

Write = Callable[[str, str | bytes], Path]


def test_an_export_has_ratings_then_films_without_one(fixtures: Path) -> None:
    export = read_export(fixtures / "letterboxd", Cleaning(strict=True))
    assert export.scale == (0.5, 5.0)
    assert export.rows[0] == OwnRating("Toy Story", 1995, value=4.5, time=1_546_387_200)
    assert sum(row.value is not None for row in export.rows) == 25
    seen = [row.title for row in export.rows if row.value is None]
    assert seen == ["Aliens", "Jaws", "Titanic", "Trainspotting"]


def test_the_latest_diary_entry_counts_for_a_film_without_a_rating(fixtures: Path) -> None:
    values = {row.title: row.value for row in read_export(fixtures / "letterboxd").rows}
    assert values["Psycho"] == 4.5
    assert values["Toy Story"] == 4.5


def test_deleted_ratings_and_the_watchlist_are_left_out(fixtures: Path) -> None:
    titles = {row.title for row in read_export(fixtures / "letterboxd").rows}
    assert titles.isdisjoint({"Braveheart", "Vertigo"})


def test_the_file_of_ratings_is_enough(fixtures: Path) -> None:
    export = read_export(fixtures / "letterboxd" / "ratings.csv")
    assert len(export.rows) == 24
    assert all(row.value is not None for row in export.rows)


def test_the_file_of_watched_films_has_no_ratings(fixtures: Path) -> None:
    export = read_export(fixtures / "letterboxd" / "watched.csv")
    assert [row.value for row in export.rows] == [None] * 4


def test_the_file_of_the_watchlist_is_refused(fixtures: Path) -> None:
    with pytest.raises(DataError, match=r"films not seen yet; use ratings\.csv"):
        read_export(fixtures / "letterboxd" / "watchlist.csv")


def test_a_film_without_a_year_is_read(written: Write) -> None:
    table = "Date,Name,Year,Letterboxd URI,Rating\n2019-01-15,Untitled,,x,3\n"
    assert read_export(written("r.csv", table)).rows[0].year is None
