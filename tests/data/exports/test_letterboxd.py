"""Exports from Letterboxd."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.data.exports.conftest import Write

from matinee.data.cleaning import Cleaning
from matinee.data.exports import OwnRating, read_export
from matinee.errors import DataError


def test_an_export_has_ratings_then_films_without_one(fixtures: Path) -> None:
    export = read_export(fixtures / "letterboxd", Cleaning(strict=True))
    assert export.scale == (0.5, 5.0)
    assert export.rows[0] == OwnRating(
        "Toy Story", 1995, value=4.5, time=1_546_387_200, page="https://boxd.it/0001"
    )
    assert sum(row.value is not None for row in export.rows) == 25
    seen = [row.title for row in export.rows if row.value is None]
    assert seen == ["Aliens", "Jaws", "Titanic", "Trainspotting"]


def test_the_latest_diary_entry_counts_and_deleted_ratings_do_not(fixtures: Path) -> None:
    values = {row.title: row.value for row in read_export(fixtures / "letterboxd").rows}
    assert values["Psycho"] == values["Toy Story"] == 4.5
    assert values.keys().isdisjoint({"Braveheart", "Vertigo"})  # the second from the watchlist


def test_one_file_is_enough_but_for_the_watchlist(fixtures: Path) -> None:
    rated = read_export(fixtures / "letterboxd" / "ratings.csv").rows
    assert len([row for row in rated if row.value is not None]) == len(rated) == 24
    watched = read_export(fixtures / "letterboxd" / "watched.csv").rows
    assert [row.value for row in watched] == [None] * 4
    with pytest.raises(DataError, match=r"films not seen yet; use ratings\.csv"):
        read_export(fixtures / "letterboxd" / "watchlist.csv")


def test_a_film_without_a_year_is_read(written: Write) -> None:
    table = "Date,Name,Year,Letterboxd URI,Rating\n2019-01-15,Untitled,,x,3\n"
    assert read_export(written("r.csv", table)).rows[0].year is None
