"""Popularity with decay, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.models.conftest import Fit, Ratings

from matinee.data import Query

DAY = 86_400


def test_a_rating_has_half_its_weight_after_a_half_life(fit: Fit, ratings: Ratings) -> None:
    # three old ratings of film 0, two of film 1 today: 3/4 against 2
    interactions = replace(
        ratings([[4, 0], [4, 4], [4, 4]]),
        times=np.array([10, 10, 30, 10, 30], dtype=np.int64) * DAY,
    )
    model = fit("trending", interactions, {"half_life": 10, "damping": 0})
    np.testing.assert_allclose(model.score(Query()), [4 * 3 / 4, 4 * 2])
    undecayed = fit("trending", interactions, {"half_life": 1e6, "damping": 0})
    np.testing.assert_allclose(undecayed.score(Query()), [12, 8], rtol=1e-3)


def test_a_rating_without_a_time_is_as_old_as_the_oldest(fit: Fit, ratings: Ratings) -> None:
    interactions = replace(ratings([[4, 4, 4]]), times=np.array([0, 20, 30], dtype=np.int64) * DAY)
    model = fit("trending", interactions, {"half_life": 10, "damping": 0})
    np.testing.assert_allclose(model.score(Query()), [2, 2, 4])
    unknown = fit(
        "trending", replace(interactions, times=np.zeros(3, dtype=np.int64)), {"damping": 0}
    )
    np.testing.assert_allclose(unknown.score(Query()), [4, 4, 4])
