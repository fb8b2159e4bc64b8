"""How many viewers any two films share, and what their feedback on both is worth."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["count_pairs", "sum_pairs"]

_HANDS = 64
"""Films are dealt out in turn, not in runs: popular ones are often neighbours, and cost most."""


@compiled(parallel=True)
def count_pairs(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    item_indptr: NDArray[np.int32],
    item_indices: NDArray[np.int32],
    places: NDArray[np.int32],
    counts: NDArray[np.floating],
) -> None:
    """Fills `counts[i, j]` for `j >= i` with how many viewers have both films.

    Half the work of `cooccurrence.count_common`, which fills any rows, and whole: of every viewer
    of a film only the films behind it are gone through, and a row of whole numbers is added up at
    a time, which stays in the nearest cache.

    Args:
        indptr: `int32[n_users + 1]`, feedback by viewer.
        indices: `int32[nnz]`, its films, ascending for each viewer.
        item_indptr: `int32[n_items + 1]`, the same feedback by film.
        item_indices: `int32[nnz]`, its viewers.
        places: `int32[nnz]`, where each entry by film stands in `indices`.
        counts: `float[n_items, n_items]`; below the diagonal it is left as it is.
    """
    for hand in numba.prange(_HANDS):
        row = np.empty(len(counts), dtype=np.int32)
        for item in range(hand, len(counts), _HANDS):
            row[item:] = 0
            for n in range(item_indptr[item], item_indptr[item + 1]):
                # unsigned: an index that may be negative is looked at again at every step
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
    """Fills `sums[i, j]` for `j >= i` with the sum, over viewers, of the value of `i` times `j`'s.

    Args:
        indptr: `int32[n_users + 1]`, feedback by viewer.
        indices: `int32[nnz]`, its films, ascending for each viewer.
        values: `float32[nnz]`.
        item_indptr: `int32[n_items + 1]`, the same feedback by film.
        item_indices: `int32[nnz]`, its viewers.
        places: `int32[nnz]`, where each entry by film stands in `indices`.
        sums: `float[n_items, n_items]`; below the diagonal it is left as it is.
    """
    for hand in numba.prange(_HANDS):
        row = np.empty(len(sums), dtype=sums.dtype)
        for item in range(hand, len(sums), _HANDS):
            row[item:] = 0
            for n in range(item_indptr[item], item_indptr[item + 1]):
                own = values[places[n]]
                for entry in range(np.uint32(places[n]), np.uint32(indptr[item_indices[n] + 1])):
                    row[np.uint32(indices[entry])] += own * values[entry]
            sums[item, item:] = row[item:]
