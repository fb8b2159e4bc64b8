"""How much more one film is given than another by those who rated both."""

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
    """Fills `differences[i, j]` with the sum of `r_i - r_j` over the viewers of both films.

    Args:
        indptr: `int32[n_users + 1]`, ratings by viewer.
        indices: `int32[nnz]`, their films.
        values: `float32[nnz]`, stars.
        item_indptr: `int32[n_items + 1]`, the same ratings by film.
        item_indices: `int32[nnz]`, their viewers.
        item_values: `float32[nnz]`.
        differences: `float32[n_items, n_items]`, overwritten.
    """
    # dealt out in turn, not in runs: the popular films are often neighbours, and cost most
    hands = 64
    for hand in numba.prange(hands):
        for item in range(hand, len(differences), hands):
            differences[item] = 0
            for entry in range(item_indptr[item], item_indptr[item + 1]):
                user = item_indices[entry]
                _add_viewer(
                    item_values[entry],
                    indices,
                    values,
                    indptr[user],
                    indptr[user + 1],
                    differences[item],
                )


@compiled()
def _add_viewer(
    given: np.float32,
    items: NDArray[np.int32],
    values: NDArray[np.float32],
    start: int,
    stop: int,
    row: NDArray[np.float32],
) -> None:
    for entry in range(start, stop):
        row[items[entry]] += given - values[entry]
