"""Popularity that forgets, by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from matinee.data import Interactions, Query
from matinee.models import Model

DAY = 86_400


def test_a_rating_counts_half_after_a_half_life(
    fit: Callable[..., Model], ratings: Callable[..., Interactions]
) -> None:
    # three old ratings of film 0, two of film 1 today: 3/4 against 2
    given = replace(
        ratings([[4, 0], [4, 4], [4, 4]]),
        times=np.array([10, 10, 30, 10, 30], dtype=np.int64) * DAY,
    )
    model = fit("trending", given, {"half_life": 10, "damping": 0})
    np.testing.assert_allclose(model.score(Query()), [4 * 3 / 4, 4 * 2])
    for_ages = fit("trending", given, {"half_life": 1e6, "damping": 0})
    np.testing.assert_allclose(for_ages.score(Query()), [12, 8], rtol=1e-3)


def test_without_a_time_a_rating_counts_as_the_oldest(
    fit: Callable[..., Model], ratings: Callable[..., Interactions]
) -> None:
    given = replace(ratings([[4, 4, 4]]), times=np.array([0, 20, 30], dtype=np.int64) * DAY)
    model = fit("trending", given, {"half_life": 10, "damping": 0})
    np.testing.assert_allclose(model.score(Query()), [2, 2, 4])
    unknown = fit("trending", replace(given, times=np.zeros(3, dtype=np.int64)), {"damping": 0})
    np.testing.assert_allclose(unknown.score(Query()), [4, 4, 4])
