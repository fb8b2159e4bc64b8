"""Popularity against numbers worked by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matinee.data import Interactions, Query, Vocabulary
from matinee.models import Model

ROWS = [[5.0, 4, 0], [5, 0, 0], [2, 3, 0]]
"""Film 0 has 5, 5, 2; film 1 has 4, 3; film 2 nothing; the mean of all five is 3.8."""


def test_a_score_is_the_damped_mean_times_the_count(
    fit: Callable[..., Model], ratings: Callable[..., Interactions]
) -> None:
    model = fit("popular", ratings(ROWS), {"damping": 5})
    # film 0: (12 + 5 * 3.8) / 8 * 3; film 1: (7 + 5 * 3.8) / 7 * 2
    np.testing.assert_allclose(model.score(Query()), [11.625, 52 / 7, 0], rtol=1e-6)


def test_a_prediction_is_the_damped_mean_and_the_viewers_habit(
    fit: Callable[..., Model],
    ratings: Callable[..., Interactions],
    history: Callable[..., Query],
) -> None:
    model = fit("popular", ratings(ROWS), {"damping": 5, "viewer_damping": 1})
    every = np.arange(3, dtype=np.int32)
    means = np.array([3.875, 26 / 7, 3.8])
    np.testing.assert_allclose(model.predict(Query(), every), means, rtol=1e-6)
    # one rating of 2 for film 1 lies 12/7 below its mean, halved by the damping
    habit = (2 - 26 / 7) / 2
    np.testing.assert_allclose(model.predict(history([1], [2]), every), means + habit, rtol=1e-6)


def test_without_damping_an_unrated_film_has_the_mean_of_all(
    fit: Callable[..., Model], ratings: Callable[..., Interactions]
) -> None:
    model = fit("popular", ratings(ROWS), {"damping": 0, "viewer_damping": 0})
    predicted = model.predict(Query(), np.arange(3, dtype=np.int32))
    np.testing.assert_allclose(predicted, [4, 3.5, 3.8], rtol=1e-6)


def test_without_ratings_every_film_is_as_good(fit: Callable[..., Model]) -> None:
    model = fit("popular", Interactions.empty(Vocabulary.of("film", "abc")))
    np.testing.assert_array_equal(model.score(Query()), np.zeros(3))
    predicted = model.predict(Query(), np.arange(3, dtype=np.int32))
    assert predicted == pytest.approx([3, 3, 3])
