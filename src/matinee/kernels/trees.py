"""Sums of regression trees, stored as arrays, for many rows."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["sums_of_leaves"]


@compiled(parallel=True)
def sums_of_leaves(
    rows: NDArray[np.float32],
    roots: NDArray[np.int32],
    columns: NDArray[np.int32],
    thresholds: NDArray[np.float64],
    children: NDArray[np.int32],
    leaves: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What all trees together say of every row: the sum of the leaves that it falls into.

    A node is a number: from 0 on it is a split, and a row goes left where its value is at most the
    threshold; a negative one is the leaf `-1 - node`. Trees are added in their order for every row,
    so that the number of threads changes nothing.

    Args:
        rows: `float32[n, f]`, finite.
        roots: `int32[n_trees]`, the node each tree begins with.
        columns: `int32[n_splits]`, which value of the row decides.
        thresholds: `float64[n_splits]`.
        children: `int32[n_splits, 2]`, the nodes to the left and to the right.
        leaves: `float64[n_leaves]`.

    Returns:
        `float64[n]`; zeros without trees.
    """
    sums = np.zeros(len(rows), dtype=np.float64)
    for row in numba.prange(len(rows)):
        for root in roots:
            node = root
            while node >= 0:
                right = rows[row, columns[node]] > thresholds[node]
                node = children[node, int(right)]
            sums[row] += leaves[-1 - node]
    return sums
