"""Precision and recall of predicted ratings against a loop in the manner of Surprise's FAQ."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee import metrics
from matinee.metrics.predicted_lists import precision_of_predictions, recall_of_predictions

SCALE = np.array([1.0, 5.0])


def loop(predicted: np.ndarray, ratings: np.ndarray, k: int, least: float) -> tuple[float, float]:
    """Precision and recall of one viewer; the lower rating first among equal predictions."""
    pairs = sorted(zip(predicted, ratings, strict=True), key=lambda pair: (-pair[0], pair[1]))
    relevant = sum(rating >= least for _, rating in pairs)
    recommended = [(guess, rating) for guess, rating in pairs[:k] if guess >= least]
    both = sum(rating >= least for _, rating in recommended)
    return both / max(1, len(recommended)), both / max(1, relevant)


@settings(deadline=None, max_examples=150)
@given(
    seed=st.integers(0, 2**32 - 1),
    k=st.integers(1, 12),
    stars=st.sampled_from([1.0, 3.0, 3.5, 5.0]),
    steps=st.sampled_from([4, 400]),
)
def test_values_are_those_of_a_loop(seed: int, k: int, stars: float, steps: int) -> None:
    rng = np.random.default_rng(seed)
    bounds = np.concatenate([[0], np.cumsum(rng.integers(1, 20, 8))])
    ratings = rng.integers(1, 6, bounds[-1]).astype(np.float64)
    predicted = 1 + 4 * rng.integers(0, steps + 1, bounds[-1]) / steps
    share = (stars - 1) / 4
    ours = [
        each(predicted - ratings, ratings, bounds, SCALE, k=k, threshold=share)
        for each in (precision_of_predictions, recall_of_predictions)
    ]
    for viewer in range(8):
        own = slice(bounds[viewer], bounds[viewer + 1])
        expected = loop(predicted[own], ratings[own], k, stars)
        assert [each[viewer] for each in ours] == pytest.approx(expected, abs=1e-12)


def test_the_threshold_is_at_the_same_place_of_any_scale() -> None:
    rng = np.random.default_rng(3)
    bounds = np.array([0, 40, 90])
    ratings = rng.integers(1, 6, 90).astype(np.float64)
    predicted = rng.uniform(1, 5, 90)
    for factor in (2.0, 20.0):
        for metric in (precision_of_predictions, recall_of_predictions):
            plain = metric(predicted - ratings, ratings, bounds, SCALE)
            wide = metric(factor * (predicted - ratings), factor * ratings, bounds, factor * SCALE)
            np.testing.assert_array_equal(plain, wide)


def test_of_equal_predictions_the_lower_rating_comes_first() -> None:
    ratings, bounds = np.array([5.0, 1.0, 4.0]), np.array([0, 3])
    precise = precision_of_predictions(5 - ratings, ratings, bounds, SCALE, k=2)
    assert precise.tolist() == [0.5]


def test_viewers_without_recommended_or_relevant_films_have_0_or_no_value() -> None:
    # the first is predicted low, the second rated low, the third is not in the test
    ratings, bounds = np.array([5.0, 1.0]), np.array([0, 1, 2, 2])
    errors = np.array([2.0, 4.0]) - ratings
    precise = precision_of_predictions(errors, ratings, bounds, SCALE)
    found = recall_of_predictions(errors, ratings, bounds, SCALE)
    np.testing.assert_array_equal(precise, [0, 0, np.nan])
    np.testing.assert_array_equal(found, [0, 0, np.nan])
    precise = precision_of_predictions(errors, ratings, bounds, SCALE, empty="no value")
    found = recall_of_predictions(errors, ratings, bounds, SCALE, empty="no value")
    np.testing.assert_array_equal(precise, [np.nan, 0, np.nan])
    np.testing.assert_array_equal(found, [0, np.nan, np.nan])


def test_every_viewer_counts_the_same_in_the_mean() -> None:
    values, n_ratings = np.array([1.0, 0.0, np.nan]), np.array([99.0, 1.0, 0.0])
    assert metrics.get("precision-predicted").mean(values, n_ratings) == 0.5
    assert metrics.get("mae").mean(values, n_ratings) == pytest.approx(0.99)
