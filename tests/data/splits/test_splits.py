"""No protocol leaks, loses or doubles a rating; the same seed gives the same splits."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.data.splits.examples import PROTOCOLS, of_columns, pairs, some_interactions, stored

from matinee.data import Interactions, Vocabulary
from matinee.data.splits import last, random, ratings, strong
from matinee.errors import InputError, OptionError


# A rating is first a target and then part of the history where the log is replayed.
@pytest.mark.parametrize("name", sorted(PROTOCOLS.keys() - {"prequential"}))
@settings(deadline=None, max_examples=30)
@given(interactions=some_interactions(), seed=st.integers(0, 99))
def test_targets_are_ranked_and_neither_shown_nor_learned(
    name: str, interactions: Interactions, seed: int
) -> None:
    for validation, test in PROTOCOLS[name](interactions, seed):
        hidden = stored(test, test.targets)
        assert not hidden & pairs(validation.train)
        assert not hidden & stored(validation, validation.histories.ratings)
        assert not hidden & stored(validation, validation.targets)
        for split in (validation, test):
            targets, seen = stored(split, split.targets), stored(split, split.seen)
            assert not targets & (pairs(split.train) | seen)
            assert stored(split, split.histories.ratings) <= seen


@pytest.mark.parametrize("name", PROTOCOLS)
@settings(deadline=None, max_examples=30)
@given(interactions=some_interactions(), seed=st.integers(0, 99))
def test_matrices_are_float32_rows_of_evaluated_viewers_with_their_ratings(
    name: str, interactions: Interactions, seed: int
) -> None:
    columns = (interactions.users, interactions.items, interactions.values)
    rating = {(user, item): value for user, item, value in zip(*columns, strict=True)}
    for split in chain.from_iterable(PROTOCOLS[name](interactions, seed)):
        assert (np.diff(split.users) >= 0).all()
        assert (np.diff(split.targets.indptr) > 0).all()
        for matrix in (split.histories.ratings, split.targets, split.seen):
            assert matrix.shape == (len(split.users), interactions.n_items)
            assert matrix.dtype == np.float32
            rows = np.repeat(split.users, np.diff(matrix.indptr))
            for user, item, value in zip(rows, matrix.indices, matrix.data, strict=True):
                assert value == rating[user, item]


@pytest.mark.parametrize("name", PROTOCOLS)
@settings(deadline=None, max_examples=20)
@given(interactions=some_interactions(), seed=st.integers(0, 99))
def test_the_same_seed_gives_the_same_division(
    name: str, interactions: Interactions, seed: int
) -> None:
    once, again = (chain.from_iterable(PROTOCOLS[name](interactions, seed)) for _ in range(2))
    for one, other in zip(once, again, strict=True):
        assert one.name == other.name
        assert one.train.content_hash == other.train.content_hash
        assert stored(one, one.targets) == stored(other, other.targets)
        assert stored(one, one.histories.ratings) == stored(other, other.histories.ratings)


@pytest.mark.parametrize("name", ["random", "strong", "folds", "ratings", "cold", "cold-viewers"])
def test_another_seed_gives_another_split(name: str, planted: Interactions) -> None:
    one, other = (PROTOCOLS[name](planted, seed)[0].validation for seed in (0, 1))
    assert stored(one, one.targets) != stored(other, other.targets)


@settings(deadline=None, max_examples=30)
@given(interactions=some_interactions(), seed=st.integers(0, 99))
def test_random_puts_every_rating_in_exactly_one_part_of_the_right_size(
    interactions: Interactions, seed: int
) -> None:
    ((validation, test),) = random(interactions, seed)
    parts = [pairs(test.train), stored(validation, validation.targets), stored(test, test.targets)]
    assert set.union(*parts) == pairs(interactions)
    assert sum(map(len, parts)) == len(interactions)
    assert len(parts[1]) == len(parts[2]) == round(0.1 * len(interactions))


@pytest.mark.parametrize(("share", "parts"), [(0.5, (50, 25, 25)), (0.9, (90, 5, 5))])
def test_the_share_of_random_is_the_training_and_the_rest_is_halved(
    planted: Interactions, share: float, parts: tuple[int, ...]
) -> None:
    hundred = planted.select(slice(0, 100))
    ((validation, test),) = random(hundred, 0, share)
    assert (len(test.train), validation.targets.nnz, test.targets.nnz) == parts


def test_the_usual_share_gives_the_usual_splits(planted: Interactions) -> None:
    for usual, named in (
        (random(planted, 3), random(planted, 3, 0.8)),
        (strong(planted, 3), strong(planted, 3, 0.8)),
        (ratings(planted, 3), ratings(planted, 3, share=0.8)),
    ):
        for one, other in zip(chain.from_iterable(usual), chain.from_iterable(named), strict=True):
            assert one.train.content_hash == other.train.content_hash
            assert stored(one, one.targets) == stored(other, other.targets)


def test_the_share_of_strong_is_that_of_the_viewers_in_training(planted: Interactions) -> None:
    ((validation, test),) = strong(planted, 0, 0.5)
    assert len(np.unique(test.train.users)) == 30
    assert len(validation.users) == len(test.users) == 15


@pytest.mark.parametrize(("n", "share", "n_test"), [(100, 0.29, 71), (12, 0.9, 2), (60, 0.95, 3)])
def test_the_share_of_ratings_is_the_training_rounded_down(
    planted: Interactions, n: int, share: float, n_test: int
) -> None:
    ((_, test),) = ratings(planted.select(slice(0, n)), 0, share=share)
    assert (len(test.train), test.targets.nnz) == (n - n_test, n_test)


@pytest.mark.parametrize("share", [0.1, 0.4])
def test_a_share_that_leaves_too_little_to_learn_from_is_an_error(
    planted: Interactions, share: float
) -> None:
    with pytest.raises(InputError, match=r"leaves \d of 12 ratings to learn from and"):
        ratings(planted.select(slice(0, 12)), 0, share=share)


def test_random_keeps_validation_films_out_of_training_and_of_the_test_ranking(
    planted: Interactions,
) -> None:
    ((validation, test),) = random(planted, 0)
    evaluated = set(test.users.tolist())
    held_out = {
        (user, item) for user, item in stored(validation, validation.targets) if user in evaluated
    }
    assert stored(test, test.histories.ratings) == stored(test, test.seen) - held_out
    assert held_out <= stored(test, test.seen)
    assert validation.train is test.train


def test_random_counts_viewers_without_a_test_rating(planted: Interactions) -> None:
    ((_, test),) = random(planted, 0)
    assert test.skipped == 60 - len(test.users)
    assert test.skipped > 0


@settings(deadline=None, max_examples=30)
@given(interactions=some_interactions(), seed=st.integers(0, 99))
def test_strong_never_learns_from_a_held_out_viewer(interactions: Interactions, seed: int) -> None:
    ((validation, test),) = strong(interactions, seed)
    trained = set(test.train.users.tolist())
    assert not trained & set(test.users.tolist())
    assert not trained & set(validation.users.tolist())
    assert not set(test.users.tolist()) & set(validation.users.tolist())
    matrices = [(s, m) for s in (validation, test) for m in (s.histories.ratings, s.targets)]
    everything = [pairs(test.train), *(stored(split, matrix) for split, matrix in matrices)]
    assert set.union(*everything) == pairs(interactions)
    assert sum(map(len, everything)) == len(interactions)


def test_strong_holds_out_a_tenth_of_the_viewers_and_a_fifth_of_their_ratings(
    planted: Interactions,
) -> None:
    ((validation, test),) = strong(planted, 0)
    assert len(validation.users) == len(test.users) == 6
    assert np.diff(test.targets.indptr).tolist() == [3] * 6
    assert np.diff(test.histories.ratings.indptr).tolist() == [12] * 6
    assert len(np.unique(test.train.users)) == 48


def test_strong_skips_and_counts_held_out_viewers_with_a_single_rating() -> None:
    users = [*range(100), *range(0, 100, 2)]
    items = [0] * 100 + [1] * 50
    interactions = of_columns(users, items, [4.0] * 150, [0] * 150)
    ((_, test),) = strong(interactions, 0)
    assert test.skipped + len(test.users) == 10
    assert 0 < test.skipped < 10
    assert (test.users % 2 == 0).all()


def test_strong_keeps_targets_without_a_training_rating() -> None:
    users, films = np.repeat(np.arange(10, dtype=np.int32), 2), np.arange(20, dtype=np.int32)
    ids = (Vocabulary.of("viewer", range(10)), Vocabulary.of("film", range(20)))
    ones, times = np.ones(20, dtype=np.float32), np.zeros(20, dtype=np.int64)
    ((_, test),) = strong(Interactions(users, films, ones, times, *ids), 0)
    assert test.targets.nnz == len(test.users) == 1


def test_last_takes_the_latest_and_of_ties_by_file_the_later_row() -> None:
    interactions = of_columns(
        [0, 0, 0, 0, 1, 1, 1], [5, 6, 7, 8, 1, 2, 3], [4.0] * 7, [9, 1, 9, 2, 0, 0, 0]
    )
    ((validation, test),) = last(interactions, ties="file")
    assert stored(test, test.targets) == {(0, 7), (1, 3)}
    assert stored(validation, validation.targets) == {(0, 5), (1, 2)}
    assert stored(validation, validation.histories.ratings) == {(0, 6), (0, 8), (1, 1)}
    assert stored(test, test.histories.ratings) == {(0, 5), (0, 6), (0, 8), (1, 1), (1, 2)}
    assert pairs(test.train) == {(0, 6), (0, 8), (1, 1)}


def test_the_last_two_are_the_test_and_the_two_before_the_validation() -> None:
    interactions = of_columns([0] * 6 + [1] * 4, [*range(6), *range(4)], [3.0] * 10, [0] * 10)
    ((validation, test),) = last(interactions, 2, ties="file")
    assert stored(test, test.targets) == {(0, 4), (0, 5)}
    assert stored(validation, validation.targets) == {(0, 2), (0, 3)}
    assert stored(test, test.histories.ratings) == {(0, 0), (0, 1), (0, 2), (0, 3)}
    assert pairs(test.train) == {(0, 0), (0, 1), *((1, film) for film in range(4))}
    assert test.skipped == 1


@pytest.mark.parametrize(("share", "held_out"), [(0.1, 1), (0.2, 2), (0.29, 2), (0.49, 4)])
def test_a_share_of_each_history_is_rounded_down_and_at_least_one(
    share: float, held_out: int
) -> None:
    interactions = of_columns([0] * 10 + [1] * 3, [*range(10), 0, 1, 2], [3.0] * 13, [0] * 13)
    ((validation, test),) = last(interactions, share)
    assert np.diff(test.targets.indptr).tolist() == [held_out, 1]
    assert np.diff(validation.targets.indptr).tolist() == [held_out, 1]


@settings(deadline=None, max_examples=30)
@given(interactions=some_interactions())
def test_last_has_no_history_later_than_its_target(interactions: Interactions) -> None:
    ((validation, test),) = last(interactions, ties="file")
    order = np.argsort(interactions.times, kind="stable")
    in_order = zip(interactions.users[order], interactions.items[order], strict=True)
    position = {pair: place for place, pair in enumerate(in_order)}
    for split in (validation, test):
        target = {user: position[user, item] for user, item in stored(split, split.targets)}
        assert len(target) == len(split.users) == len(np.unique(interactions.users))
        for user, item in stored(split, split.histories.ratings):
            assert position[user, item] < target[user]


def test_last_keeps_viewers_with_fewer_than_three_films_in_training_and_counts_them() -> None:
    interactions = of_columns([0, 0, 0, 1, 1, 2], [1, 2, 3, 1, 2, 1], [3.0] * 6, [0] * 6)
    ((validation, test),) = last(interactions)
    assert test.users.tolist() == validation.users.tolist() == [0]
    assert test.skipped == validation.skipped == 2
    assert {(1, 1), (1, 2), (2, 1)} <= pairs(test.train)


@settings(deadline=None, max_examples=20)
@given(interactions=some_interactions())
def test_folds_test_every_rating_once_and_train_on_all_others(interactions: Interactions) -> None:
    divisions = PROTOCOLS["folds"](interactions, 0)
    assert [division.test.name for division in divisions] == ["u1", "u2", "u3", "u4", "u5"]
    tested = [stored(test, test.targets) for _, test in divisions]
    assert set.union(*tested) == pairs(interactions)
    assert sum(map(len, tested)) == len(interactions)
    for (validation, test), targets in zip(divisions, tested, strict=True):
        assert pairs(test.train) == pairs(interactions) - targets
        held_out = stored(validation, validation.targets)
        assert pairs(validation.train) == pairs(test.train) - held_out
        assert len(held_out) == round(0.1 * len(test.train))


@settings(deadline=None, max_examples=50)
@given(interactions=some_interactions(), seed=st.integers(0, 99), n_folds=st.integers(2, 30))
def test_drawn_folds_test_every_rating_once_and_train_on_all_others(
    interactions: Interactions, seed: int, n_folds: int
) -> None:
    divisions = ratings(interactions, seed, n_folds)
    assert [test.name for _, test in divisions] == [f"fold {n + 1}" for n in range(n_folds)]
    tested = [stored(test, test.targets) for _, test in divisions]
    assert set.union(*tested) == pairs(interactions)
    assert sum(map(len, tested)) == len(interactions)
    assert max(map(len, tested)) - min(map(len, tested)) <= 1
    for (validation, test), targets in zip(divisions, tested, strict=True):
        assert pairs(test.train) == pairs(interactions) - targets
        held_out = stored(validation, validation.targets)
        assert pairs(validation.train) == pairs(test.train) - held_out
        assert len(held_out) == round(0.1 * len(test.train))


@settings(deadline=None, max_examples=20)
@given(interactions=some_interactions(), seed=st.integers(0, 99))
def test_a_hold_out_is_the_first_of_five_drawn_folds(interactions: Interactions, seed: int) -> None:
    ((validation, test),) = ratings(interactions, seed)
    first = ratings(interactions, seed, 5)[0]
    assert test.name == f"seed {seed}"
    assert stored(test, test.targets) == stored(first.test, first.test.targets)
    assert stored(validation, validation.targets) == stored(
        first.validation, first.validation.targets
    )
    assert test.targets.nnz == -(-len(interactions) // 5)


@settings(deadline=None, max_examples=20)
@given(interactions=some_interactions(), seed=st.integers(0, 99))
def test_viewers_and_films_without_a_training_rating_are_groups(
    interactions: Interactions, seed: int
) -> None:
    for validation, test in ratings(interactions, seed, 2):
        learned = pairs(test.train)
        new_viewers = ~np.isin(test.users, [user for user, _ in learned])
        new_films = ~np.isin(test.targets.indices, [item for _, item in learned])
        np.testing.assert_array_equal(test.viewer_groups["new viewers"], new_viewers)
        np.testing.assert_array_equal(test.viewer_groups["known viewers"], ~new_viewers)
        np.testing.assert_array_equal(test.target_groups["new films"], new_films)
        np.testing.assert_array_equal(test.target_groups["known films"], ~new_films)
        np.testing.assert_array_equal(test.histories.lengths == 0, new_viewers)
        assert validation.viewer_groups == validation.target_groups == {}


def test_who_rated_once_is_a_new_viewer_of_the_fold_that_tests_it() -> None:
    users, items = [*range(8), *range(8), 8], [0] * 8 + [1] * 8 + [2]
    interactions = of_columns(users, items, [3.0, 5.0] * 8 + [1.0], [0] * 17)
    tests = [test for _, test in ratings(interactions, 0, 4)]
    assert [8 in test.users[test.viewer_groups["new viewers"]] for test in tests].count(True) == 1


@pytest.mark.parametrize(("n", "n_folds"), [(3, None), (11, 2), (13, 14)])
def test_too_few_ratings_for_the_folds_are_an_error(n: int, n_folds: int | None) -> None:
    few = of_columns(
        [0] * min(n, 12) + [1] * max(0, n - 12), [*range(12), 0][:n], [3.0] * n, [0] * n
    )
    with pytest.raises(InputError, match=rf"needs at least \d+; these are {n}, so use more data"):
        ratings(few, 0, n_folds)


@pytest.mark.parametrize("n_folds", [2, 3, 5, 12, None])
def test_the_fewest_ratings_leave_something_to_learn_from_and_to_choose_on(
    n_folds: int | None,
) -> None:
    fewest = of_columns([0] * 6 + [1] * 6, [*range(6)] * 2, [3.0] * 12, [0] * 12)
    for validation, test in ratings(fewest, 0, n_folds):
        assert min(len(validation.train), validation.targets.nnz, test.targets.nnz) > 0


def test_one_fold_is_none() -> None:
    with pytest.raises(OptionError, match="folds must be at least 2, not 1"):
        ratings(of_columns([0] * 12, [*range(12)], [3.0] * 12, [0] * 12), 0, 1)


def test_too_little_data_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(InputError, match="no viewer anything to find in 2 ratings; use more data"):
        last(of_columns([0, 1], [0, 1], [3.0, 3.0], [0, 0]))
