"""Questions: what is held out, and that nothing of it is learned from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matinee.data import Interactions, Vocabulary
from matinee.models._auto.questions import questions


@pytest.fixture
def timed() -> Interactions:
    """Sixty viewers of twelve ratings at increasing times; every third rating is a dislike."""
    n = 720
    users = (np.arange(n) // 24 * 2 + np.arange(n) % 2).astype(np.int32)
    items = np.concatenate([np.random.default_rng(row).permutation(40)[:24] for row in range(30)])
    return Interactions(
        users=users,
        items=items.astype(np.int32),
        values=np.where(np.arange(n) % 3 == 0, 2, 5).astype(np.float32),
        times=np.arange(1, n + 1, dtype=np.int64) * 1000,
        user_ids=Vocabulary.of("viewer", range(60)),
        item_ids=Vocabulary.of("film", range(40)),
    )


def ask(ratings: Interactions, choose_on: str) -> tuple[str, tuple]:  # type: ignore[type-arg]
    liked = ratings.values >= 3.5
    return questions(ratings, liked, choose_on, np.random.default_rng(0))  # type: ignore[arg-type]


def test_the_future_is_asked_of_viewers_with_a_history(timed: Interactions) -> None:
    spread = Interactions(
        users=np.tile(np.arange(60), 12).astype(np.int32),
        items=(np.arange(720) // 60 + 12 * (np.arange(720) % 3)).astype(np.int32),
        values=timed.values,
        times=np.where(np.arange(720) % 60 < 40, 1, 500) * 1000 + np.arange(720),
        user_ids=timed.user_ids,
        item_ids=timed.item_ids,
    )
    rule, asked = ask(spread, "future")
    assert rule == "future"
    for question in asked:
        newest = question.train.times.max()
        assert question.known.histories.lengths.min() > 0
        assert question.known.targets.nnz <= np.count_nonzero(
            (spread.times > newest) & (spread.values >= 3.5)
        )


def test_the_next_film_is_a_like_and_nothing_later_is_learned(timed: Interactions) -> None:
    rule, (question,) = ask(timed, "next")
    assert rule == "next"
    assert set(np.diff(question.known.targets.indptr)) == {2}
    assert question.known.targets.data.min() == 5
    times = timed.matrix.copy()
    times.data = timed.times[np.lexsort((timed.items, timed.users))].astype(np.float32)
    for row in range(len(question.known.histories)):
        first = times[[row]].toarray()[0, question.known.targets[[row]].indices].min()
        learned = question.train.times[question.train.users == row]
        assert learned.max() < first


def test_equal_times_are_put_in_a_drawn_order(timed: Interactions) -> None:
    tied = replace(timed, times=np.full(len(timed), 7, dtype=np.int64))
    liked = tied.values >= 3.5
    drawn = [
        questions(tied, liked, "next", np.random.default_rng(seed))[1][0].known.targets.indices
        for seed in range(2)
    ]
    assert not np.array_equal(*drawn)


def test_a_fifth_of_the_likes_is_drawn(timed: Interactions) -> None:
    rule, (question,) = ask(timed, "random")
    assert rule == "random"
    likes = np.bincount(timed.users[timed.values >= 3.5], minlength=60)
    np.testing.assert_array_equal(np.diff(question.known.targets.indptr), likes // 5)
    assert len(question.train) + question.known.targets.nnz == len(timed)


def test_few_likes_ask_nothing(timed: Interactions) -> None:
    few = timed.select(timed.users < 2)
    assert ask(few.select(np.arange(6)), "random")[1] == ()


def test_a_past_without_times_is_no_cut(timed: Interactions) -> None:
    """Half of the ratings of every viewer have no time, and all others are of one instant."""
    times = np.where(np.arange(len(timed)) % 4 < 2, 0, 7_000_000)
    rule, (question,) = ask(replace(timed, times=times.astype(np.int64)), "future")
    assert rule == "random"
    assert question.known.targets.nnz
