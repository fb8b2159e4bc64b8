"""Sorts and compares the entries of many rows, each row by itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["count_ascents", "highest_first"]


@compiled()
def highest_first(
    first: NDArray[np.floating],
    second: NDArray[np.floating],
    bounds: NDArray[np.integer],
    order: NDArray[np.int64],
) -> None:
    """Fills in the entries of each row: `first` descending, ties by `second` ascending.

    Args:
        first: `float[t]`, without NaN.
        second: `float[t]`, likewise.
        bounds: `int[n + 1]`; row v has the entries bounds[v] to bounds[v + 1].
        order: `int64[t]`, overwritten.
    """
    for row in range(len(bounds) - 1):
        start, end = bounds[row], bounds[row + 1]
        rising = np.argsort(second[start:end], kind="mergesort")
        falling = np.argsort(-first[start:end][rising], kind="mergesort")
        order[start:end] = rising[falling] + start


@compiled()
def count_ascents(
    values: NDArray[np.floating],
    bounds: NDArray[np.integer],
    ascents: NDArray[np.int64],
    equal: NDArray[np.int64],
) -> None:
    """Fills in the pairs i < j of each row with `values[i] < values[j]`, and with equal values.

    A binary indexed tree (Fenwick 1994) holds the values before j: m entries take m log m steps.

    Args:
        values: `float[t]`, without NaN.
        bounds: `int[n + 1]`; row v has `values[bounds[v]:bounds[v + 1]]`.
        ascents: `int64[n]`, overwritten.
        equal: `int64[n]`, overwritten.
    """
    for row in range(len(bounds) - 1):
        own = values[bounds[row] : bounds[row + 1]]
        ranks = _dense_ranks(own)
        tree = np.zeros(len(own) + 1, dtype=np.int64)
        below, up_to = 0, 0
        for rank in ranks:
            below += _sum(tree, rank - 1)
            up_to += _sum(tree, rank)
            place = rank
            while place < len(tree):
                tree[place] += 1
                place += place & -place
        ascents[row], equal[row] = below, up_to - below


@compiled()
def _dense_ranks(values: NDArray[np.floating]) -> NDArray[np.int64]:
    """Rank of every value from 1; equal ones share theirs."""
    ranks = np.empty(len(values), dtype=np.int64)
    rank, last = 0, np.inf
    for entry in np.argsort(values):
        if rank == 0 or values[entry] != last:
            rank, last = rank + 1, values[entry]
        ranks[entry] = rank
    return ranks


@compiled()
def _sum(tree: NDArray[np.int64], place: int) -> int:
    """Number of ranks up to a place."""
    total = 0
    while place > 0:
        total += tree[place]
        place -= place & -place
    return total
