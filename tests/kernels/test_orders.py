"""Orders and pairs within rows, against a sort and a count of each row."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.kernels.orders import count_ascents, highest_first

Rows = list[list[tuple[int, int]]]
ROWS = st.lists(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 4)), max_size=12), max_size=6)


def bounds_of(rows: Rows) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(list(map(len, rows)))]).astype(np.int32)


@settings(deadline=None)
@given(ROWS)
def test_entries_are_sorted_within_their_row(rows: Rows) -> None:
    bounds = bounds_of(rows)
    first, second = np.array([*chain(*rows)], dtype=np.float64).reshape(-1, 2).T.copy()
    order = np.full(len(first), -1)
    highest_first(first, second, bounds, order)
    expected = [
        int(bounds[row]) + entry
        for row, pairs in enumerate(rows)
        for entry in sorted(range(len(pairs)), key=lambda at: (-pairs[at][0], pairs[at][1]))
    ]
    assert order.tolist() == expected


@settings(deadline=None)
@given(ROWS)
def test_ascents_are_the_pairs_of_a_row_in_which_the_later_value_is_higher(rows: Rows) -> None:
    values = [[value for value, _ in row] for row in rows]
    ascents, equal = np.full(len(rows), -1), np.full(len(rows), -1)
    count_ascents(np.array([*chain(*values)], dtype=np.float64), bounds_of(rows), ascents, equal)
    assert ascents.tolist() == [sum(a < b for a, b in combinations(row, 2)) for row in values]
    assert equal.tolist() == [sum(a == b for a, b in combinations(row, 2)) for row in values]


def test_many_entries_of_one_row_do_not_take_the_square_of_their_time() -> None:
    n = 400_000  # 8e10 pairs
    ascents, equal = np.empty(1, dtype=np.int64), np.empty(1, dtype=np.int64)
    count_ascents(np.arange(n, dtype=np.float64), np.array([0, n], dtype=np.int32), ascents, equal)
    assert ascents.tolist() == [n * (n - 1) // 2]
    assert equal.tolist() == [0]
