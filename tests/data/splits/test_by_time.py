"""The protocol of one point in time: instants stay together, and nothing is lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from tests.data.splits.examples import of_columns, pairs, some_interactions, stored

from matinee.data import Interactions
from matinee.data.splits import time
from matinee.data.splits.order import dividing_points
from matinee.errors import InputError

DAY = 86_400


def dated() -> Interactions:
    """Ten ratings on ten days; viewer 3 and film 9 are new in the last two."""
    users = [0, 0, 1, 1, 2, 2, 0, 1, 3, 3]
    items = [0, 1, 0, 2, 1, 2, 3, 3, 9, 0]
    return of_columns(users, items, [4.0] * 10, [DAY * (day + 1) for day in range(10)])


def test_four_fifths_are_before_the_point_and_the_slice_before_it_is_the_validation() -> None:
    ((validation, test),) = time(dated())
    assert test.name == "from 1970-01-10"
    assert stored(test, test.targets) == {(3, 9), (3, 0)}
    assert len(test.train) == 8
    assert validation.name == "from 1970-01-09"
    assert stored(validation, validation.targets) == {(1, 3)}
    assert len(validation.train) == 7
    assert test.skipped == 3


def test_new_viewers_and_films_are_evaluated_and_reported() -> None:
    ((_, test),) = time(dated())
    assert test.histories.ratings.nnz == 0
    assert test.viewer_groups["new viewers"].tolist() == [True]
    assert test.viewer_groups["known viewers"].tolist() == [False]
    assert test.targets.indices.tolist() == [0, 9]
    assert test.target_groups["new films"].tolist() == [False, True]
    assert test.target_groups["known films"].tolist() == [True, False]
    (note,) = test.notes
    assert note == (
        "1 of 2 test ratings is of 1 film that nobody rated before 1970-01-10; 1 of 1 viewer "
        "has no rating before it; all of them count, and are also reported separately"
    )


@settings(deadline=None, max_examples=50)
@given(interactions=some_interactions())
def test_everything_with_a_time_is_on_one_side_and_instants_are_whole(
    interactions: Interactions,
) -> None:
    ((validation, test),) = time(interactions)
    known = interactions.times != 0
    assert pairs(test.train) | stored(test, test.targets) == pairs(interactions.select(known))
    columns = (interactions.users, interactions.items, interactions.times)
    times = {(user, item): time for user, item, time in zip(*columns, strict=True)}
    for split in (validation, test):
        first = min(times[pair] for pair in stored(split, split.targets))
        assert split.train.times.max() < first
        assert stored(split, split.histories.ratings) <= pairs(split.train)
    assert ("have no time" in " ".join(test.notes)) == (not known.all())


def test_the_share_is_approximate_because_instants_stay_together() -> None:
    times = np.array([1, 2, 2, 2, 2, 2, 2, 2, 2, 3])  # splits after 10% or after 90%
    assert dividing_points(times, (0.8,), "time") == (3,)
    assert dividing_points(times, (0.7, 0.8), "time") == (2, 3)
    assert dividing_points(times, (0.1,), "time") == (2,)


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ([0] * 10, "none of the 10 ratings has one; use --protocol random"),
        ([7] * 10, "needs ratings at 3 or more different instants, and these have 1"),
        ([7] * 9 + [8], "needs ratings at 3 or more different instants, and these have 2"),
    ],
)
def test_data_without_enough_times_is_an_error(times: list[int], message: str) -> None:
    users, items = [0, 1] * 5, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    with pytest.raises(InputError, match=message):
        time(of_columns(users, items, [3.0] * 10, times))
