"""The films that have most in common with each, without ever holding all pairs."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled
from matinee.kernels.selection import kth_largest

__all__ = ["most_related"]


@compiled(parallel=True)
def most_related(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    values: NDArray[np.float32],
    item_indptr: NDArray[np.int32],
    item_indices: NDArray[np.int32],
    item_values: NDArray[np.float32],
    rarity: NDArray[np.float32],
    films: NDArray[np.int32],
    sums: NDArray[np.float32],
) -> None:
    """Fills in the largest off-diagonal entries of every row of `X.T X`, each times a `rarity`.

    A row is added up in one thread's own room and forgotten when its best are chosen, so memory is
    that of the result and a row a thread.

    Args:
        indptr: `int32[n_users + 1]`, feedback by viewer.
        indices: `int32[nnz]`, its films.
        values: `float32[nnz]`, more than 0.
        item_indptr: `int32[n_items + 1]`, the same feedback by film.
        item_indices: `int32[nnz]`, its viewers.
        item_values: `float32[nnz]`.
        rarity: `float32[n_items]`, what an entry of that column is multiplied by when compared.
        films: `int32[n_items, m]`, overwritten: columns, ascending; where a film has fewer than
            `m` relatives the rest is -1. Of equals the first.
        sums: `float32[n_items, m]`, overwritten: the entries themselves.
    """
    hands = 64
    n_items = len(rarity)
    for hand in numba.prange(hands):
        row = np.zeros(n_items, dtype=np.float32)
        found = np.empty(n_items, dtype=np.int32)
        strength = np.empty(n_items, dtype=np.float32)
        moved = np.empty(n_items, dtype=np.float32)
        for item in range(hand, n_items, hands):
            for n in range(item_indptr[item], item_indptr[item + 1]):
                user, value = item_indices[n], item_values[n]
                for entry in range(indptr[user], indptr[user + 1]):
                    row[indices[entry]] += value * values[entry]
            row[item] = 0
            count = 0
            for column in range(n_items):
                if row[column] > 0:
                    found[count] = column
                    strength[count] = row[column] * rarity[column]
                    count += 1
            _keep_best(found[:count], strength[:count], moved, row, films[item], sums[item])
            row[:] = 0


@compiled()
def _keep_best(
    found: NDArray[np.int32],
    strength: NDArray[np.float32],
    moved: NDArray[np.float32],
    row: NDArray[np.float32],
    films: NDArray[np.int32],
    sums: NDArray[np.float32],
) -> None:
    m = len(films)
    least, ties = np.float32(0), 0
    if len(found) > m:
        moved[: len(found)] = strength
        least = kth_largest(moved[: len(found)], m)
        ties = m
        for each in strength:
            ties -= each > least
    place = 0
    for n in range(len(found)):
        if strength[n] < least:
            continue
        if len(found) > m and strength[n] == least:
            ties -= 1
            if ties < 0:
                continue
        films[place], sums[place] = found[n], row[found[n]]
        place += 1
    films[place:] = -1
    sums[place:] = 0
