"""Splits with fewer targets: rows, groups, times and counts stay together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.data.splits.examples import N_FILMS, of_columns, pairs, some_interactions, stored

from matinee.data import Interactions
from matinee.data.splits import Split, among, files, random, relevant
from matinee.data.splits.leakage import check
from matinee.errors import InputError


def ranked(split: Split) -> set[tuple[int, int]]:
    free = split.unranked().toarray() == 0
    rows, items = np.nonzero(free)
    return set(zip(split.users[rows].tolist(), items.tolist(), strict=True))


@settings(deadline=None, max_examples=40)
@given(interactions=some_interactions(), seed=st.integers(0, 99), lowest=st.integers(1, 4))
def test_lower_targets_stay_in_the_ranking_as_other_films_do(
    interactions: Interactions, seed: int, lowest: int
) -> None:
    ((_, test),) = files(interactions, np.arange(len(interactions)) % 3 == 0, seed, predicts=True)
    columns = (interactions.users.tolist(), interactions.items.tolist(), interactions.values)
    rating = {(user, item): value for user, item, value in zip(*columns, strict=True)}
    high = {pair for pair in stored(test, test.targets) if rating[pair] >= lowest}
    if not high:
        with pytest.raises(InputError, match="use a lower --relevant-from"):
            relevant(test, lowest)
        return
    part = relevant(test, lowest)
    check(part, interactions)
    assert stored(part, part.targets) == high
    assert part.train is test.train
    evaluated = {user for user, _ in high}
    assert set(part.users.tolist()) == evaluated
    assert part.skipped == test.skipped + len(test.users) - len(evaluated)
    assert ranked(part) == {pair for pair in ranked(test) if pair[0] in evaluated}
    learned = {item for _, item in pairs(test.train)}
    new = [item not in learned for item in part.targets.indices]
    assert part.target_groups["new films"].tolist() == new
    known = np.isin(part.users, test.train.users)
    assert part.viewer_groups["known viewers"].tolist() == known.tolist()
    if test.target_times is not None:
        times = dict(zip(rating, interactions.times.tolist(), strict=True))
        rows = np.repeat(part.users, np.diff(part.targets.indptr)).tolist()
        items = part.targets.indices.tolist()
        assert part.target_times is not None
        assert part.target_times.tolist() == [times[pair] for pair in zip(rows, items, strict=True)]


def test_among_keeps_the_films_of_an_earlier_restriction(planted: Interactions) -> None:
    ((_, test),) = random(planted, 0)
    even, low = np.arange(40) % 2 == 0, np.arange(40) < 20
    part = among(among(test, even), low)
    np.testing.assert_array_equal(part.candidates, even & low)
    assert (part.targets.indices < 20).all()
    check(part, planted)


def test_films_without_a_target_and_ratings_too_high_are_errors(planted: Interactions) -> None:
    ((_, test),) = random(planted, 0)
    nothing = np.zeros(40, dtype=np.bool_)
    with pytest.raises(InputError, match="no target of split 'seed 0' is among the 0 films; list"):
        among(test, nothing)
    with pytest.raises(InputError, match="has a rating of 6 or more; use a lower --relevant-from"):
        relevant(test, 6)


def test_a_viewer_with_several_rows_is_lost_once() -> None:
    data = of_columns([0, 0, 1, 1], [0, 1, 0, 1], [5.0, 4.0, 2.0, 2.0], [1, 2, 3, 4])
    rows = np.array([0, 0, 1, 1], dtype=np.int32)
    targets = sp.csr_array(
        (np.array([5, 4, 2, 2], dtype=np.float32), (range(4), [0, 1, 0, 1])), shape=(4, N_FILMS)
    )
    ((_, test),) = random(data.select(slice(0, 4)), 0, 0.5)
    split = replace(test.take(np.zeros(4, dtype=np.int64)), users=rows, targets=targets, skipped=0)
    assert relevant(split, 4).skipped == 1
