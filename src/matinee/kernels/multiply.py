"""Non-negative factors of ratings by multiplicative updates."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["multiply"]


@compiled(parallel=True)
def multiply(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    values: NDArray[np.float32],
    fixed: NDArray[np.float32],
    l2: np.float32,
    steps: int,
    moving: NDArray[np.float32],
) -> None:
    """Improves one side's factors in place, the other's fixed; none becomes negative.

    A factor is multiplied by what the ratings ask for over what they get: `sum of r * q` over
    `sum of predicted * q + l2 * ratings * p`. The error never grows by it (Lee & Seung 2001,
    "Algorithms for non-negative matrix factorization", NIPS; over given ratings only, S. Zhang et
    al. 2006, "Learning from incomplete ratings using non-negative matrix factorization", SDM).

    Args:
        indptr: `int32[n + 1]`, ratings by the side that moves.
        indices: `int32[nnz]`, rows of the other.
        values: `float32[nnz]`, stars, not negative.
        fixed: `float32[m, f]`.
        l2: penalty of the moving factors for each rating.
        steps: how often.
        moving: `float32[n, f]`; rows without ratings are left as they are.
    """
    f = fixed.shape[1]
    hands = 64
    for hand in numba.prange(hands):
        asked, given = np.empty(f, dtype=np.float32), np.empty(f, dtype=np.float32)
        for row in range(hand, len(moving), hands):
            count = indptr[row + 1] - indptr[row]
            if count == 0:
                continue
            own = moving[row]
            for _ in range(steps):
                asked[:] = 0
                given[:] = 0
                for entry in range(indptr[row], indptr[row + 1]):
                    _add_entry(values[entry], fixed[indices[entry]], own, asked, given)
                for k in range(f):
                    below = given[k] + l2 * np.float32(count) * own[k]
                    own[k] = own[k] * asked[k] / max(below, np.float32(1e-12))


@compiled()
def _add_entry(
    value: np.float32,
    other: NDArray[np.float32],
    own: NDArray[np.float32],
    asked: NDArray[np.float32],
    given: NDArray[np.float32],
) -> None:
    predicted = np.float32(0)
    for k in range(len(own)):
        predicted += own[k] * other[k]
    for k in range(len(own)):
        asked[k] += value * other[k]
        given[k] += predicted * other[k]
