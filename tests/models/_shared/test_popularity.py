"""Popularity with decay, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.models.conftest import Ratings

from matinee.models._shared.popularity import (
    damped_popularity,
    days_before_last,
    recent_popularity,
)

DAY = 86_400


def test_ages_are_whole_days_before_the_latest_rating() -> None:
    times = np.array([10 * DAY, 10 * DAY - 1, 8 * DAY, 3 * DAY])
    assert days_before_last(times).tolist() == [0, 0, 2, 7]


def test_an_unknown_time_is_the_oldest() -> None:
    assert days_before_last(np.array([0, 5 * DAY, 9 * DAY])).tolist() == [4, 4, 0]
    assert days_before_last(np.zeros(3, dtype=np.int64)).tolist() == [0, 0, 0]
    assert days_before_last(np.empty(0, dtype=np.int64)).tolist() == []


def test_recent_popularity_is_the_mean_times_decayed_counts(ratings: Ratings) -> None:
    # film 0: ratings of 5 and 3 that are 10 and 0 days old; film 1: a 2 that is 20 days old
    some = replace(ratings([[5, 2], [3, 0]]), times=np.array([10, 0, 20]) * DAY + DAY)
    some = replace(some, times=np.array([11, 1, 21], dtype=np.int64) * DAY)
    found = recent_popularity(some, half_life=10, damping=0)
    np.testing.assert_allclose(found, [4 * (0.5 + 1), 2 * 0.25])


def test_a_long_half_life_is_popularity_that_does_not_fade(ratings: Ratings) -> None:
    some = replace(ratings([[5, 2], [3, 0]]), times=np.array([11, 1, 21], dtype=np.int64) * DAY)
    np.testing.assert_allclose(recent_popularity(some, 1e9), damped_popularity(some), rtol=1e-6)
