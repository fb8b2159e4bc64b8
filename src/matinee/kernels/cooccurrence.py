"""Co-occurrence of some items with all items: rows of `X.T X`."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["count_common", "sum_common"]


@compiled(parallel=True)
def count_common(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    item_indptr: NDArray[np.int32],
    item_indices: NDArray[np.int32],
    first: int,
    counts: NDArray[np.float32],
) -> None:
    """Fills `counts[i - first, j]` with the number of users who have items `i` and `j`.

    One row of the result is summed at a time and stays in the nearest cache; a general sparse
    product takes about ten times as long at the densities of ratings. Exact up to 2^24 users.

    Args:
        indptr: `int32[n_users + 1]`, feedback by user.
        indices: `int32[nnz]`, its items.
        item_indptr: `int32[n_items + 1]`, the same feedback by item.
        item_indices: `int32[nnz]`, its users.
        first: the item of the first row of `counts`.
        counts: `float32[rows, n_items]`, overwritten.
    """
    # every 64th row is one thread's: popular items cost most and are often neighbours
    shards = 64
    for shard in numba.prange(shards):
        for row in range(shard, len(counts), shards):
            item = first + row
            users = item_indices[item_indptr[item] : item_indptr[item + 1]]
            _count_row(indptr, indices, users, counts[row])


@compiled()
def _count_row(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    users: NDArray[np.int32],
    counts: NDArray[np.float32],
) -> None:
    counts[:] = 0
    for user in users:
        # unsigned: numba checks every signed index for being negative
        for entry in range(np.uint32(indptr[user]), np.uint32(indptr[user + 1])):
            counts[np.uint32(indices[entry])] += 1


@compiled(parallel=True)
def sum_common(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    values: NDArray[np.float32],
    item_indptr: NDArray[np.int32],
    item_indices: NDArray[np.int32],
    item_values: NDArray[np.float32],
    first: int,
    sums: NDArray[np.float32],
) -> None:
    """Fills `sums[i - first, j]` with the sum over users of an `i` value times a `j` value.

    Args:
        indptr: `int32[n_users + 1]`, feedback by user.
        indices: `int32[nnz]`, its items.
        values: `float32[nnz]`.
        item_indptr: `int32[n_items + 1]`, the same feedback by item.
        item_indices: `int32[nnz]`, its users.
        item_values: `float32[nnz]`; may differ from `values`.
        first: the item of the first row of `sums`.
        sums: `float32[rows, n_items]`, overwritten.
    """
    shards = 64
    for shard in numba.prange(shards):
        for row in range(shard, len(sums), shards):
            item = first + row
            entries = slice(item_indptr[item], item_indptr[item + 1])
            _sum_row(
                indptr, indices, values, item_indices[entries], item_values[entries], sums[row]
            )


@compiled()
def _sum_row(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    values: NDArray[np.float32],
    users: NDArray[np.int32],
    own: NDArray[np.float32],
    sums: NDArray[np.float32],
) -> None:
    sums[:] = 0
    for n in range(len(users)):
        value = own[n]
        for entry in range(np.uint32(indptr[users[n]]), np.uint32(indptr[users[n] + 1])):
            sums[np.uint32(indices[entry])] += value * values[entry]
