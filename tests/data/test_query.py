from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from matinee.data import Catalog, Film, Histories, Interactions, Query, Ranking, Reason, ReasonFilm
from matinee.errors import InputError


def test_a_query_takes_a_history_as_it_is(planted: Interactions) -> None:
    history = planted.history(3)
    query = Query.of(history, n=5)
    assert len(query) == 15
    assert query.n == 5
    np.testing.assert_array_equal(query.items, history.items)
    np.testing.assert_array_equal(query.values, history.values)
    assert (np.diff(query.times) > 0).all()


def test_an_empty_query_has_typed_columns_and_missing_times_are_unknown() -> None:
    query = Query()
    assert len(query) == 0
    assert query.items.dtype == query.exclude.dtype == np.int32
    assert query.values.dtype == np.float32
    query = Query(items=np.array([3, 1], dtype=np.int32), values=np.ones(2, dtype=np.float32))
    np.testing.assert_array_equal(query.times, [0, 0])
    assert query.times.dtype == np.int64


def ranking() -> Ranking:
    catalog = Catalog.of(
        [
            Film(id="7", title="Alien", year=1979, genres=("Horror", "Sci-Fi")),
            Film(id="8", title="unknown"),
        ]
    )
    return Ranking(
        items=np.array([1, 0], dtype=np.int32),
        scores=np.array([2.5, 1.0], dtype=np.float32),
        reasons=(
            Reason("untouched"),
            Reason("history", (ReasonFilm("8", "unknown", 4.0, share=1.0),)),
        ),
        catalog=catalog,
        model="popular",
        version="unsaved",
    )


def test_a_ranking_is_read_line_by_line_best_first() -> None:
    lines = list(ranking())
    assert len(ranking()) == 2
    assert [line.rank for line in lines] == [1, 2]
    assert [line.film.title for line in lines] == ["unknown", "Alien"]
    assert [line.score for line in lines] == [2.5, 1.0]


def test_a_ranking_is_a_frame_with_typed_columns() -> None:
    frame = ranking().to_frame()
    assert frame.rows(named=True)[1] == {
        "rank": 2,
        "item_id": "7",
        "title": "Alien",
        "year": 1979,
        "genres": "Horror, Sci-Fi",
        "score": 1.0,
        "expected": None,
        "low": None,
        "high": None,
        "reason": "Because you rated unknown 4",
    }
    assert frame["year"].to_list() == [None, 1979]
    assert frame.schema["score"] == pl.Float32


def rows(*places: int) -> NDArray[np.int32]:
    return np.array(places, dtype=np.int32)


def test_a_dismissed_film_is_a_low_rating_of_the_history_of_models() -> None:
    stars, days = np.array([5, 4], dtype=np.float32), np.array([7, 9], dtype=np.int64)
    query = Query(rows(3, 1), stars, days, dismissed=rows(2), scale=(1, 5))
    assert len(query) == 2
    assert query.seen.tolist() == [3, 1, 2]
    histories = Histories.of(query, 5)
    assert histories.items.tolist() == [1, 2, 3]
    assert histories.values.tolist() == [4, 2, 5]
    assert histories.known_times.tolist() == [9, 9, 7]
    counts = replace(query, scale=(0, float("inf")))
    assert Histories.of(counts, 5).values.tolist() == [4, 0, 5]
    assert "1 film dismissed" in repr(query)


def test_a_dismissal_needs_a_scale_and_a_film_outside_the_history() -> None:
    with pytest.raises(InputError, match="set scale"):
        Query(dismissed=rows(2))
    stars = np.array([5], dtype=np.float32)
    with pytest.raises(InputError, match="film row 3 is in the history and dismissed"):
        Query(rows(3), stars, dismissed=rows(3), scale=(1, 5))
    with pytest.raises(InputError, match="dismissed names film row 3 twice"):
        Query(dismissed=rows(3, 3), scale=(1, 5))


def test_a_query_is_a_copy_that_cannot_be_written_to() -> None:
    values = np.array([5, 3], dtype=np.float32)
    query = Query(np.array([1, 2], dtype=np.int32), values)
    values[0] = 1
    assert query.values.tolist() == [5, 3]
    for column in (query.items, query.values, query.times, query.exclude):
        with pytest.raises(ValueError, match="read-only"):
            column[:] = 0
