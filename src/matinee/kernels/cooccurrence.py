"""How many viewers two films share, and how much their feedback on both is worth."""

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
    """Fills `counts[i - first, j]` with how many viewers have both films `i` and `j`.

    One row of the result is added up at a time, so that it stays in the nearest cache; a general
    sparse product is some ten times slower at the densities of ratings. Exact up to 2^24 viewers.

    Args:
        indptr: `int32[n_users + 1]`, feedback by viewer.
        indices: `int32[nnz]`, its films.
        item_indptr: `int32[n_items + 1]`, the same feedback by film.
        item_indices: `int32[nnz]`, its viewers.
        first: the film of the first row of `counts`.
        counts: `float32[rows, n_items]`, overwritten.
    """
    # dealt out in turn, not in runs: the popular films are often neighbours, and cost most
    hands = 64
    for hand in numba.prange(hands):
        for row in range(hand, len(counts), hands):
            item = first + row
            viewers = item_indices[item_indptr[item] : item_indptr[item + 1]]
            _count_row(indptr, indices, viewers, counts[row])


@compiled()
def _count_row(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    viewers: NDArray[np.int32],
    counts: NDArray[np.float32],
) -> None:
    counts[:] = 0
    for user in viewers:
        # unsigned: an index that may be negative is looked at again at every step
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
    """Fills `sums[i - first, j]` with the sum, over viewers, of one value of `i` times one of `j`.

    Args:
        indptr: `int32[n_users + 1]`, feedback by viewer.
        indices: `int32[nnz]`, its films.
        values: `float32[nnz]`.
        item_indptr: `int32[n_items + 1]`, the same feedback by film.
        item_indices: `int32[nnz]`, its viewers.
        item_values: `float32[nnz]`; they need not be the same values.
        first: the film of the first row of `sums`.
        sums: `float32[rows, n_items]`, overwritten.
    """
    hands = 64
    for hand in numba.prange(hands):
        for row in range(hand, len(sums), hands):
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
    viewers: NDArray[np.int32],
    own: NDArray[np.float32],
    sums: NDArray[np.float32],
) -> None:
    sums[:] = 0
    for n in range(len(viewers)):
        value = own[n]
        for entry in range(np.uint32(indptr[viewers[n]]), np.uint32(indptr[viewers[n] + 1])):
            sums[np.uint32(indices[entry])] += value * values[entry]
