"""How many viewers any two films share, each pair counted once."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["count_pairs"]


@compiled(parallel=True)
def count_pairs(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    item_indptr: NDArray[np.int32],
    item_indices: NDArray[np.int32],
    places: NDArray[np.int32],
    counts: NDArray[np.float32],
) -> None:
    """Fills `counts[i, j]` for `j >= i` with how many viewers have both films.

    Half the work of `cooccurrence.count_common`, which fills any rows, and whole: of every viewer
    of a film only the films behind it are gone through. Exact up to 2^24 viewers.

    Args:
        indptr: `int32[n_users + 1]`, feedback by viewer.
        indices: `int32[nnz]`, its films, ascending for each viewer.
        item_indptr: `int32[n_items + 1]`, the same feedback by film.
        item_indices: `int32[nnz]`, its viewers.
        places: `int32[nnz]`, where each entry by film stands in `indices`.
        counts: `float32[n_items, n_items]`; below the diagonal it is left as it is.
    """
    # dealt out in turn, not in runs: the popular films are often neighbours, and cost most
    hands = 64
    for hand in numba.prange(hands):
        for item in range(hand, len(counts), hands):
            entries = slice(item_indptr[item], item_indptr[item + 1])
            _count_row(indptr, indices, item_indices[entries], places[entries], counts[item], item)


@compiled()
def _count_row(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    viewers: NDArray[np.int32],
    places: NDArray[np.int32],
    counts: NDArray[np.float32],
    item: int,
) -> None:
    counts[item:] = 0
    for n in range(len(viewers)):
        for entry in range(places[n], indptr[viewers[n] + 1]):
            counts[indices[entry]] += 1
