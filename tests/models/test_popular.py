"""Popularity against numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tests.models.conftest import Fit, History, Predict, Ratings

from matinee.data import Interactions, Query, Vocabulary

ROWS = [[5, 4, 0], [5, 0, 0], [2, 3, 0]]
"""Film 0 has 5, 5, 2; film 1 has 4, 3; film 2 nothing; the mean of all five is 3.8."""
EVERY = [0, 1, 2]


def test_a_score_is_the_damped_mean_times_the_count(fit: Fit, ratings: Ratings) -> None:
    model = fit("popular", ratings(ROWS), {"damping": 5})
    # film 0: (12 + 5 * 3.8) / 8 * 3; film 1: (7 + 5 * 3.8) / 7 * 2
    np.testing.assert_allclose(model.score(Query()), [11.625, 52 / 7, 0], rtol=1e-6)


def test_a_prediction_is_the_damped_mean_plus_the_viewers_bias(
    fit: Fit, ratings: Ratings, history: History, predict: Predict
) -> None:
    model = fit("popular", ratings(ROWS), {"damping": 5, "user_damping": 1})
    means = np.array([3.875, 26 / 7, 3.8])
    np.testing.assert_allclose(predict(model, Query(), EVERY), means, rtol=1e-6)
    # a rating of 2 for film 1 is 12/7 below its mean; the damping halves it
    bias = (2 - 26 / 7) / 2
    predicted = predict(model, history([1], [2]), EVERY)
    np.testing.assert_allclose(predicted, means + bias, rtol=1e-6)


def test_without_damping_an_unrated_film_has_the_global_mean(
    fit: Fit, ratings: Ratings, predict: Predict
) -> None:
    model = fit("popular", ratings(ROWS), {"damping": 0, "user_damping": 0})
    np.testing.assert_allclose(predict(model, Query(), EVERY), [4, 3.5, 3.8], rtol=1e-6)


def test_without_ratings_all_films_are_equal(fit: Fit, predict: Predict) -> None:
    model = fit("popular", Interactions.empty(Vocabulary.of("film", "abc")))
    np.testing.assert_array_equal(model.score(Query()), np.zeros(3))
    assert predict(model, Query(), EVERY) == pytest.approx([3, 3, 3])
