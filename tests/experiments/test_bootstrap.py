"""Intervals against theory and against a resampling written out."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.experiments.bootstrap import Interval, Sample, interval, resampled_means


def sample(values: np.ndarray, weights: np.ndarray | None = None, power: float = 1) -> Sample:
    columns = values[:, None] if values.ndim == 1 else values
    return Sample(
        viewers=np.arange(len(values)),
        weights=np.ones(len(values)) if weights is None else weights,
        values=columns,
        powers=np.full(columns.shape[1], float(power)),
    )


def test_the_interval_of_a_mean_agrees_with_the_normal_approximation() -> None:
    values = np.random.default_rng(0).normal(size=2000)
    found = interval(resampled_means([sample(values)], resamples=4000)[:, 0])
    error = values.std() / np.sqrt(len(values))
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.1 * error)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.1 * error)


def test_it_covers_the_truth_about_as_often_as_it_says() -> None:
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


def test_columns_are_drawn_together_so_that_differences_are_paired() -> None:
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


def test_draws_that_leave_a_split_empty_are_left_out() -> None:
    lonely = Sample(np.array([0]), np.ones(1), np.ones((1, 1)), np.ones(1))
    other = Sample(np.array([1]), np.ones(1), np.zeros((1, 1)), np.ones(1))
    means = resampled_means([lonely, other], resamples=200)
    assert 0 < len(means) < 200
    assert (means == 0.5).all()


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
