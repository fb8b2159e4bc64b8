"""Non-negative factors: the fold-in against least squares, films and viewers without ratings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import nnls

from matinee.data import Histories, Interactions, Query, Vocabulary
from matinee.errors import InputError
from matinee.models import Model

Predict = Callable[..., NDArray[np.float32]]


def test_a_converged_fold_in_is_non_negative_least_squares(
    fit: Callable[..., Model], planted: Interactions, history: Callable[..., Query]
) -> None:
    model = fit("nmf", planted, {"factors": 4, "l2": 0.2, "fold_in_steps": 20_000})
    factors = model.arrays["item_factors"].astype(np.float64)
    assert factors.min() >= 0
    items, stars = [1, 5, 8, 22, 30], [5, 4, 5, 1, 2.0]
    # the penalty equals additional rows of its root with target 0
    stacked = np.vstack([factors[items], np.sqrt(0.2 * 5) * np.eye(4)])
    own, _ = nnls(stacked, np.concatenate([stars, np.zeros(4)]))
    np.testing.assert_allclose(model.score(history(items, stars)), factors @ own, atol=5e-3)


def test_one_user_is_folded_in_as_among_many(
    fit: Callable[..., Model], planted: Interactions
) -> None:
    model = fit("nmf", planted)
    together = model.scores(Histories(planted.matrix))
    alone = [model.scores(Histories(planted.matrix[[user]]))[0] for user in range(5)]
    np.testing.assert_allclose(together[:5], alone, rtol=1e-4)


def test_planted_ratings_are_recovered(
    fit: Callable[..., Model],
    planted: Interactions,
    history: Callable[..., Query],
    predict: Predict,
) -> None:
    query = history([0, 1, 2, 3, 25], [5, 5, 4, 5, 1])
    predicted = predict(fit("nmf", planted), query, list(range(40)))
    assert predicted[4:20].mean() > 4
    assert predicted[[*range(20, 25), *range(26, 40)]].mean() < 2.5


def test_an_unrated_item_is_the_average_item_and_a_newcomer_the_average_user(
    fit: Callable[..., Model], planted: Interactions, predict: Predict
) -> None:
    model = fit("nmf", planted.select(planted.items != 4))
    factors = model.arrays["item_factors"]
    np.testing.assert_allclose(factors[4], np.delete(factors, 4, axis=0).mean(axis=0), rtol=1e-5)
    average = np.clip(factors @ model.arrays["average_viewer"], 1, 5)
    np.testing.assert_allclose(predict(model, Query(), list(range(40))), average, rtol=1e-6)


def test_empty_and_negative_data_are_refused(
    fit: Callable[..., Model], ratings: Callable[..., Interactions]
) -> None:
    with pytest.raises(InputError, match="no ratings to learn from"):
        fit("nmf", Interactions.empty(Vocabulary.of("film", "abc")))
    with pytest.raises(InputError, match="negative ratings; use svd"):
        fit("nmf", ratings([[5, -1], [2, 3]]))
