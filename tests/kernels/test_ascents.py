"""Ascending pairs, counted one by one."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.kernels.ascents import count_ascents


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(1, 9), max_size=12), max_size=6))
def test_ascents_are_the_pairs_of_a_row_in_which_the_later_rank_is_higher(
    rows: list[list[int]],
) -> None:
    rows = [[min(rank, len(row)) for rank in row] for row in rows]
    bounds = np.concatenate([[0], np.cumsum(list(map(len, rows)), dtype=np.int32)])
    ranks = np.array([rank for row in rows for rank in row], dtype=np.int64)
    found = np.full(len(rows), -1, dtype=np.int64)
    count_ascents(ranks, bounds.astype(np.int32), found)
    assert found.tolist() == [sum(a < b for a, b in combinations(row, 2)) for row in rows]


def test_many_entries_take_no_square_of_time() -> None:
    n = 400_000  # 8e10 pairs
    found = np.empty(1, dtype=np.int64)
    count_ascents(np.arange(1, n + 1), np.array([0, n], dtype=np.int32), found)
    assert found.tolist() == [n * (n - 1) // 2]
