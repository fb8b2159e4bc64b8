"""The replay of the log: every rating is predicted from the earlier ratings of its viewer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.data.splits.examples import of_columns

from matinee.data import Interactions
from matinee.data.splits import prequential
from matinee.data.splits.leakage import check
from matinee.data.splits.replay import RHYTHMS, Rhythm
from matinee.errors import InputError, OptionError


def log(n: int = 200) -> Interactions:
    """Twenty viewers rate ten films each, one rating a second, in any order."""
    rng = np.random.default_rng(0)
    pairs = rng.permutation(n)
    users, items = pairs % (n // 10), pairs // (n // 10)
    times = 1 + rng.permutation(n)
    return of_columns(users.tolist(), items.tolist(), (times % 5 + 1.0).tolist(), times.tolist())


def test_every_rating_after_the_first_part_is_predicted_once_from_all_earlier_ones() -> None:
    interactions = log()
    divisions = prequential(interactions, 0, windows=4)
    assert len(divisions) == 4
    columns = (interactions.users, interactions.items, interactions.times)
    when = {(user, item): int(time) for user, item, time in zip(*columns, strict=True)}
    asked = []
    for _, test in divisions:
        assert np.diff(test.targets.indptr).tolist() == [1] * len(test.users)
        for row, user in enumerate(test.users.tolist()):
            target = int(test.targets.indices[row])
            now = when[user, target]
            asked.append(now)
            history = test.histories.ratings[[row]].indices
            before = {item for (who, item), time in when.items() if who == user and time < now}
            assert set(history.tolist()) == before
        assert test.train.times.max() < min(asked[-len(test.users) :])
    assert sorted(asked) == list(range(41, 201))


def test_the_model_of_a_window_is_fitted_on_everything_before_it() -> None:
    sizes = [len(test.train) for _, test in prequential(log(), 0, windows=4)]
    assert sizes == [40, 80, 120, 160]


def test_options_are_chosen_once_before_the_first_window() -> None:
    divisions = prequential(log(), 0, windows=4)
    assert len({id(division.validation) for division in divisions}) == 1
    validation = divisions[0].validation
    assert len(validation.train) == 32
    assert len(validation.users) == 8


def test_windows_are_named_by_number_and_day_and_report_new_viewers_and_films() -> None:
    _, test = prequential(log(), 0, windows=4)[0]
    assert test.name == "1: from 1970-01-01"
    known = test.viewer_groups["known viewers"]
    assert (known == np.isin(test.users, test.train.users)).all()
    films = test.target_groups["known films"]
    assert (films == np.isin(test.targets.indices, test.train.items)).all()


def test_ratings_of_one_instant_stay_together() -> None:
    coarse = log().times // 7 + 1
    divided = prequential(replace(log(), times=coarse), 0, windows=4)
    ends = [test.train.times.max() for _, test in divided]
    assert len(set(ends)) == 4
    for (_, test), last in zip(divided, ends, strict=True):
        assert np.count_nonzero(coarse <= last) == len(test.train)


def test_ratings_are_sampled_if_histories_are_too_large() -> None:
    every = sum(len(test.users) for _, test in prequential(log(), 0, windows=4))
    sampled = prequential(log(), 0, windows=4, max_history_ratings=300)
    assert 0 < sum(len(test.users) for _, test in sampled) < every / 2
    assert "ratings, drawn at random, are predicted" in sampled[0].test.notes[0]


def test_ratings_without_a_time_are_left_out_and_counted() -> None:
    times = log().times
    times[:10] = 0
    divisions = prequential(replace(log(), times=times), 0, windows=4)
    assert divisions[0].test.notes == ("10 ratings have no time and are left out",)
    assert divisions[1].test.notes == ()


def test_data_that_cannot_be_replayed_is_an_error() -> None:
    with pytest.raises(InputError, match="12 or more different instants, and these have 2"):
        prequential(of_columns([0, 0, 1, 1], [0, 1, 0, 1], [3.0] * 4, [1, 1, 2, 2]), 0)
    with pytest.raises(OptionError, match="at least one window, not 0"):
        prequential(log(), 0, windows=0)


def dated() -> Interactions:
    """Ratings of 200 hours, which are nine days from Thursday to Friday of the next week."""
    return replace(log(), times=log().times * 3600 - 1)


def start_of_period(time: int, rhythm: str) -> int:
    """The beginning of the period of an instant, by the calendar of the standard library."""
    day = datetime.fromtimestamp(time, UTC).replace(hour=0, minute=0, second=0)
    if rhythm == "weekly":
        day -= timedelta(days=day.weekday())
    if rhythm == "monthly":
        day = day.replace(day=1)
    return int(day.timestamp())


@pytest.mark.parametrize("rhythm", ["monthly", "weekly", "daily"])
def test_a_model_is_as_old_as_the_beginning_of_its_period(rhythm: Rhythm) -> None:
    interactions = replace(dated(), times=dated().times + 20 * 86_400)  # into February
    first = None
    for _, test in prequential(interactions, 0, windows=4, retrain=rhythm):
        assert test.answer_times is not None
        if first is None:
            first = test.answer_times.min()
        parts = list(test.periods())
        assert sum(len(part.users) for part in parts) == len(test.users)
        rows = 0
        for part in parts:
            same = test.take(np.arange(rows, rows + len(part.users)))
            np.testing.assert_array_equal(part.targets.toarray(), same.targets.toarray())
            rows += len(part.users)
            assert part.answer_times is not None
            (start,) = {
                max(first, start_of_period(moment, rhythm)) for moment in part.answer_times.tolist()
            }
            before = np.count_nonzero(interactions.times < start)
            assert len(part.train) == before
            assert part.train.times.max() < start


def test_all_rhythms_have_the_same_queries_and_histories() -> None:
    def queries(retrain: Rhythm) -> dict[tuple[int, int], tuple[int, ...]]:
        return {
            (user, item): tuple(test.histories.take(slice(row, row + 1)).items.tolist())
            for _, test in prequential(dated(), 0, windows=4, retrain=retrain)
            for row, (user, item) in enumerate(
                zip(test.users.tolist(), test.targets.indices.tolist(), strict=True)
            )
        }

    expected = queries("window")
    assert len(expected) == 160
    for rhythm in RHYTHMS:
        assert queries(rhythm) == expected


def test_a_model_that_is_never_refitted_serves_all_windows() -> None:
    divisions = prequential(dated(), 0, windows=4, retrain="never")
    assert len({id(test.train) for _, test in divisions}) == 1
    assert [len(test.train) for _, test in divisions] == [40] * 4
    assert all(len(list(test.periods())) == 1 for _, test in divisions)
    newcomers = [np.count_nonzero(test.viewer_groups["new viewers"]) for _, test in divisions]
    assert newcomers == [
        np.count_nonzero(~np.isin(test.users, divisions[0].test.train.users))
        for _, test in divisions
    ]


def test_a_model_that_knows_its_query_is_a_leak() -> None:
    _, test = prequential(dated(), 0, windows=4, retrain="daily")[1]
    assert test.train_sizes is not None
    check(test, dated())
    early = replace(test, train_sizes=np.full_like(test.train_sizes, test.train_sizes.max() + 30))
    with pytest.raises(InputError, match="is a target and not later than what its model is fitt"):
        check(early, dated())
