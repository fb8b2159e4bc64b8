"""Rating differences of all pairs of items, over the users who rated both."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["sum_differences"]


@compiled(parallel=True)
def sum_differences(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    values: NDArray[np.float32],
    item_indptr: NDArray[np.int32],
    item_indices: NDArray[np.int32],
    item_values: NDArray[np.float32],
    differences: NDArray[np.float32],
) -> None:
    """Fills `differences[i, j]` with the sum of `r_i - r_j` over the users of both items.

    Args:
        indptr: `int32[n_users + 1]`, ratings by user.
        indices: `int32[nnz]`, their items.
        values: `float32[nnz]`, stars.
        item_indptr: `int32[n_items + 1]`, the same ratings by item.
        item_indices: `int32[nnz]`, their users.
        item_values: `float32[nnz]`.
        differences: `float32[n_items, n_items]`, overwritten.
    """
    # every 64th row is one thread's: popular items cost most and are often neighbours
    shards = 64
    for shard in numba.prange(shards):
        for item in range(shard, len(differences), shards):
            differences[item] = 0
            for entry in range(item_indptr[item], item_indptr[item + 1]):
                user = item_indices[entry]
                _add_user(
                    item_values[entry],
                    indices,
                    values,
                    indptr[user],
                    indptr[user + 1],
                    differences[item],
                )


@compiled()
def _add_user(
    rating: np.float32,
    items: NDArray[np.int32],
    values: NDArray[np.float32],
    start: int,
    stop: int,
    row: NDArray[np.float32],
) -> None:
    for entry in range(start, stop):
        row[items[entry]] += rating - values[entry]
