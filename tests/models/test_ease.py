"""EASE against the inverse numpy finds, and one worked by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matinee.data import Interactions, Query
from matinee.models import Model


def test_two_films_by_hand(
    fit: Callable[..., Model], ratings: Callable[..., Interactions], history: Callable[..., Query]
) -> None:
    # film 0 has three viewers, film 1 two, both of them also viewers of film 0; with l2 = 1 the
    # Gram matrix is [[4, 2], [2, 3]] and its inverse [[3, -2], [-2, 4]] / 8
    model = fit("ease", ratings([[5, 5], [5, 5], [5, 0]]), {"l2": 1})
    np.testing.assert_allclose(model.arrays["weights"], [[0, 0.5], [2 / 3, 0]], rtol=1e-6)
    np.testing.assert_allclose(model.score(history([0])), [0, 0.5], rtol=1e-6)


@pytest.mark.parametrize("n_items", [3, 40, 300])
def test_weights_are_those_of_the_plain_inverse(
    n_items: int, fit: Callable[..., Model], ratings: Callable[..., Interactions]
) -> None:
    rng = np.random.default_rng(n_items)
    seen = rng.random((80, n_items)) < 0.2
    model = fit("ease", ratings((seen * 4.0).tolist()), {"l2": 7})
    wide = seen.astype(np.float64)
    inverse = np.linalg.inv(wide.T @ wide + 7 * np.eye(n_items))
    expected = -inverse / np.diag(inverse)
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(model.arrays["weights"], expected, rtol=1e-4, atol=1e-6)


def test_each_film_of_the_history_contributes_its_weight(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("ease", planted, {"min_rating": 4})
    parts = model.contributions(history([2, 30, 5], [5, 1, 4]), 9)
    assert parts is not None
    weights = model.arrays["weights"]
    np.testing.assert_array_equal(parts, [weights[2, 9], 0, weights[5, 9]])


def test_low_ratings_weigh_less_in_training_and_in_a_history(
    fit: Callable[..., Model], ratings: Callable[..., Interactions], history: Callable[..., Query]
) -> None:
    rng = np.random.default_rng(4)
    stars = rng.integers(1, 6, (50, 9)) * (rng.random((50, 9)) < 0.5)
    model = fit("ease", ratings(stars.tolist()), {"l2": 5, "lowest_worth": 0.4})
    worth = np.where(stars > 0, 0.4 + 0.6 * (stars - 1) / 4, 0)
    inverse = np.linalg.inv(worth.T @ worth + 5 * np.eye(9))
    expected = -inverse / np.diag(inverse)
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(model.arrays["weights"], expected, rtol=1e-4, atol=1e-6)
    scores = model.score(history([2, 6], [5, 1]))
    np.testing.assert_allclose(scores, expected[2] + 0.4 * expected[6], rtol=1e-4, atol=1e-6)
