"""Prediction intervals against a loop over viewers and against theory."""

from __future__ import annotations

import numpy as np
import pytest

from matinee import metrics
from matinee.metrics.intervals import interval_coverage, interval_width

BOUNDS = np.array([0, 3, 3, 40, 200])


def test_they_agree_with_a_loop_over_ratings() -> None:
    rng = np.random.default_rng(0)
    ratings = rng.integers(1, 6, 200).astype(np.float64)
    lower = ratings + rng.normal(-0.5, 1, 200)
    upper = lower + rng.random(200)
    coverage = interval_coverage(lower, upper, ratings, BOUNDS)
    width = interval_width(lower, upper, BOUNDS)
    assert np.isnan([coverage[1], width[1]]).all()
    for viewer in (0, 2, 3):
        own = range(BOUNDS[viewer], BOUNDS[viewer + 1])
        inside = [lower[i] <= ratings[i] <= upper[i] for i in own]
        assert coverage[viewer] == sum(inside) / len(inside)
        widths = [upper[i] - lower[i] for i in own]
        assert width[viewer] == pytest.approx(sum(widths) / len(widths), abs=1e-12)


def test_intervals_of_the_right_width_cover_four_fifths_pooled_over_ratings() -> None:
    rng = np.random.default_rng(1)
    ends = np.concatenate([[0], np.cumsum(rng.integers(1, 200, 300))])
    predicted = rng.uniform(1, 5, ends[-1])
    ratings = predicted + rng.normal(size=ends[-1])
    half = 1.2815515655446004  # of a normal distribution 80% lie within
    values = interval_coverage(predicted - half, predicted + half, ratings, ends)
    metric = metrics.get("interval-coverage")
    assert metric.mean(values, np.diff(ends).astype(float)) == pytest.approx(0.8, abs=0.01)
    ends = np.array([3.0, 4.0])  # they belong to the interval
    assert interval_coverage(ends, ends, ends, np.array([0, 2])).tolist() == [1.0]
