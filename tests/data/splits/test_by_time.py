"""The protocol of one point in time: instants stay together, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.data.splits.examples import of_columns, pairs, some_interactions, stored

from matinee.data import Interactions
from matinee.data.splits import cuts, time
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
    ("share", "validation_from", "test_from"), [(0.9, 8, 9), (0.8, 7, 8), (0.5, 4, 5), (0.2, 1, 2)]
)
def test_a_share_moves_the_point_and_the_tenth_before_it(
    share: float, validation_from: int, test_from: int
) -> None:
    ((validation, test),) = time(dated(), share)
    assert len(test.train) == test_from
    assert len(validation.train) == validation_from


def test_a_small_share_leaves_half_of_the_past_to_the_validation() -> None:
    times = [DAY * (day + 1) for day in range(100)]
    users, films = [day // 10 for day in range(100)], [*range(10)] * 10
    data = of_columns(users, films, [4.0] * 100, times)
    ((validation, test),) = time(data, 0.06)
    assert (len(validation.train), len(test.train)) == (3, 6)


def test_training_ends_before_a_day_and_the_last_eighth_of_it_is_the_validation() -> None:
    users, films = [0, 1] * 6, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    data = of_columns(users, films, [4.0] * 12, [DAY * day + 5 for day in range(1, 13)])
    ((validation, test),) = time(data, until="1970-01-10")
    assert test.name == "from 1970-01-10"
    assert stored(test, test.targets) == {(0, 4), (1, 4), (0, 5), (1, 5)}
    assert len(test.train) == 8
    assert stored(validation, validation.targets) == {(1, 3)}
    assert len(validation.train) == 7
    assert "nobody rated before 1970-01-10" in test.notes[0]


def test_a_rating_at_midnight_belongs_to_the_new_day() -> None:
    data = of_columns([0, 0, 0, 0], [0, 1, 2, 3], [4.0] * 4, [1, DAY, DAY * 9 - 1, DAY * 9])
    ((_, test),) = time(data, until="1970-01-10")
    assert stored(test, test.targets) == {(0, 3)}


@pytest.mark.parametrize(
    ("until", "message"),
    [
        (
            "1969-12-31",
            "every rating is after the start of 1969-12-31, .* from 1970-01-02 to 1970-",
        ),
        ("2000-01-01", "every rating is before 2000-01-01, and one side of it would be empty"),
        ("1970-01-03", "needs ratings at 2 or more different instants, and these have 1"),
    ],
)
def test_a_date_with_too_little_on_one_side_is_an_error(until: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        time(dated(), until=until)


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


def hundred() -> Interactions:
    """A hundred ratings on a hundred days, by ten viewers in turn."""
    days = np.arange(100)
    users, items = days % 10, days // 10
    return of_columns(users.tolist(), items.tolist(), [4.0] * 100, (DAY * (days + 1)).tolist())


def test_five_cuts_have_half_to_nine_tenths_behind_them_and_a_tenth_before_them() -> None:
    divisions = cuts(hundred(), 5)
    assert [len(test.train) for _, test in divisions] == [50, 60, 70, 80, 90]
    for validation, test in divisions:
        assert test.targets.nnz == validation.targets.nnz == 10
        assert len(validation.train) == len(test.train) - 10
        assert pairs(validation.train) | stored(validation, validation.targets) == pairs(test.train)
    names = [test.name for _, test in divisions]
    assert names[0] == "1: from 1970-02-21"
    assert len(set(names)) == 5


@settings(deadline=None, max_examples=30)
@given(interactions=some_interactions(), n=st.integers(2, 4))
def test_every_rating_of_the_second_half_is_a_target_of_one_cut(
    interactions: Interactions, n: int
) -> None:
    try:
        divisions = cuts(interactions, n)
    except InputError:
        assert len(np.unique(interactions.times[interactions.times > 0])) < n + 2
        return
    tests = [test for _, test in divisions]
    targets = [pair for test in tests for pair in stored(test, test.targets)]
    assert len(targets) == len(set(targets))
    known = pairs(interactions.select(interactions.times != 0))
    assert set(targets) == known - pairs(tests[0].train)


def test_a_viewer_is_answered_at_the_time_of_the_first_target() -> None:
    interactions = hundred()
    for _, test in cuts(interactions, 5):
        assert test.answer_times is not None
        for user, moment in zip(test.users.tolist(), test.answer_times.tolist(), strict=True):
            own = interactions.times[interactions.users == user]
            assert moment == own[own > test.train.times.max()].min()


def test_ratings_without_a_time_are_counted_once_over_all_cuts() -> None:
    times = hundred().times
    times[:7] = 0
    divisions = cuts(replace(hundred(), times=times), 3)
    counted = [any("have no time" in note for note in test.notes) for _, test in divisions]
    assert counted == [True, False, False]
