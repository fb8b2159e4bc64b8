"""Intervals against theory and against explicit resampling."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.experiments.statistics.bootstrap import (
    Interval,
    interval,
    intervals,
    resampled_groups,
    resampled_means,
)
from matinee.experiments.statistics.sample import Sample


def sample(values: np.ndarray, weights: np.ndarray | None = None, power: float = 1) -> Sample:
    columns = values[:, None] if values.ndim == 1 else values
    return Sample(
        viewers=np.arange(len(values)),
        weights=(np.ones(len(values)) if weights is None else weights)[:, None],
        values=columns,
        powers=np.full(columns.shape[1], float(power)),
    )


def test_the_interval_of_a_mean_agrees_with_the_normal_approximation() -> None:
    values = np.random.default_rng(0).normal(size=2000)
    found = interval(resampled_means([sample(values)], resamples=4000)[:, 0])
    error = values.std() / np.sqrt(len(values))
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.1 * error)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.1 * error)


def test_the_coverage_is_about_95_percent() -> None:
    rng = np.random.default_rng(1)
    covered = 0
    for seed in range(200):
        values = rng.random(100)
        found = interval(resampled_means([sample(values)], resamples=400, seed=seed)[:, 0])
        covered += found.low <= 0.5 <= found.high
    assert 180 <= covered <= 199


def test_a_pooled_error_resamples_viewers_with_all_their_ratings() -> None:
    rng = np.random.default_rng(2)
    counts = rng.integers(1, 50, 30)
    per_viewer = rng.random(30)
    means = resampled_means([sample(per_viewer, counts.astype(float), power=2)], resamples=50)
    again = np.random.default_rng(0)
    for row, drawn in enumerate(again.integers(30, size=(50, 30))):
        pooled = np.average(per_viewer[drawn] ** 2, weights=counts[drawn])
        assert means[row, 0] == pytest.approx(np.sqrt(pooled), abs=1e-12)


def test_columns_share_resamples_so_that_differences_are_paired() -> None:
    values = np.random.default_rng(3).random(50)
    means = resampled_means([sample(np.column_stack([values, values + 0.25]))])
    np.testing.assert_allclose(means[:, 1] - means[:, 0], 0.25, atol=1e-12)


def test_the_same_viewer_is_drawn_in_all_splits() -> None:
    values = np.arange(40.0)
    one = resampled_means([sample(values)])
    two = resampled_means([sample(values), sample(values)])
    np.testing.assert_allclose(one, two)


def test_many_viewers_are_drawn_in_several_chunks() -> None:
    values = np.random.default_rng(4).random(30_000)
    means = resampled_means([sample(values)], resamples=300)
    assert means.shape == (300, 1)
    assert means.std() == pytest.approx(values.std() / np.sqrt(30_000), rel=0.2)


def test_a_viewer_without_a_value_weighs_nothing() -> None:
    values = np.array([0.5, np.nan, 0.5, np.nan, 0.5, 0.5])
    assert interval(resampled_means([sample(values)])[:, 0]) == Interval(0.5, 0.5)


def test_resamples_with_an_empty_split_are_ignored() -> None:
    lonely = Sample(np.array([0]), np.ones((1, 1)), np.ones((1, 1)), np.ones(1))
    other = Sample(np.array([1]), np.ones((1, 1)), np.zeros((1, 1)), np.ones(1))
    means = resampled_means([lonely, other], resamples=200)
    known = np.isfinite(means[:, 0])
    assert 0 < known.sum() < 200
    assert (means[known] == 0.5).all()
    assert interval(means[:, 0]) == Interval(0.5, 0.5)


def test_a_metric_without_values_does_not_affect_others() -> None:
    values = np.column_stack([np.random.default_rng(6).random(30), np.full(30, np.nan)])
    known, unknown = intervals(resampled_means([sample(values)]))
    alone = interval(resampled_means([sample(values[:, 0])])[:, 0])
    assert (known.low, known.high) == pytest.approx((alone.low, alone.high))
    assert np.isnan([unknown.low, unknown.high]).all()


def test_columns_may_weigh_viewers_differently() -> None:
    rng = np.random.default_rng(8)
    values, counts = rng.random((30, 2)), rng.integers(1, 9, 30).astype(float)
    ones = np.ones(30)
    both = Sample(np.arange(30), np.column_stack([counts, ones]), values, np.ones(2))
    weighted, alike = resampled_means([both]).T
    alone = [
        resampled_means([sample(values[:, at], w)])[:, 0] for at, w in ((0, counts), (1, ones))
    ]
    np.testing.assert_allclose(weighted, alone[0])
    np.testing.assert_allclose(alike, alone[1])
    assert both.means() == pytest.approx(
        [np.average(values[:, 0], weights=counts), values[:, 1].mean()]
    )


def test_groups_share_the_resamples_of_all_viewers() -> None:
    values = np.random.default_rng(7).random(20)
    whole, part = sample(values), np.arange(20) < 12
    parts = [[whole.select(part)], [whole.select(~part)]]
    of_part, of_rest = resampled_groups(parts, np.arange(20))[..., 0]
    rng = np.random.default_rng(0)
    for row, drawn in enumerate(rng.integers(20, size=(1000, 20))[:50]):
        assert of_part[row] == pytest.approx(values[drawn[drawn < 12]].mean())
        assert of_rest[row] == pytest.approx(values[drawn[drawn >= 12]].mean())


def test_a_viewer_with_several_rows_brings_them_all() -> None:
    values = np.array([[0.0], [0.5], [1.0]])
    several = Sample(np.array([0, 0, 1]), np.ones((3, 1)), values, np.ones(1))
    drawn = set(np.round(resampled_means([several], resamples=50)[:, 0], 6))
    assert drawn == {0.25, 0.5, 1.0}


def test_the_same_seed_draws_the_same() -> None:
    values = np.random.default_rng(5).random(20)
    one, again = (resampled_means([sample(values)], seed=9) for _ in range(2))
    np.testing.assert_array_equal(one, again)
    assert (resampled_means([sample(values)]) != resampled_means([sample(values)], seed=1)).any()


@pytest.mark.parametrize(
    ("low", "high", "excluded"), [(0.1, 0.2, True), (-0.2, -0.1, True), (-0.1, 0.1, False)]
)
def test_an_interval_on_one_side_of_zero_excludes_it(
    low: float, high: float, *, excluded: bool
) -> None:
    assert Interval(low, high).excludes_zero is excluded
