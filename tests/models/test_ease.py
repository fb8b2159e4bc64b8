"""EASE against NumPy's inverse, and an example worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.models.conftest import Contributions, Fit, History, Ratings

from matinee.data import Interactions


def ease_weights(likes: NDArray[np.floating], l2: float) -> NDArray[np.float64]:
    inverse = np.linalg.inv(likes.T @ likes + l2 * np.eye(likes.shape[1]))
    weights: NDArray[np.float64] = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


def test_two_films_by_hand(fit: Fit, ratings: Ratings, history: History) -> None:
    # film 0 has three viewers, film 1 two, both of them also viewers of film 0; with l2 = 1 the
    # Gram matrix is [[4, 2], [2, 3]] and its inverse [[3, -2], [-2, 4]] / 8
    model = fit("ease", ratings([[5, 5], [5, 5], [5, 0]]), {"l2": 1})
    np.testing.assert_allclose(model.arrays["weights"], [[0, 0.5], [2 / 3, 0]], rtol=1e-6)
    np.testing.assert_allclose(model.score(history([0])), [0, 0.5], rtol=1e-6)


@pytest.mark.parametrize("n_items", [3, 40, 300])
def test_weights_are_those_of_the_plain_inverse(n_items: int, fit: Fit, ratings: Ratings) -> None:
    rng = np.random.default_rng(n_items)
    likes = (rng.random((80, n_items)) < 0.2).astype(np.float64)
    model = fit("ease", ratings((likes * 4).tolist()), {"l2": 7})
    np.testing.assert_allclose(
        model.arrays["weights"], ease_weights(likes, 7), rtol=1e-4, atol=1e-6
    )


def test_contributions_are_weights_of_liked_films(
    fit: Fit, planted: Interactions, history: History, contributions: Contributions
) -> None:
    model = fit("ease", planted, {"min_rating": 4})
    weights = model.arrays["weights"]
    parts = contributions(model, history([2, 5, 30], [5, 4, 1]), [9, 11])
    np.testing.assert_array_equal(parts, [[weights[2, i], weights[5, i], 0] for i in (9, 11)])


def test_low_ratings_weigh_less_in_training_and_in_a_history(
    fit: Fit, ratings: Ratings, history: History
) -> None:
    rng = np.random.default_rng(4)
    stars = rng.integers(1, 6, (50, 9)) * (rng.random((50, 9)) < 0.5)
    model = fit("ease", ratings(stars.tolist()), {"l2": 5, "lowest_weight": 0.4})
    expected = ease_weights(np.where(stars > 0, 0.4 + 0.6 * (stars - 1) / 4, 0), 5)
    np.testing.assert_allclose(model.arrays["weights"], expected, rtol=1e-4, atol=1e-6)
    scores = model.score(history([2, 6], [5, 1]))
    np.testing.assert_allclose(scores, expected[2] + 0.4 * expected[6], rtol=1e-4, atol=1e-6)
