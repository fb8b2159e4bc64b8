"""Ratings from IMDb."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.data.exports.conftest import Write

from matinee.data.cleaning import Cleaning
from matinee.data.exports import OwnRating, read_export


def test_a_title_has_its_id_and_both_titles(fixtures: Path) -> None:
    export = read_export(fixtures / "imdb.csv", Cleaning(strict=True))
    assert export.scale == (1.0, 10.0)
    assert (len(export.rows), export.others) == (16, ("Fargo (2014)",))
    assert export.rows[2] == OwnRating(
        "Krieg der Sterne",
        1977,
        imdb_id="tt0076759",
        value=8,
        time=1_588_291_200,
        original_title="Star Wars",
    )


def test_columns_can_be_in_any_order_and_others_missing(written: Write) -> None:
    path = written("r.csv", "Your Rating,Const\n7,tt0078748\n")
    assert read_export(path).rows == (OwnRating("", imdb_id="tt0078748", value=7),)


def test_titles_of_a_watchlist_without_a_rating_are_left_out(written: Write) -> None:
    table = (
        "Position,Const,Title,Year,Your Rating\n1,tt0078748,Alien,1979,\n2,tt0073195,Jaws,1975,8\n"
    )
    rows = read_export(written("watchlist.csv", table), Cleaning(strict=True)).rows
    assert [row.title for row in rows] == ["Jaws"]


@pytest.mark.parametrize(
    "kind", ["TV Series", "tvEpisode", "TV Mini Series", "Video Game", "Serie", "TV-Folge"]
)
def test_series_and_games_are_no_films(written: Write, kind: str) -> None:
    table = f"Const,Your Rating,Title,Title Type\ntt0903747,10,Breaking Bad,{kind}\n"
    films = "".join(
        f"tt{at + 1:07},8,Film {at},{each}\n"
        for at, each in enumerate(("Movie", "tvMovie", "TV Special", "Fernsehfilm", "Video", ""))
    )
    export = read_export(written("r.csv", table + films), Cleaning(strict=True))
    assert export.others == ("Breaking Bad",)
    assert len(export.rows) == 6
