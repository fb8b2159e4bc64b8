"""Co-occurrence of all pairs of items: the upper triangle of `X.T X`."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["count_pairs", "sum_pairs"]

_SHARDS = 64
"""Every 64th item is one thread's: popular items cost most and are often neighbours."""


@compiled(parallel=True)
def count_pairs(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    item_indptr: NDArray[np.int32],
    item_indices: NDArray[np.int32],
    places: NDArray[np.int32],
    counts: NDArray[np.floating],
) -> None:
    """Fills `counts[i, j]` for `j >= i` with the number of users who have both items.

    Half the work of `cooccurrence.count_common`, which fills complete rows: only the later items
    of each user are read. One row of integers is summed at a time and stays in the nearest cache.

    Args:
        indptr: `int32[n_users + 1]`, feedback by user.
        indices: `int32[nnz]`, its items, ascending for each user.
        item_indptr: `int32[n_items + 1]`, the same feedback by item.
        item_indices: `int32[nnz]`, its users.
        places: `int32[nnz]`, where each entry by item stands in `indices`.
        counts: `float[n_items, n_items]`; below the diagonal it is left as it is.
    """
    for shard in numba.prange(_SHARDS):
        row = np.empty(len(counts), dtype=np.int32)
        for item in range(shard, len(counts), _SHARDS):
            row[item:] = 0
            for n in range(item_indptr[item], item_indptr[item + 1]):
                # unsigned: numba checks every signed index for being negative
                for entry in range(np.uint32(places[n]), np.uint32(indptr[item_indices[n] + 1])):
                    row[np.uint32(indices[entry])] += 1
            counts[item, item:] = row[item:]


@compiled(parallel=True)
def sum_pairs(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    values: NDArray[np.float32],
    item_indptr: NDArray[np.int32],
    item_indices: NDArray[np.int32],
    places: NDArray[np.int32],
    sums: NDArray[np.floating],
) -> None:
    """Fills `sums[i, j]` for `j >= i` with the sum over users of the values' products.

    Args:
        indptr: `int32[n_users + 1]`, feedback by user.
        indices: `int32[nnz]`, its items, ascending for each user.
        values: `float32[nnz]`.
        item_indptr: `int32[n_items + 1]`, the same feedback by item.
        item_indices: `int32[nnz]`, its users.
        places: `int32[nnz]`, where each entry by item stands in `indices`.
        sums: `float[n_items, n_items]`; below the diagonal it is left as it is.
    """
    for shard in numba.prange(_SHARDS):
        row = np.empty(len(sums), dtype=sums.dtype)
        for item in range(shard, len(sums), _SHARDS):
            row[item:] = 0
            for n in range(item_indptr[item], item_indptr[item + 1]):
                own = values[places[n]]
                for entry in range(np.uint32(places[n]), np.uint32(indptr[item_indices[n] + 1])):
                    row[np.uint32(indices[entry])] += own * values[entry]
            sums[item, item:] = row[item:]
