"""Exports from Trakt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.data.exports.conftest import Write

from matinee.data.cleaning import Cleaning
from matinee.data.exports import OwnRating, read_export
from matinee.errors import DataError

ALIEN = {"title": "Alien", "year": 1979, "ids": {"trakt": 1, "imdb": "tt0078748", "tmdb": 348}}


def test_an_export_has_ratings_then_watched_films(fixtures: Path) -> None:
    export = read_export(fixtures / "trakt", Cleaning(strict=True))
    assert export.scale == (1.0, 10.0)
    assert export.rows == (
        OwnRating("Fargo", 1996, "tt0116282", "275", value=10, time=1_409_562_611),
        OwnRating("Independence Day", 1996, "", "602", value=3, time=1_409_649_011),
        OwnRating("Jaws", 1975, "tt0073195", "578", time=1_420_156_800),
    )


def test_series_and_episodes_are_no_films(written: Write) -> None:
    series = {"title": "Breaking Bad", "ids": {"tmdb": 1396}}
    entries = [
        {"rating": 9, "type": "show", "show": {"title": "Fargo"}},
        {"rating": 9, "type": "episode", "episode": {"title": "Ozymandias"}, "show": series},
        {"rating": 8, "type": "movie", "movie": ALIEN},
    ]
    export = read_export(written("r.json", json.dumps(entries)), Cleaning(strict=True))
    assert [row.title for row in export.rows] == ["Alien"]
    assert export.others == ("Fargo", "Ozymandias")
    with pytest.raises(DataError, match=r"no film .*\(Trakt\); 2 rows are series or games"):
        read_export(written("shows.json", json.dumps(entries[:2])))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"rating": "11/12", "movie": ALIEN}, "rating '11/12' is not a number"),
        ({"rating": True, "movie": ALIEN}, "rating 'True' is not a number"),
        ({"rating": 8, "movie": "Alien"}, "the movie has no ids"),
        ({"rating": 8, "movie": {"title": None, "ids": {}}}, "neither title nor id"),
        ({"rating": 8}, "not an object with a movie in it"),
        ("Alien", "not an object with a movie in it"),
    ],
)
def test_a_malformed_entry_is_reported_with_its_line(
    written: Write, entry: object, reason: str
) -> None:
    good = json.dumps({"rating": 8, "movie": ALIEN})
    path = written("r.json", f"[\n{good},\n\n{json.dumps(entry)}\n]\n")
    cleaning = Cleaning()
    assert len(read_export(path, cleaning).rows) == 1
    (example,) = cleaning.findings[0].examples
    assert example.startswith(f"{path}, line 4: ")
    assert reason in example


def test_a_truncated_file_is_an_error_with_a_line(written: Write) -> None:
    good = json.dumps({"rating": 8, "movie": ALIEN})
    with pytest.raises(DataError, match=r"r\.json, line 2: not JSON .*expected Trakt's"):
        read_export(written("r.json", f"[\n{good[:-1]}"))


def test_objects_without_a_list_around_them_are_read(written: Write) -> None:
    entry = json.dumps({"rating": 8, "movie": ALIEN})
    export = read_export(written("r.jsonl", f"{entry}\n{entry}\n"), Cleaning(strict=True))
    assert (export.format, len(export.rows)) == ("Trakt", 2)


def test_a_very_deep_array_is_refused(written: Write) -> None:
    with pytest.raises(DataError, match=r"nested too deep|not JSON"):
        read_export(written("r.json", '[{"movie": {"a": ' + "[" * 200_000))
