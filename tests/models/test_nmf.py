"""Non-negative factors: a fold-in that has come to rest, films and viewers without ratings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import nnls

from matinee.data import Interactions, Query, Vocabulary
from matinee.errors import InputError
from matinee.models import Model


def test_a_viewer_is_the_non_negative_least_squares_of_their_history(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("nmf", planted, {"factors": 4, "l2": 0.2, "fold_in_steps": 20_000})
    factors = model.arrays["item_factors"].astype(np.float64)
    assert factors.min() >= 0
    items, stars = [1, 5, 22, 30, 8], [5, 4, 1, 2, 5.0]
    # the penalty is least squares with rows of its root below, whose targets are zero
    stacked = np.vstack([factors[items], np.sqrt(0.2 * 5) * np.eye(4)])
    own, _ = nnls(stacked, np.concatenate([stars, np.zeros(4)]))
    np.testing.assert_allclose(model.score(history(items, stars)), factors @ own, atol=5e-3)


def test_planted_ratings_are_recovered(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("nmf", planted)
    predicted = model.predict(
        history([0, 1, 2, 3, 25], [5, 5, 4, 5, 1]), np.arange(40, dtype=np.int32)
    )
    assert predicted[4:20].mean() > 4
    assert predicted[[*range(20, 25), *range(26, 40)]].mean() < 2.5


def test_a_film_without_ratings_is_the_average_film_and_a_stranger_the_average_viewer(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    model = fit("nmf", planted.select(planted.items != 4))
    factors = model.arrays["item_factors"]
    np.testing.assert_allclose(factors[4], np.delete(factors, 4, axis=0).mean(axis=0), rtol=1e-5)
    every = np.arange(40, dtype=np.int32)
    usual = np.clip(factors @ model.arrays["average_viewer"], 1, 5)
    np.testing.assert_allclose(model.predict(Query(), every), usual, rtol=1e-6)


def test_ratings_that_no_sum_of_parts_can_be_are_refused(
    fit: Callable[..., Model], ratings: Callable[..., Interactions]
) -> None:
    with pytest.raises(InputError, match="no ratings to learn from"):
        fit("nmf", Interactions.empty(Vocabulary.of("film", "abc")))
    with pytest.raises(InputError, match="negative ratings"):
        fit("nmf", ratings([[5, -1], [2, 3]]))
