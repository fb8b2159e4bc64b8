"""Errors of predicted ratings against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import (
    explained_variance_score,
    mean_absolute_error,
    mean_squared_error,
    r2_score,
    root_mean_squared_error,
)

from matinee import metrics
from matinee.metrics.rating import explained_variance, mae, mse, r_squared, rmse

BOUNDS = np.array([0, 3, 3, 4, 50, 120])
"""Five viewers with 3, 0, 1, 46 and 70 ratings."""


@pytest.fixture
def truth_and_predictions() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    truth = rng.integers(1, 6, BOUNDS[-1]).astype(np.float64)
    return truth, truth + rng.normal(size=len(truth))


def test_each_viewer_agrees_with_scikit_learn(
    truth_and_predictions: tuple[np.ndarray, np.ndarray],
) -> None:
    truth, predicted = truth_and_predictions
    root_mean_squares = rmse(predicted - truth, BOUNDS)
    mean_absolutes = mae(predicted - truth, BOUNDS)
    mean_squares = mse(predicted - truth, BOUNDS)
    assert np.isnan(root_mean_squares).tolist() == [False, True, False, False, False]
    for viewer in (0, 2, 3, 4):
        own = slice(BOUNDS[viewer], BOUNDS[viewer + 1])
        expected = root_mean_squared_error(truth[own], predicted[own])
        assert root_mean_squares[viewer] == pytest.approx(expected, abs=1e-12)
        expected = mean_squared_error(truth[own], predicted[own])
        assert mean_squares[viewer] == pytest.approx(expected, abs=1e-12)
        expected = mean_absolute_error(truth[own], predicted[own])
        assert mean_absolutes[viewer] == pytest.approx(expected, abs=1e-12)


def test_the_mean_weighted_by_ratings_is_pooled_over_ratings(
    truth_and_predictions: tuple[np.ndarray, np.ndarray],
) -> None:
    truth, predicted = truth_and_predictions
    errors, weights = predicted - truth, np.diff(BOUNDS).astype(float)
    pooled = metrics.get("rmse").mean(rmse(errors, BOUNDS), weights)
    assert pooled == pytest.approx(root_mean_squared_error(truth, predicted), abs=1e-12)
    pooled = metrics.get("mse").mean(mse(errors, BOUNDS), weights)
    assert pooled == pytest.approx(mean_squared_error(truth, predicted), abs=1e-12)
    pooled = metrics.get("mae").mean(mae(errors, BOUNDS), weights)
    assert pooled == pytest.approx(mean_absolute_error(truth, predicted), abs=1e-12)


def test_explained_variance_agrees_with_scikit_learn(
    truth_and_predictions: tuple[np.ndarray, np.ndarray],
) -> None:
    truth, predicted = truth_and_predictions
    ours = explained_variance(predicted - truth, truth)
    assert ours == pytest.approx(explained_variance_score(truth, predicted), abs=1e-12)


def test_r_squared_agrees_with_scikit_learn(
    truth_and_predictions: tuple[np.ndarray, np.ndarray],
) -> None:
    truth, predicted = truth_and_predictions
    for bias in (0.0, 2.0):
        ours = r_squared(predicted + bias - truth, truth)
        assert ours == pytest.approx(r2_score(truth, predicted + bias), abs=1e-12)


def test_r_squared_of_the_mean_is_0_and_of_equal_ratings_is_none() -> None:
    truth = np.array([1.0, 3.0, 5.0])
    assert r_squared(3 - truth, truth) == 0.0
    assert np.isnan(r_squared(np.array([0.5, -0.5]), np.array([4.0, 4.0])))
    assert np.isnan(r_squared(np.empty(0), np.empty(0)))


def test_a_constant_bias_costs_nothing_and_equal_ratings_leave_nothing_to_explain() -> None:
    assert explained_variance(np.full(3, 0.5), np.array([1.0, 3.0, 5.0])) == 1.0
    assert np.isnan(explained_variance(np.array([0.5, -0.5]), np.array([4.0, 4.0])))
    assert np.isnan(explained_variance(np.empty(0), np.empty(0)))
