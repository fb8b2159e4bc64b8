"""The last films of each viewer, and what is done where several have the same time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.data.splits.examples import of_columns, some_interactions, stored

from matinee.data import Interactions
from matinee.data.splits import last
from matinee.errors import InputError


def tied() -> Interactions:
    """Twenty viewers; each rates films 0 and 1 first, then films 2 to 5 in one second."""
    users = np.repeat(np.arange(20), 6).tolist()
    return of_columns(users, [*range(6)] * 20, [4.0] * 120, [10, 20, 30, 30, 30, 30] * 20)


def test_the_order_of_ties_is_drawn_by_the_seed() -> None:
    found = []
    for seed in range(3):
        ((validation, test),) = last(tied(), 1, seed)
        assert (test.targets.indices >= 2).all()
        assert (validation.targets.indices >= 2).all()
        found.append(tuple(test.targets.indices.tolist()))
        assert len(set(found[-1])) > 1
    assert len(set(found)) == 3
    assert tuple(last(tied(), 1, 0)[0].test.targets.indices.tolist()) == found[0]


def test_a_note_counts_ties_with_the_film_before() -> None:
    columns = [0] * 4 + [1] * 4, [0, 1, 2, 3] * 2, [4.0] * 8, [1, 2, 3, 3, 1, 2, 3, 4]
    for rule, words in (
        ("shuffle", "their order is drawn by the seed"),
        ("file", "their order is that of the source, and times are moved by seconds"),
    ):
        (note,) = last(of_columns(*columns), ties=rule)[0].test.notes  # type: ignore[arg-type]
        assert note.startswith("1 of 2 targets (50%) have the same time as the viewer's film befor")
        assert words in note
    assert last(of_columns(*columns[:3], [*range(1, 9)]))[0].test.notes == ()


def test_the_order_of_a_file_is_kept_and_shown_to_models_in_seconds() -> None:
    interactions = of_columns([0] * 6, [5, 4, 3, 2, 1, 0], [4.0] * 6, [7, 9, 9, 9, 10, 50])
    ((validation, test),) = last(interactions, ties="file")
    assert stored(test, test.targets) == {(0, 0)}
    assert stored(validation, validation.targets) == {(0, 1)}
    times = dict(zip(test.train.items.tolist(), test.train.times.tolist(), strict=True))
    assert times == {5: 7, 4: 9, 3: 10, 2: 11}
    shown = dict(zip(test.histories.items.tolist(), test.histories.known_times, strict=True))
    assert shown == {**times, 1: 12}
    assert test.answer_times is not None
    assert test.answer_times.tolist() == [12]


@settings(deadline=None, max_examples=50)
@given(interactions=some_interactions())
def test_times_of_a_file_ascend_as_one_loop_over_each_viewer_says(
    interactions: Interactions,
) -> None:
    ((_, test),) = last(interactions, ties="file")
    kept = set(zip(test.train.users.tolist(), test.train.items.tolist(), strict=True))
    moved = {
        (user, item): time
        for user, item, time in zip(
            test.train.users, test.train.items, test.train.times, strict=True
        )
    }
    for user in range(interactions.n_users):
        before = None
        own = interactions.history(user)
        for item, time in zip(own.items.tolist(), own.times.tolist(), strict=True):
            if time == 0:
                expected = 0
            else:
                expected = time if before is None else max(time, before + 1)
                before = expected
            if (user, item) in kept:
                assert moved[user, item] == expected


def test_a_set_of_ties_is_held_out_as_a_whole() -> None:
    columns = [0] * 7, [*range(7)], [4.0] * 7, [1, 2, 2, 3, 4, 4, 4]
    ((validation, test),) = last(of_columns(*columns), ties="set")
    assert stored(test, test.targets) == {(0, 4), (0, 5), (0, 6)}
    assert stored(validation, validation.targets) == {(0, 3)}
    ((validation, test),) = last(of_columns(*columns), 2, ties="set")
    assert stored(test, test.targets) == {(0, 4), (0, 5), (0, 6)}
    assert stored(validation, validation.targets) == {(0, 1), (0, 2), (0, 3)}
    assert stored(validation, validation.histories.ratings) == {(0, 0)}


@settings(deadline=None, max_examples=50)
@given(interactions=some_interactions(), n=st.integers(1, 2))
def test_no_instant_is_on_two_sides_of_a_set(interactions: Interactions, n: int) -> None:
    try:
        ((validation, test),) = last(interactions, n, ties="set")
    except InputError:
        return
    columns = (interactions.users, interactions.items, interactions.times)
    when = {(user, item): time for user, item, time in zip(*columns, strict=True)}
    for split in (validation, test):
        for user in split.users.tolist():
            targets = [when[pair] for pair in stored(split, split.targets) if pair[0] == user]
            shown = stored(split, split.histories.ratings)
            history = [when[pair] for pair in shown if pair[0] == user]
            assert len(targets) >= n
            assert max(history) < min(targets)


def test_a_share_of_a_long_tie_is_drawn_as_well() -> None:
    ((validation, test),) = last(tied(), 0.34)
    assert np.diff(test.targets.indptr).tolist() == [2] * 20
    assert np.diff(validation.targets.indptr).tolist() == [2] * 20
    drawn = [tuple(row) for row in test.targets.indices.reshape(20, 2).tolist()]
    assert any(one != other for one, other in pairwise(drawn))


def test_without_times_everything_ties_and_a_note_says_so() -> None:
    columns = [0] * 5, [*range(5)], [4.0] * 5, [0] * 5
    found = {last(of_columns(*columns), 1, seed)[0].test.targets.indices[0] for seed in range(30)}
    assert found == {0, 1, 2, 3, 4}
    test = last(of_columns(*columns))[0].test
    assert test.notes == ("the ratings have no times; their order is drawn by the seed",)
    assert test.answer_times is None
    ((_, by_file),) = last(of_columns(*columns), ties="file")
    assert by_file.targets.indices.tolist() == [4]
    assert not by_file.train.times.any()
    with pytest.raises(InputError, match="none of the 5 ratings has a time; use --ties shuffle or"):
        last(of_columns(*columns), ties="set")
