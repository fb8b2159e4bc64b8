"""Co-occurrence of some items with all items: rows of `X.T X`."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import Csr, compiled

__all__ = ["count_common", "sum_common"]

_SHARDS = 64
"""Every 64th row is one thread's: popular items cost most and are often neighbours."""


@compiled(parallel=True)
def count_common(by_user: Csr, by_item: Csr, first: int, counts: NDArray[np.float32]) -> None:
    """Fills `counts[i - first, j]` with the number of users who have items `i` and `j`.

    One row of the result is summed at a time and stays in the nearest cache; a general sparse
    product takes about ten times as long at the densities of ratings. Exact up to 2^24 users.

    Args:
        by_user: items of each user, with values of any type.
        by_item: the transpose.
        first: the item of the first row of `counts`.
        counts: `float32[rows, n_items]`, overwritten.
    """
    (starts, items, _), (item_starts, users, _) = by_user, by_item
    for shard in numba.prange(_SHARDS):
        for row in range(shard, len(counts), _SHARDS):
            own = users[item_starts[first + row] : item_starts[first + row + 1]]
            _count_row(starts, items, own, counts[row])


@compiled()
def _count_row(
    starts: NDArray[np.int32],
    items: NDArray[np.int32],
    users: NDArray[np.int32],
    counts: NDArray[np.float32],
) -> None:
    counts[:] = 0
    for user in users:
        # unsigned: numba checks every signed index for being negative
        for entry in range(np.uint32(starts[user]), np.uint32(starts[user + 1])):
            counts[np.uint32(items[entry])] += 1


@compiled(parallel=True)
def sum_common(by_user: Csr, by_item: Csr, first: int, sums: NDArray[np.float32]) -> None:
    """Fills `sums[i - first, j]` with the sum over users of an `i` value times a `j` value.

    Args:
        by_user: items of each user, with the `j` values.
        by_item: the transpose, with the `i` values; they may differ.
        first: the item of the first row of `sums`.
        sums: `float32[rows, n_items]`, overwritten.
    """
    starts, items, values = by_user
    item_starts, users, item_values = by_item
    for shard in numba.prange(_SHARDS):
        for row in range(shard, len(sums), _SHARDS):
            own = slice(item_starts[first + row], item_starts[first + row + 1])
            _sum_row(starts, items, values, users[own], item_values[own], sums[row])


@compiled()
def _sum_row(
    starts: NDArray[np.int32],
    items: NDArray[np.int32],
    values: NDArray[np.float32],
    users: NDArray[np.int32],
    own: NDArray[np.float32],
    sums: NDArray[np.float32],
) -> None:
    sums[:] = 0
    for n in range(len(users)):
        value = own[n]
        for entry in range(np.uint32(starts[users[n]]), np.uint32(starts[users[n] + 1])):
            sums[np.uint32(items[entry])] += value * values[entry]
