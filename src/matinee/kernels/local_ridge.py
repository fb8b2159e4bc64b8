"""One small ridge regression a film, on the few films nearest to it."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["local_ridge"]

_LEAST = np.float32(0.01)
"""Of its ridge must be left of a film when those before it are taken out."""


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
    """Fills in the weights by which every film is explained by its nearest, after what is global.

    With `G` of which only the largest entries are known, and `N` the nearest films of film `i`, it
    solves `(G + diag(ridge) - E E.T)[N, N] w = (G - E C.T)[N, i]`. An entry of the system that is
    not known counts as explained by `E E.T`: 0 is left of it. A film of which nearly nothing is
    left by those before it gets weight 0: the others can do without it, and where entries are
    missing the system need not be positive definite. Films do not see each other, so the number of
    threads changes nothing.

    Args:
        related: `int32[n, m]`, columns of the known entries of `G` off the diagonal; -1 for none.
        common: `float32[n, m]`, these entries, more than 0.
        totals: `float32[n]`, the diagonal of `G`.
        ridge: `float32[n]`, more than 0.
        explained: `float32[n, f]`, `E`.
        covered: `float32[n, f]`, `C`.
        nearest: `int32[n, k]`, among a film's related and itself, without repetition; -1 for none,
            after all others.
        weights: `float32[n, k]`, overwritten; 0 where there is no film.
    """
    hands = 64
    n, k = nearest.shape
    for hand in numba.prange(hands):
        system = np.empty((k, k), dtype=np.float32)
        right = np.empty(k, dtype=np.float32)
        near = np.empty((k, explained.shape[1]), dtype=np.float32)
        place = np.full(n, -1, dtype=np.int32)
        for film in range(hand, n, hands):
            size = 0
            while size < k and nearest[film, size] >= 0:
                size += 1
            chosen = nearest[film, :size]
            for a in range(size):
                place[chosen[a]] = a
                near[a] = explained[chosen[a]]
            _gather(related, common, chosen, place, system)
            _gather_right(film, related, common, totals, place, right)
            for a in range(size):
                other = chosen[a]
                system[a, a] = totals[other] + ridge[other] - _dot(near[a], near[a])
                right[a] -= _dot(near[a], covered[film])
                for b in range(a):
                    if system[a, b] > 0:
                        system[a, b] -= _dot(near[a], near[b])
            _solve(system, right, chosen, ridge)
            weights[film, :size] = right[:size]
            weights[film, size:] = 0
            place[chosen] = -1


@compiled()
def _gather(
    related: NDArray[np.int32],
    common: NDArray[np.float32],
    chosen: NDArray[np.int32],
    place: NDArray[np.int32],
    system: NDArray[np.float32],
) -> None:
    """The known entries between the chosen into the lower triangle, 0 elsewhere."""
    for a in range(len(chosen)):
        system[a, :a] = 0
    for a in range(len(chosen)):
        for e in range(related.shape[1]):
            other = related[chosen[a], e]
            if other < 0:
                break
            b = place[other]
            if b >= 0:
                system[max(a, b), min(a, b)] = common[chosen[a], e]


@compiled()
def _gather_right(
    film: int,
    related: NDArray[np.int32],
    common: NDArray[np.float32],
    totals: NDArray[np.float32],
    place: NDArray[np.int32],
    right: NDArray[np.float32],
) -> None:
    """What the film has in common with the chosen, itself among them."""
    right[:] = 0
    for e in range(related.shape[1]):
        other = related[film, e]
        if other >= 0 and place[other] >= 0:
            right[place[other]] = common[film, e]
    if place[film] >= 0:
        right[place[film]] = totals[film]


@compiled()
def _solve(
    system: NDArray[np.float32],
    right: NDArray[np.float32],
    chosen: NDArray[np.int32],
    ridge: NDArray[np.float32],
) -> None:
    """Cholesky on the lower triangle, row by row, then both substitutions into `right`.

    The diagonal of a film that is left out is 0, and so is everything else of it.
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
        if pivot < _LEAST * ridge[chosen[a]]:
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
