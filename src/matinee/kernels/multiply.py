"""Non-negative factors of ratings by multiplicative updates."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import Csr, compiled

__all__ = ["multiply"]


@compiled(parallel=True)
def multiply(
    ratings: Csr,
    fixed: NDArray[np.float32],
    l2: np.float32,
    steps: int,
    moving: NDArray[np.float32],
) -> None:
    """Improves the factors of one side in place, with the other side fixed; none becomes negative.

    A factor `p` is multiplied by `sum(r * q) / (sum(predicted * q) + l2 * ratings * p)`. This never
    increases the error (Lee & Seung 2001, "Algorithms for non-negative matrix factorization", NIPS;
    over known ratings only, S. Zhang et al. 2006, "Learning from incomplete ratings using
    non-negative matrix factorization", SDM).

    Args:
        ratings: stars, not negative: by row of `moving`, with rows of `fixed`.
        fixed: `float32[m, f]`.
        l2: penalty of the moving factors per rating.
        steps: number of updates.
        moving: `float32[n, f]`, changed in place; rows without ratings are not changed.
    """
    (starts, others, values), f = ratings, fixed.shape[1]
    shards = min(64, len(moving))
    for shard in numba.prange(shards):
        targets, reached = np.empty(f, dtype=np.float32), np.empty(f, dtype=np.float32)
        for row in range(shard, len(moving), shards):
            count = starts[row + 1] - starts[row]
            if count == 0:
                continue
            own = moving[row]
            for _ in range(steps):
                targets[:] = 0
                reached[:] = 0
                for entry in range(starts[row], starts[row + 1]):
                    _add_entry(values[entry], fixed[others[entry]], own, targets, reached)
                for k in range(f):
                    below = reached[k] + l2 * np.float32(count) * own[k]
                    own[k] = own[k] * targets[k] / max(below, np.float32(1e-12))


@compiled()
def _add_entry(
    value: np.float32,
    other: NDArray[np.float32],
    own: NDArray[np.float32],
    targets: NDArray[np.float32],
    reached: NDArray[np.float32],
) -> None:
    predicted = np.float32(0)
    for k in range(len(own)):
        predicted += own[k] * other[k]
    for k in range(len(own)):
        targets[k] += value * other[k]
        reached[k] += predicted * other[k]
