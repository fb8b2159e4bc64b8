"""Ratings of a viewer written to a file."""

from __future__ import annotations

import io
import json
import tempfile
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.data.cleaning import Cleaning
from matinee.data.exports import FORMATS, RatedFilm, export_history, read_export
from matinee.errors import FailureError, OptionError

ALIEN = RatedFilm("183", "Alien", 1979, "tt0078748", "348", 4.5, 1_547_510_400, (0.5, 5.0))
UNKNOWN = RatedFilm("9", "", None, "", "", 3.0, 0)

words = st.text(st.characters(codec="utf-8"), max_size=30).map(
    lambda text: text.replace("\r\n", "\n").strip()  # files have one kind of line ends
)
films = st.builds(
    RatedFilm,
    film_id=st.integers(1, 10**6).map(str),
    title=words,
    year=st.none() | st.integers(1890, 2100),
    imdb_id=st.just("") | st.integers(1, 99_999_999).map(lambda number: f"tt{number:07d}"),
    tmdb_id=st.just("") | st.integers(1, 10**7).map(str),
    rating=st.floats(0, 100),
    time=st.integers(0, 4_102_444_800),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(films, min_size=1, max_size=8), st.sampled_from(FORMATS))
def test_a_written_file_is_read_back(rated: list[RatedFilm], format_: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"mine.{format_}"
        export_history(rated, path, format_)
        rows = read_export(path, Cleaning(strict=True)).rows
    facts = attrgetter("title", "year", "imdb_id", "tmdb_id", "film_id", "time")
    assert list(map(facts, rated)) == [
        (own.title, own.year, own.imdb_id, own.tmdb_id, own.movielens_id, own.time) for own in rows
    ]
    assert [np.float32(own.value or 0) for own in rows] == [np.float32(x.rating) for x in rated]


def test_csv_is_as_documented() -> None:
    stream = io.StringIO()
    export_history([ALIEN, UNKNOWN], stream, "csv")
    assert stream.getvalue().splitlines() == [
        "film_id,title,year,imdb_id,tmdb_id,rating,rating_scale,time",
        "183,Alien,1979,tt0078748,348,4.5,0.5 to 5,2019-01-15T00:00:00Z",
        "9,,,,,3,,",
    ]


def test_counts_have_a_column_of_their_own_and_no_scale() -> None:
    stream = io.StringIO()
    export_history([replace(ALIEN, rating=12.0, scale=None, is_count=True)], stream, "csv")
    assert stream.getvalue().splitlines() == [
        "film_id,title,year,imdb_id,tmdb_id,count,time",
        "183,Alien,1979,tt0078748,348,12,2019-01-15T00:00:00Z",
    ]


def test_a_rating_of_single_precision_is_written_as_it_was_read() -> None:
    stream = io.StringIO()
    export_history([replace(ALIEN, rating=float(np.float32(3.7)))], stream, "csv")
    assert ",3.7,0.5 to 5," in stream.getvalue()


@pytest.mark.parametrize("format_", FORMATS)
def test_the_scale_is_read_back(format_: str, tmp_path: Path) -> None:
    export_history([ALIEN], tmp_path / f"mine.{format_}", format_)
    assert read_export(tmp_path / f"mine.{format_}").unit == (0.5, 5.0)


def test_json_is_as_documented(tmp_path: Path) -> None:
    export_history([ALIEN, UNKNOWN], tmp_path / "mine.json", "json")
    assert json.loads((tmp_path / "mine.json").read_text(encoding="utf-8")) == [
        {"film_id": "183", "title": "Alien", "year": 1979, "imdb_id": "tt0078748"}
        | {"tmdb_id": "348", "rating": 4.5, "rating_scale": "0.5 to 5"}
        | {"time": "2019-01-15T00:00:00Z"},
        {"film_id": "9", "title": "", "year": None, "imdb_id": "", "tmdb_id": "", "rating": 3.0}
        | {"rating_scale": None, "time": None},
    ]


def test_a_file_is_replaced_or_stays_if_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        export_history([RatedFilm("1", "\ud800", None, "", "", 3.0, 0)], path, "csv")
    assert path.read_text() == "old"
    export_history([ALIEN], path, "csv")
    assert "Alien" in path.read_text()
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_and_an_unknown_format_are_errors(tmp_path: Path) -> None:
    with pytest.raises(FailureError, match=r"mine\.csv cannot be written"):
        export_history([ALIEN], tmp_path / "nowhere" / "mine.csv", "csv")
    with pytest.raises(OptionError, match="csv, json, not 'xml'"):
        export_history([ALIEN], io.StringIO(), "xml")
