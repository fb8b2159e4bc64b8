"""Slope One: an example worked by hand, its damping and its prior."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.conftest import Fit, History, Predict, Ratings

from matinee.data import Interactions, Query

STARS = [[5, 3, 2], [3, 4, 0], [0, 2, 5]]
"""Film 0 is (2 + -1) / 2 = 0.5 above film 1 over two viewers, and 3 above film 2 over one."""


def test_ratings_and_differences_are_weighted_by_common_viewers(
    fit: Fit, ratings: Ratings, history: History, predict: Predict
) -> None:
    model = fit("slope-one", ratings(STARS), {"damping": 0})
    query = history([1, 2], [2, 5])
    # (2 viewers * (2 + 0.5) + 1 viewer * (5 + 3)) / 3
    assert predict(model, query, [0])[0] == pytest.approx(13 / 3, rel=1e-6)


def test_damping_draws_towards_the_baseline(
    fit: Fit, ratings: Ratings, history: History, predict: Predict
) -> None:
    query = history([1, 2], [2, 5])
    baseline = predict(fit("baseline", ratings(STARS)), query, [0])[0]
    damped = predict(fit("slope-one", ratings(STARS), {"damping": 7}), query, [0])[0]
    assert damped == pytest.approx((13 + 7 * baseline) / 10, rel=1e-5)


def test_unrated_films_and_empty_histories_get_the_baseline(
    fit: Fit, planted: Interactions, history: History, predict: Predict
) -> None:
    train = planted.select(planted.items != 9)
    model = fit("slope-one", train, {"damping": 0})
    baseline = fit("baseline", train)
    for query, items in ((history([0, 1]), [9]), (Query(), list(range(40)))):
        expected = predict(baseline, query, items)
        np.testing.assert_allclose(predict(model, query, items), expected, rtol=1e-6)
    np.testing.assert_array_equal(model.score(history([0, 1])), model.arrays["prior"])
