from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matinee.data import Interactions, Vocabulary
from matinee.data.rating_summary import RatingSummary


def ratings(items: list[int], values: list[float], films: int) -> Interactions:
    n = len(items)
    return Interactions(
        users=np.arange(n, dtype=np.int32),
        items=np.array(items, dtype=np.int32),
        values=np.array(values, dtype=np.float32),
        times=np.zeros(n, dtype=np.int64),
        user_ids=Vocabulary.of("viewer", map(str, range(n))),
        item_ids=Vocabulary.of("film", map(str, range(films))),
        scale=(1.0, 5.0),
    )


def test_counts_and_averages_are_those_of_each_film() -> None:
    summary = RatingSummary.of(ratings([0, 0, 2], [5, 2, 4], 4))
    assert summary.counts.tolist() == [2, 0, 1, 0]
    assert summary.means[[0, 2]].tolist() == [3.5, 4.0]
    assert np.isnan(summary.means[[1, 3]]).all()


def test_counts_of_plays_have_no_average() -> None:
    plays = replace(ratings([0, 0], [7, 2], 1), counts=True)
    summary = RatingSummary.of(plays)
    assert summary.counts.tolist() == [2]
    assert np.isnan(summary.means).all()


@pytest.mark.parametrize(
    ("counts", "tail"),
    [
        ([6, 2, 1, 0], [False, True, True, False]),  # 6 of 9 are two thirds
        ([5, 2, 2, 1], [False, False, False, True]),  # the third is level with the second
        ([1, 1, 1], [False, False, False]),
        ([0, 0], [False, False]),
    ],
)
def test_the_tail_begins_behind_two_thirds_of_the_ratings(
    counts: list[int], tail: list[bool]
) -> None:
    means = np.full(len(counts), np.nan, dtype=np.float32)
    assert RatingSummary(np.array(counts, dtype=np.int32), means).tail.tolist() == tail


def test_arrays_restore_it() -> None:
    summary = RatingSummary.of(ratings([0, 0, 2], [5, 2, 4], 4))
    again = RatingSummary.from_arrays(summary.to_arrays())
    assert again is not None
    assert again.counts is summary.counts
    assert RatingSummary.from_arrays({}) is None
