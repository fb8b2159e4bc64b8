"""Held-out films, and held-out viewers with short histories."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.data.splits.examples import of_columns, pairs, some_interactions, stored

from matinee.data import Interactions
from matinee.data.splits import Split, cold, cold_viewers
from matinee.errors import InputError


def ranked(split: Split) -> NDArray[np.bool_]:
    assert isinstance(split.candidates, np.ndarray)
    return split.candidates


@settings(deadline=None, max_examples=40)
@given(interactions=some_interactions(), seed=st.integers(0, 99))
def test_targets_are_exactly_the_ratings_of_held_out_films(
    interactions: Interactions, seed: int
) -> None:
    ((validation, test),) = cold(interactions, seed)
    for split in (validation, test):
        held_out = set(np.flatnonzero(ranked(split)).tolist())
        assert {item for _, item in pairs(split.train)} & held_out == set()
        wanted = {(user, item) for user, item in pairs(interactions) if item in held_out}
        assert stored(split, split.targets) == wanted
    assert not (ranked(validation) & ranked(test)).any()
    assert pairs(test.train) | stored(test, test.targets) == pairs(interactions)
    assert not {i for _, i in stored(test, test.targets)} & {i for _, i in pairs(validation.train)}


def test_a_fifth_of_the_films_is_the_test_and_a_tenth_of_the_others_the_validation(
    planted: Interactions,
) -> None:
    ((validation, test),) = cold(planted, 0)
    assert np.count_nonzero(ranked(test)) == 8
    assert np.count_nonzero(ranked(validation)) == 3
    assert len(np.unique(test.train.items)) == 32
    assert test.notes[0].startswith("8 of 40 rated films are held out, and they alone are ranked")


def test_only_held_out_films_are_ranked(planted: Interactions) -> None:
    ((_, test),) = cold(planted, 0)
    assert test.n_ranked.tolist() == [8] * len(test.users)
    left_out = test.unranked().toarray() > 0
    assert (left_out == ~ranked(test)).all()
    some = test.unranked(slice(3, 5)).toarray() > 0
    assert (some == left_out[3:5]).all()


def test_too_few_films_to_hold_out_is_an_error() -> None:
    few = of_columns([0, 1, 2, 3], [0, 1, 2, 0], [3.0] * 4, [0] * 4)
    with pytest.raises(InputError, match="3 rated films are too few"):
        cold(few, 0)


@settings(deadline=None, max_examples=40)
@given(interactions=some_interactions(), seed=st.integers(0, 99))
def test_points_of_the_curve_share_targets_and_have_the_first_n_ratings(
    interactions: Interactions, seed: int
) -> None:
    divisions = cold_viewers(interactions, seed, lengths=(0, 1, 2))
    tests = [test for _, test in divisions]
    assert [test.name for test in tests] == ["0 shown", "1 shown", "2 shown"]
    assert len({id(division.validation) for division in divisions}) == 1
    assert len({id(test.train) for test in tests}) == 1
    for n, test in enumerate(tests):
        assert np.diff(test.histories.ratings.indptr).tolist() == [n] * len(test.users)
        assert stored(test, test.targets) == stored(tests[0], tests[0].targets)
        assert stored(test, test.seen) == stored(tests[0], tests[0].seen)
        assert stored(test, test.histories.ratings) <= stored(test, test.seen)
        assert not set(test.users.tolist()) & set(test.train.users.tolist())
    assert stored(tests[1], tests[1].histories.ratings) <= stored(
        tests[2], tests[2].histories.ratings
    )


def test_first_and_last_are_by_time() -> None:
    users = np.repeat(np.arange(10), 10)
    items = np.tile(np.arange(10), 10)
    times = 1000 - np.tile(np.arange(10), 10)  # later rows are earlier ratings
    interactions = of_columns(users.tolist(), items.tolist(), [3.0] * 100, times.tolist())
    (_, test), *_ = cold_viewers(interactions, 0, lengths=(3,))
    assert {item for _, item in stored(test, test.histories.ratings)} == {9, 8, 7}
    assert {item for _, item in stored(test, test.targets)} == {0, 1}


def test_without_times_the_order_is_random(planted: Interactions) -> None:
    untimed = replace(planted, times=np.zeros_like(planted.times))
    one, other = (cold_viewers(untimed, seed)[2].test for seed in (0, 1))
    again = cold_viewers(untimed, 0)[2].test
    assert stored(one, one.histories.ratings) == stored(again, again.histories.ratings)
    in_order = [
        sorted(items) == items
        for items in np.split(one.histories.ratings.indices, one.histories.ratings.indptr[1:-1])
    ]
    assert len(in_order) == len(one.users)
    assert stored(one, one.histories.ratings) != stored(other, other.histories.ratings)


def test_the_validation_has_a_row_for_every_viewer_and_point(planted: Interactions) -> None:
    validation = cold_viewers(planted, 0)[0].validation
    assert np.bincount(validation.users)[np.unique(validation.users)].tolist() == [5] * 6
    shown = np.diff(validation.histories.ratings.indptr)
    for user in np.unique(validation.users):
        assert sorted(shown[validation.users == user].tolist()) == [0, 1, 3, 5, 10]


def test_viewers_with_too_few_ratings_are_left_out_at_all_points_and_counted() -> None:
    users = [*np.repeat(np.arange(50), 4).tolist(), *range(0, 50, 2)]
    items = [*np.tile(np.arange(4), 50).tolist(), *[4] * 25]
    interactions = of_columns(users, items, [3.0] * len(users), list(range(1, len(users) + 1)))
    divisions = cold_viewers(interactions, 0, lengths=(0, 4))
    for _, test in divisions:
        assert (test.users % 2 == 0).all()
        assert test.skipped + len(test.users) == 5
    with pytest.raises(InputError, match="needs histories of 9 ratings"):
        cold_viewers(interactions, 0, lengths=(9,))


def test_without_candidates_all_films_are_ranked(planted: Interactions) -> None:
    (_, test), *_ = cold_viewers(planted, 0)
    expected = planted.n_items - np.diff(test.seen.indptr)
    assert test.n_ranked.tolist() == expected.tolist()
    assert test.unranked(slice(0, 2)).nnz == test.seen[:2].nnz
