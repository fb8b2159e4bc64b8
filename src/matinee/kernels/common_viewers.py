"""Co-occurrence of all pairs of items: the upper triangle of `X.T X`."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import Csr, compiled

__all__ = ["count_pairs", "sum_pairs"]

_SHARDS = 64
"""Every 64th item is one thread's: popular items cost most and are often neighbours."""


@compiled(parallel=True)
def count_pairs(by_user: Csr, by_item: Csr, counts: NDArray[np.floating]) -> None:
    """Fills `counts[i, j]` for `j >= i` with the number of users who have both items.

    Half the work of `cooccurrence.count_common`, which fills complete rows: only the later items
    of each user are read. One row of integers is summed at a time and stays in the nearest cache.

    Args:
        by_user: items of each user, ascending.
        by_item: the transpose; its values are `int32`, the place of each entry in `by_user`.
        counts: `float[n_items, n_items]`; below the diagonal it is left as it is.
    """
    (starts, items, _), (item_starts, users, places) = by_user, by_item
    for shard in numba.prange(_SHARDS):
        row = np.empty(len(counts), dtype=np.int32)
        for item in range(shard, len(counts), _SHARDS):
            row[item:] = 0
            for n in range(item_starts[item], item_starts[item + 1]):
                # unsigned: numba checks every signed index for being negative
                for entry in range(np.uint32(places[n]), np.uint32(starts[users[n] + 1])):
                    row[np.uint32(items[entry])] += 1
            counts[item, item:] = row[item:]


@compiled(parallel=True)
def sum_pairs(by_user: Csr, by_item: Csr, sums: NDArray[np.floating]) -> None:
    """Fills `sums[i, j]` for `j >= i` with the sum over users of the values' products.

    Args:
        by_user: items of each user, ascending.
        by_item: the transpose; its values are `int32`, the place of each entry in `by_user`.
        sums: `float[n_items, n_items]`; below the diagonal it is left as it is.
    """
    (starts, items, values), (item_starts, users, places) = by_user, by_item
    for shard in numba.prange(_SHARDS):
        row = np.empty(len(sums), dtype=sums.dtype)
        for item in range(shard, len(sums), _SHARDS):
            row[item:] = 0
            for n in range(item_starts[item], item_starts[item + 1]):
                own = values[places[n]]
                for entry in range(np.uint32(places[n]), np.uint32(starts[users[n] + 1])):
                    row[np.uint32(items[entry])] += own * values[entry]
            sums[item, item:] = row[item:]
