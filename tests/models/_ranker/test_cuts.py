"""Cuts in time: nothing after the cut is known, and targets are likes after it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from tests.models.conftest import Year

from matinee.models._ranker import cuts as module
from matinee.models._ranker.cuts import time_cuts


def test_the_past_is_before_the_cut_and_targets_are_after(year: Year) -> None:
    found = time_cuts(year.ratings, None, (0.3, 0.6), 0.2)
    assert len(found) == 2
    ratings = year.ratings
    for cut, share in zip(found, (0.3, 0.6), strict=True):
        assert cut.past.times.max() < cut.now < cut.end
        assert len(cut.past) == np.count_nonzero(ratings.times < cut.now)
        assert abs(len(cut.past) / len(ratings) - share) < 0.01
        inside = (ratings.times >= cut.now) & (ratings.times < cut.end)
        assert cut.targets.nnz + cut.newcomers.nnz == np.count_nonzero(inside)
        assert abs(np.count_nonzero(inside) / len(ratings) - 0.2) < 0.01
        assert (cut.histories.lengths > 0).all()
        assert cut.histories.times is not None
        assert cut.histories.times.max() < cut.now


def test_newcomers_have_no_rating_before_the_cut(year: Year) -> None:
    (cut,) = time_cuts(year.ratings, None, (0.5,), 0.2)
    inside = (year.ratings.times >= cut.now) & (year.ratings.times < cut.end)
    new = np.setdiff1d(year.ratings.users[inside], cut.past.users)
    assert cut.newcomers.shape[0] == len(new)
    expected = year.ratings.select(inside).matrix[new] > 0
    assert ((cut.newcomers > 0) != expected).nnz == 0


def test_ratings_below_a_like_are_no_targets_but_are_history(year: Year) -> None:
    every, likes = (time_cuts(year.ratings, each, (0.5,), 0.2)[0] for each in (None, 5))
    assert len(likes.past) == len(every.past)
    assert likes.targets.nnz + likes.newcomers.nnz < every.targets.nnz + every.newcomers.nnz
    assert (likes.histories.values == 4).any()


def test_the_number_of_users_is_limited_evenly(year: Year) -> None:
    module_limit, module._MOST_USERS = module._MOST_USERS, 7
    try:
        (cut,) = time_cuts(year.ratings, None, (0.5,), 0.2)
    finally:
        module._MOST_USERS = module_limit
    assert 1 <= len(cut.histories) <= 7
    assert 1 <= cut.newcomers.shape[0] <= 7


def test_data_that_is_too_small_has_no_cut(year: Year) -> None:
    assert time_cuts(year.ratings.select(slice(90)), None, (0.3, 0.6), 0.2) == []
    one_instant = replace(year.ratings, times=np.ones(len(year.ratings), dtype=np.int64))
    assert time_cuts(one_instant, None, (0.3, 0.6), 0.2) == []


def test_no_rating_is_a_target_of_two_cuts_that_follow_each_other(year: Year) -> None:
    days = replace(year.ratings, times=year.ratings.times // 864_000 * 864_000)  # many at once
    shares = (0.25, 0.4, 0.55, 0.7, 0.85)
    for ratings in (year.ratings, days):
        for n in (len(ratings), len(ratings) - 1, len(ratings) - 7):  # of other roundings
            found = time_cuts(ratings.select(slice(n)), None, shares, 0.15)
            assert len(found) == 5
            for earlier, later in pairwise(found):
                assert earlier.end == later.now
            assert found[-1].end == ratings.times[:n].max() + 1


def test_a_past_without_times_is_no_past(year: Year) -> None:
    half = np.where(np.arange(len(year.ratings)) % 2, 10**9, 0)
    assert time_cuts(replace(year.ratings, times=half), None, (0.3, 0.85), 0.15) == []
