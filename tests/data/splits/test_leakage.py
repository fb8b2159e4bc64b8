"""Every protocol keeps its promises, and every kind of leak is refused by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.data.splits.examples import PROTOCOLS, some_interactions

from matinee.data import Histories, Interactions
from matinee.data.splits import (
    Division,
    Promise,
    Split,
    cold,
    cold_viewers,
    last,
    random,
    strong,
    time,
)
from matinee.data.splits.leakage import check, check_divisions
from matinee.errors import InputError


@pytest.mark.parametrize("name", PROTOCOLS)
@settings(deadline=None, max_examples=25)
@given(interactions=some_interactions(), seed=st.integers(0, 99))
def test_no_protocol_leaks(name: str, interactions: Interactions, seed: int) -> None:
    check_divisions(PROTOCOLS[name](interactions, seed), interactions)


def with_entry(matrix: sp.csr_array, row: int, item: int) -> sp.csr_array:
    dense = matrix.toarray()
    dense[row, item] = 4
    return sp.csr_array(dense)


def refused(split: Split, interactions: Interactions, said: str) -> str:
    with pytest.raises(InputError, match=said) as caught:
        check(split, interactions)
    message = str(caught.value)
    assert repr(split.name) in message
    assert "viewer" in message
    assert "film" in message
    assert "\n" not in message
    return message


def held_out(split: Split) -> NDArray[np.intp]:
    assert isinstance(split.candidates, np.ndarray)
    return np.flatnonzero(split.candidates)


def first_target(split: Split) -> tuple[int, int, int]:
    """Row, viewer and film."""
    return 0, int(split.users[0]), int(split.targets.indices[0])


def learning(split: Split, user: int, item: int, time: int = 1) -> Split:
    """The same split with one more training rating."""
    train = split.train
    added = {"users": user, "items": item, "values": 4.0, "times": time}
    columns = {
        name: np.append(getattr(train, name), np.array(value, getattr(train, name).dtype))
        for name, value in added.items()
    }
    return replace(split, train=replace(train, **columns))  # type: ignore[arg-type]


def test_a_target_in_the_history_is_refused_with_viewer_and_film(planted: Interactions) -> None:
    ((_, test),) = random(planted, 0)
    row, user, item = first_target(test)
    leaky = replace(test, histories=Histories(with_entry(test.histories.ratings, row, item)))
    message = refused(leaky, planted, "is a target and in the history shown to the model")
    film, viewer = str(planted.item_ids.ids[item]), str(planted.user_ids.ids[user])
    assert f"the rating of film {film!r} by viewer {viewer!r} is a target" in message
    assert "(1 of that kind)" in message


def test_a_target_among_the_seen_films_is_refused(planted: Interactions) -> None:
    ((_, test),) = random(planted, 0)
    row, _, item = first_target(test)
    leaky = replace(test, seen=with_entry(test.seen, row, item))
    refused(leaky, planted, "is a target and among the seen films")


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_target_in_training_is_refused(name: str, planted: Interactions) -> None:
    test = PROTOCOLS[name](planted, 0)[0].test
    _, user, item = first_target(test)
    refused(learning(test, user, item), planted, "is a target and in what models are fitted on")


def test_another_rating_of_a_held_out_viewer_in_training_is_refused(planted: Interactions) -> None:
    ((_, test),) = strong(planted, 0)
    user = int(test.users[0])
    shown = int(test.histories.ratings.indices[0])
    refused(learning(test, user, shown), planted, "is of a held-out viewer who is in training")


def test_a_rating_of_a_held_out_film_in_training_is_refused(planted: Interactions) -> None:
    ((_, test),) = cold(planted, 0)
    item = int(held_out(test)[0])
    rated = planted.users[planted.items == item]
    stranger = int(np.setdiff1d(np.arange(60), rated)[0])
    message = refused(
        learning(test, stranger, item), planted, "is of a held-out film and in what models"
    )
    assert f"film {str(planted.item_ids.ids[item])!r}" in message


def test_a_rating_of_a_held_out_film_in_a_history_is_refused(planted: Interactions) -> None:
    ((_, test),) = cold(planted, 0)
    own = test.targets[[0]].indices
    other = int(np.setdiff1d(held_out(test), own)[0])
    leaky = replace(test, histories=Histories(with_entry(test.histories.ratings, 0, other)))
    refused(leaky, planted, "is of a held-out film and in the history")


def test_a_target_that_is_not_ranked_is_refused(planted: Interactions) -> None:
    ((_, test),) = cold(planted, 0)
    item = first_target(test)[2]
    fewer = np.array(test.candidates)
    fewer[item] = False
    refused(replace(test, candidates=fewer), planted, "is a target and not a candidate")
    nobody = sp.csr_array(test.targets.shape, dtype=np.float32)
    alone = replace(test, candidates=nobody, promises=())
    refused(alone, planted, "is a target and not a candidate")


def test_held_out_films_without_candidates_are_refused(planted: Interactions) -> None:
    ((_, test),) = random(planted, 0)
    with pytest.raises(InputError, match="without naming them; set its candidates"):
        check(replace(test, promises=(Promise.ITEMS_HELD_OUT,)), planted)


def test_training_as_late_as_a_target_is_refused(planted: Interactions) -> None:
    ((_, test),) = time(planted)
    user = int(planted.users[0])
    unseen = np.setdiff1d(np.arange(40), planted.items[planted.users == user])
    late = learning(test, user, int(unseen[0]), int(planted.times.max()))
    refused(late, planted, "is learned from and as late as a target, or later")


@pytest.mark.parametrize("name", ["time", "last", "cold-viewers", "prequential"])
def test_a_history_later_than_its_target_is_refused(name: str, planted: Interactions) -> None:
    test = PROTOCOLS[name](planted, 0)[-1].test
    row = int(np.flatnonzero(np.diff(test.histories.ratings.indptr))[0])
    user, item = test.users[row], test.histories.ratings[[row]].indices[0]
    latest = planted.times.copy()
    latest[(planted.users == user) & (planted.items == item)] = planted.times.max() + 1
    later = replace(planted, times=latest)
    refused(test, later, "is shown and later than a target of the same viewer")


def test_ratings_outside_the_data_are_refused(planted: Interactions) -> None:
    ((_, test),) = last(planted)
    fewer = planted.select(planted.items != first_target(test)[2])
    refused(test, fewer, "is in the split and not in the data")


def with_validation(division: Division, **changes: object) -> tuple[Division]:
    return (Division(replace(division.validation, **changes), division.test),)  # type: ignore[arg-type]


def test_a_validation_with_targets_of_the_test_is_refused(planted: Interactions) -> None:
    (division,) = strong(planted, 0)
    _, test = division
    _, user, item = first_target(test)
    taught = learning(division.validation, user, item)
    with pytest.raises(InputError, match="target of the test and in what the validation's models"):
        check_divisions((Division(taught, test),), planted)
    (other,) = random(planted, 0)
    borrowed = with_validation(
        other,
        users=other.test.users,
        targets=other.test.targets,
        histories=Histories(other.test.histories.ratings),
        seen=other.test.histories.ratings,
    )
    with pytest.raises(InputError, match="target of the test and in the targets of the validation"):
        check_divisions(borrowed, planted)
    row = int(np.searchsorted(other.validation.users, other.test.users[0]))
    assert other.validation.users[row] == other.test.users[0]
    item = first_target(other.test)[2]
    shown = with_validation(
        other, histories=Histories(with_entry(other.validation.histories.ratings, row, item))
    )
    with pytest.raises(InputError, match="target of the test and in a history of the validation"):
        check_divisions(shown, planted)


def test_a_shared_validation_is_checked_once(
    planted: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(
        "matinee.data.splits.leakage.check", lambda split, data: seen.append(split.name)
    )
    check_divisions(cold_viewers(planted, 0), planted)
    assert seen == ["seed 0", "0 shown", "1 shown", "3 shown", "5 shown", "10 shown"]


def test_unsorted_matrices_are_checked_as_well(planted: Interactions) -> None:
    ((_, test),) = random(planted, 0)
    row, _, item = first_target(test)
    targets = test.targets.copy()
    for each in range(targets.shape[0]):
        entries = slice(targets.indptr[each], targets.indptr[each + 1])
        targets.indices[entries] = targets.indices[entries][::-1]
        targets.data[entries] = targets.data[entries][::-1]
    unsorted = sp.csr_array((targets.data, targets.indices, targets.indptr), shape=targets.shape)
    assert not unsorted.has_sorted_indices
    leaky = Histories(with_entry(test.histories.ratings, row, item))
    refused(
        replace(test, histories=leaky, targets=unsorted), planted, "is a target and in the history"
    )
