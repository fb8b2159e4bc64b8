"""A small ridge regression for each item on its nearest items."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["local_ridge"]

_SMALLEST_PIVOT = np.float32(0.01)
"""Smallest pivot, as a share of the item's ridge; items below get weight 0."""


@compiled(parallel=True)
def local_ridge(
    related: NDArray[np.int32],
    common: NDArray[np.float32],
    totals: NDArray[np.float32],
    ridge: NDArray[np.float32],
    explained: NDArray[np.float32],
    covered: NDArray[np.float32],
    nearest: NDArray[np.int32],
    weights: NDArray[np.float32],
) -> None:
    """Fills in weights of each item's nearest items, fitted to the residual of a global model.

    `G` is a Gram matrix with only its largest entries known, and `N` are the nearest items of item
    `i`. The weights solve `(G + diag(ridge) - E E.T)[N, N] w = (G - E C.T)[N, i]`. Unknown entries
    count as fully explained by `E E.T`: their residual is 0. Because of them the system may not be
    positive definite, so an item that the earlier ones explain almost completely gets weight 0.
    Items are independent, so the result does not depend on the number of threads.

    Args:
        related: `int32[n, m]`, columns of the known entries of `G` off the diagonal; -1 for none.
        common: `float32[n, m]`, these entries, positive.
        totals: `float32[n]`, the diagonal of `G`.
        ridge: `float32[n]`, positive.
        explained: `float32[n, f]`, `E`.
        covered: `float32[n, f]`, `C`.
        nearest: `int32[n, k]`, distinct, each a related item or the item itself; -1 for none, at
            the end.
        weights: `float32[n, k]`, overwritten; 0 where `nearest` is -1.
    """
    shards = 64
    n, k = nearest.shape
    for shard in numba.prange(shards):
        system = np.empty((k, k), dtype=np.float32)
        right = np.empty(k, dtype=np.float32)
        near = np.empty((k, explained.shape[1]), dtype=np.float32)
        place = np.full(n, -1, dtype=np.int32)
        for item in range(shard, n, shards):
            size = 0
            while size < k and nearest[item, size] >= 0:
                size += 1
            chosen = nearest[item, :size]
            for a in range(size):
                place[chosen[a]] = a
                near[a] = explained[chosen[a]]
            _gather(related, common, chosen, place, system)
            _gather_right(item, related, common, totals, place, right)
            for a in range(size):
                other = chosen[a]
                system[a, a] = totals[other] + ridge[other] - _dot(near[a], near[a])
                right[a] -= _dot(near[a], covered[item])
                for b in range(a):
                    if system[a, b] > 0:
                        system[a, b] -= _dot(near[a], near[b])
            _solve(system, right, chosen, ridge)
            weights[item, :size] = right[:size]
            weights[item, size:] = 0
            place[chosen] = -1


@compiled()
def _gather(
    related: NDArray[np.int32],
    common: NDArray[np.float32],
    chosen: NDArray[np.int32],
    place: NDArray[np.int32],
    system: NDArray[np.float32],
) -> None:
    """Fills the lower triangle with the known entries among the chosen items, 0 elsewhere."""
    for a in range(len(chosen)):
        system[a, :a] = 0
    for a in range(len(chosen)):
        for e in range(related.shape[1]):
            other = related[chosen[a], e]
            if other < 0:
                break
            b = place[np.uint32(other)]
            if b >= 0:
                system[max(a, b), min(a, b)] = common[chosen[a], e]


@compiled()
def _gather_right(
    item: int,
    related: NDArray[np.int32],
    common: NDArray[np.float32],
    totals: NDArray[np.float32],
    place: NDArray[np.int32],
    right: NDArray[np.float32],
) -> None:
    """Fills the right-hand side: the item's known entries with the chosen items and itself."""
    right[:] = 0
    for e in range(related.shape[1]):
        other = related[item, e]
        if other >= 0 and place[other] >= 0:
            right[place[other]] = common[item, e]
    if place[item] >= 0:
        right[place[item]] = totals[item]


@compiled()
def _solve(
    system: NDArray[np.float32],
    right: NDArray[np.float32],
    chosen: NDArray[np.int32],
    ridge: NDArray[np.float32],
) -> None:
    """Cholesky on the lower triangle, row by row, then both substitutions into `right`.

    The row of a dropped item is 0 throughout.
    """
    size = len(chosen)
    for a in range(size):
        own = system[a]
        for b in range(a):
            if system[b, b] > 0:
                own[b] = (own[b] - _dot(own[:b], system[b, :b])) / system[b, b]
            else:
                own[b] = 0
        pivot = own[a] - _dot(own[:a], own[:a])
        if pivot < _SMALLEST_PIVOT * ridge[chosen[a]]:
            own[: a + 1] = 0
            right[a] = 0
            continue
        own[a] = np.sqrt(pivot)
        right[a] = (right[a] - _dot(own[:a], right[:a])) / own[a]
    for a in range(size - 1, -1, -1):
        if system[a, a] > 0:
            right[a] /= system[a, a]
            for b in range(a):
                right[b] -= system[a, b] * right[a]


@compiled()
def _dot(left: NDArray[np.float32], other: NDArray[np.float32]) -> np.float32:
    total = np.float32(0)
    for n in range(len(left)):
        total += left[n] * other[n]
    return total
