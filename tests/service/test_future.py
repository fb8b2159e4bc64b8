"""The question about the newest likes, and its answer, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.data import Catalog, Film, Histories, Interactions, Vocabulary
from matinee.models import Model
from matinee.service.future import Answerer, compare, newest

CATALOG = Catalog.of(Film(str(row), f"F{row}", year=2000) for row in range(6))


class Fixed(Model):
    """The same scores for everybody."""

    def fit(self, interactions: Interactions, catalog: Catalog, *, rng: Any) -> Fixed:
        self.arrays["order"] = np.arange(len(catalog), 0, -1).astype(np.float32)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return np.repeat(self.arrays["order"][None], len(histories), axis=0)


def ratings(rows: list[tuple[int, int, float, int]]) -> Interactions:
    users, items, values, times = zip(*rows, strict=True)
    return Interactions(
        users=np.array(users, dtype=np.int32),
        items=np.array(items, dtype=np.int32),
        values=np.array(values, dtype=np.float32),
        times=np.array(times) + 1_600_000_000,
        user_ids=Vocabulary.of("viewer", range(max(users) + 1)),
        item_ids=CATALOG.item_ids,
    )


def fitted(catalog: Catalog) -> Model:
    return Fixed().fit(Interactions.empty(catalog.item_ids), catalog, rng=None)


def test_half_of_the_new_likes_are_targets_if_viewers_are_few() -> None:
    every = ratings(
        [(0, 0, 5, 0), (0, 1, 5, 10), (0, 2, 1, 35), (1, 1, 5, 20), (1, 2, 5, 30), (2, 3, 4, 40)]
    )
    fresh = np.array([False, True, True, True, True, True])
    future = newest(every, fresh, CATALOG.years)
    assert future.since == 1_600_000_030  # two of four new likes
    assert future.users.tolist() == [1, 2]
    assert future.targets.toarray().nonzero()[1].tolist() == [2, 3]
    assert future.past.times.tolist() == [1_600_000_000, 1_600_000_010, 1_600_000_020]
    assert len(future.histories) == 3


@pytest.mark.parametrize(("viewers", "targets"), [(30, 20), (200, 40)])
def test_twenty_viewers_or_a_fifth_are_targets(viewers: int, targets: int) -> None:
    """Each viewer has a single like; of 200, a fifth is more than twenty."""
    every = ratings([(user, user % 6, 5, user) for user in range(viewers)])
    wanted = min(targets, viewers // 2)
    assert len(newest(every, np.ones(viewers, bool), CATALOG.years).users) == wanted


def test_old_ratings_of_later_times_are_known_and_no_targets() -> None:
    every = ratings([(0, 0, 5, 99), (0, 1, 5, 10), (0, 2, 5, 20)])
    future = newest(every, np.array([False, True, True]), CATALOG.years)
    assert future.past.times.tolist() == [1_600_000_099, 1_600_000_010]
    assert future.histories.times.tolist() == [1_600_000_010]
    assert future.seen.toarray()[0].tolist() == [5, 5, 0, 0, 0, 0]


def test_a_film_of_a_later_year_is_neither_target_nor_ranked() -> None:
    years = np.array([2000, 2000, 2000, 2000, 2000, 2999])
    every = ratings([(0, 1, 5, 10), (0, 2, 5, 20)])
    future = newest(every, np.array([True, True]), years)
    assert future.missing.tolist() == [False] * 5 + [True]


def test_the_difference_is_by_hand() -> None:
    """The target of each of six viewers is film 1, first among unseen films or second."""
    rows = [(user, 0, 5.0, 0) for user in range(6)] + [(user, 1, 5.0, 50) for user in range(6)]
    every = ratings(rows)
    fresh = np.array([False] * 6 + [True] * 6)
    future = newest(every, fresh, CATALOG.years)
    assert len(future.users) == 6
    few = Catalog.of(CATALOG.films(np.array([2, 1])))
    live = Answerer(fitted(few), few.item_ids, np.array([2, 1]))
    candidate = Answerer(fitted(CATALOG), CATALOG.item_ids, np.arange(6))
    found = compare(candidate, live, future)
    assert (found.viewers, found.newcomers, found.likes) == (6, 0, 6)
    assert found.candidate == pytest.approx(1.0)
    assert found.live == pytest.approx(1 / np.log2(3))
    assert found.interval.low == found.interval.high == pytest.approx(1 - 1 / np.log2(3))
    assert not found.worse
    assert compare(live, candidate, future).worse


def test_ties_count_against_both() -> None:
    rows = [(user, 0, 5.0, 0) for user in range(6)] + [(user, 1, 5.0, 50) for user in range(6)]
    future = newest(ratings(rows), np.array([False] * 6 + [True] * 6), CATALOG.years)
    tied = fitted(CATALOG)
    tied.arrays["order"] = np.ones(6, dtype=np.float32)
    answerer = Answerer(tied, CATALOG.item_ids, np.arange(6))
    assert compare(answerer, answerer, future).live == pytest.approx(1 / np.log2(6))


def test_nothing_new_is_no_question() -> None:
    every = ratings([(0, 0, 5, 0)])
    assert len(newest(every, np.array([False]), CATALOG.years).users) == 0
    disliked = replace(every, values=np.ones(1, dtype=np.float32))
    assert len(newest(disliked, np.array([True]), CATALOG.years).users) == 0
