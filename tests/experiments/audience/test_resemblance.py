"""Statistics of an audience, worked by hand and against MovieLens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.data import Interactions, Vocabulary
from matinee.errors import DataError
from matinee.experiments.audience import AudienceConfig, audience, compare, shape
from matinee.experiments.audience.resemblance import gini, sessions


def _interactions(rows: list[tuple[int, int, float, int]]) -> Interactions:
    users, items, values, times = (np.array(column) for column in zip(*rows, strict=True))
    return Interactions(
        users.astype(np.int32),
        items.astype(np.int32),
        values.astype(np.float32),
        times.astype(np.int64),
        Vocabulary.of("viewer", range(3)),
        Vocabulary.of("film", range(4)),
    )


def test_gini_of_equal_and_of_lopsided_amounts() -> None:
    assert gini(np.array([5, 5, 5, 5])) == pytest.approx(0)
    # mean absolute difference over twice the mean: (4 pairs x 2) / (4 x 4) / (2 x 1.5)
    assert gini(np.array([1, 1, 1, 3])) == pytest.approx(12 / 16 / 3)


def test_shape_of_four_ratings_by_hand() -> None:
    day = 86_400
    rows = [(0, 0, 5.0, 0), (0, 1, 3.0, 60), (0, 2, 1.0, day), (1, 0, 4.0, 10)]
    measures = shape(_interactions(rows))
    assert measures["share of films rated"] == 3 / 4
    assert measures["density"] == pytest.approx(4 / 6)
    assert measures["share of ratings on the top 1% of films"] == 2 / 4
    assert measures["activity, 50th percentile / mean"] == 1.0
    assert measures["mean rating"] == pytest.approx(13 / 4)
    assert measures["standard deviation of viewers' means"] == pytest.approx(0.5)
    assert measures["share of 5 stars"] == 1 / 4
    assert measures["sessions per viewer"] == 3 / 2
    assert measures["ratings per session"] == 4 / 3
    assert measures["ratings per viewer and day"] == 4 / 3
    assert sessions(_interactions(rows)).tolist() == [2, 1, 1]


def test_no_interactions_are_an_error() -> None:
    with pytest.raises(DataError, match="no interactions to measure"):
        shape(Interactions.empty(Vocabulary.of("film", range(3))))


def test_the_shape_of_movielens_100k_is_matched(mirror: Path) -> None:
    columns = ["user", "item", "rating", "time"]
    frame = pl.read_csv(
        mirror / "ml-100k" / "u.data", separator="\t", has_header=False, new_columns=columns
    )
    real = Interactions(
        (frame["user"] - 1).to_numpy().astype(np.int32),
        (frame["item"] - 1).to_numpy().astype(np.int32),
        frame["rating"].to_numpy().astype(np.float32),
        frame["time"].to_numpy(),
        Vocabulary.of("viewer", range(943)),
        Vocabulary.of("film", range(1682)),
    )
    ours = audience(AudienceConfig(943, 1682, 100_000, half_stars=False, days=214)).interactions
    compared = {each.measure: each for each in compare(ours, real)}
    for measure, tolerance in {
        "Gini of popularity": 0.06,
        "share of ratings on the top 1% of films": 0.03,
        "share of ratings on the top 10% of films": 0.05,
        "activity, 5th percentile / mean": 0.05,
        "activity, 50th percentile / mean": 0.1,
        "activity, 95th percentile / mean": 0.4,
        "mean rating": 0.15,
        "standard deviation of ratings": 0.15,
        "standard deviation of viewers' means": 0.1,
        "share of 1 stars": 0.06,
        "share of 3 stars": 0.06,
        "share of 5 stars": 0.06,
        "sessions per viewer": 2.0,
    }.items():
        pair = compared[measure]
        assert pair.generated == pytest.approx(pair.real, abs=tolerance), measure
