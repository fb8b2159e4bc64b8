"""Non-negative factors: the fold-in against least squares, films and viewers without ratings."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import nnls
from tests.models.conftest import Fit, History, Predict, Ratings

from matinee.data import Interactions, Query
from matinee.errors import InputError


def test_a_converged_fold_in_is_non_negative_least_squares(
    fit: Fit, planted: Interactions, history: History
) -> None:
    model = fit(
        "nmf", planted, {"factors": 4, "l2": 0.2, "fold_in_steps": 20_000, "list_damping": 0}
    )
    factors = model.arrays["item_factors"].astype(np.float64)
    assert factors.min() >= 0
    items, stars = [1, 5, 8, 22, 30], [5, 4, 5, 1, 2.0]
    # the penalty equals additional rows of its root with target 0
    stacked = np.vstack([factors[items], np.sqrt(0.2 * 5) * np.eye(4)])
    own, _ = nnls(stacked, np.concatenate([stars, np.zeros(4)]))
    np.testing.assert_allclose(model.score(history(items, stars)), factors @ own, atol=5e-3)


def test_planted_ratings_are_recovered(
    fit: Fit, planted: Interactions, history: History, predict: Predict
) -> None:
    query = history([0, 1, 2, 3, 25], [5, 5, 4, 5, 1])
    predicted = predict(fit("nmf", planted), query, list(range(40)))
    assert predicted[4:20].mean() > 4
    assert predicted[[*range(20, 25), *range(26, 40)]].mean() < 2.5


def test_an_unrated_item_is_the_average_item_and_a_newcomer_the_average_user(
    fit: Fit, planted: Interactions, predict: Predict
) -> None:
    model = fit("nmf", planted.select(planted.items != 4))
    factors = model.arrays["item_factors"]
    np.testing.assert_allclose(factors[4], np.delete(factors, 4, axis=0).mean(axis=0), rtol=1e-5)
    average = np.clip(factors @ model.arrays["average_viewer"], 1, 5)
    np.testing.assert_allclose(predict(model, Query(), list(range(40))), average, rtol=1e-6)


def test_ratings_below_no_stars_are_refused(fit: Fit, ratings: Ratings) -> None:
    with pytest.raises(InputError, match="a quarter of the scale below its lowest rating; use svd"):
        fit("nmf", ratings([[5, -1], [2, 3]]))
