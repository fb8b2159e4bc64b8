"""Counts pairs that ascend, without looking at each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["count_ascents"]


@compiled()
def count_ascents(
    ranks: NDArray[np.int64], bounds: NDArray[np.integer], ascents: NDArray[np.int64]
) -> None:
    """Fills in the number of pairs i < j of each row with `ranks[i] < ranks[j]`.

    A binary indexed tree (Fenwick 1994) holds the ranks before j: m entries take m log m steps.

    Args:
        ranks: `int64[t]`, from 1 to at most the number of entries of the row.
        bounds: `int[n + 1]`; row v has `ranks[bounds[v]:bounds[v + 1]]`.
        ascents: `int64[n]`, overwritten.
    """
    tree = np.zeros(len(ranks) + 1, dtype=np.int64)
    for row in range(len(bounds) - 1):
        size = bounds[row + 1] - bounds[row]
        tree[: size + 1] = 0
        total = 0
        for entry in range(bounds[row], bounds[row + 1]):
            place = ranks[entry] - 1
            while place > 0:
                total += tree[place]
                place -= place & -place
            place = ranks[entry]
            while place <= size:
                tree[place] += 1
                place += place & -place
        ascents[row] = total
