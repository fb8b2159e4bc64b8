"""Ranks of targets among all items, without sorting."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["target_positions"]


@compiled(parallel=True)
def target_positions(
    scores: NDArray[np.float32],
    indptr: NDArray[np.integer],
    indices: NDArray[np.integer],
    values: NDArray[np.float32],
    seen_indptr: NDArray[np.integer],
    seen_indices: NDArray[np.integer],
    positions: NDArray[np.int64],
) -> None:
    """Fills in the rank of every target among its user's unseen items, from 1.

    The highest score ranks first. Ties count against the model: among equal scores other items rank
    before targets, then targets of lower value, then lower rows. A target that is itself seen
    ranks last. Each target takes one pass over its user's scores, which stay in the cache.

    Args:
        scores: `float32[n, n_items]`, no NaN.
        indptr: `int[n + 1]`, targets by user.
        indices: `int[t]`, their items.
        values: `float32[t]`, their values.
        seen_indptr: `int[n + 1]`, items left out of the ranking, by user.
        seen_indices: `int[s]`, those items.
        positions: `int64[t]`, overwritten.
    """
    n, n_items = scores.shape
    shards = min(n, 64)
    for shard in numba.prange(shards):
        own = np.empty(n_items, dtype=np.float32)
        for user in range(shard, n, shards):
            own[:] = scores[user]
            for entry in range(seen_indptr[user], seen_indptr[user + 1]):
                own[seen_indices[entry]] = -np.inf
            first, end = indptr[user], indptr[user + 1]
            for entry in range(first, end):
                higher, equal = _count(own, own[indices[entry]])
                if equal > 1 and own[indices[entry]] != -np.inf:
                    higher += equal - 1 - _behind(own, indices, values, first, end, entry)
                positions[entry] = higher + 1


@compiled()
def _count(own: NDArray[np.float32], score: np.float32) -> tuple[int, int]:
    """How many items have a higher score, and how many the same."""
    higher, equal = 0, 0
    for item in range(len(own)):
        higher += own[item] > score
        equal += own[item] == score
    return higher, equal


@compiled()
def _behind(
    own: NDArray[np.float32],
    indices: NDArray[np.integer],
    values: NDArray[np.float32],
    first: int,
    end: int,
    entry: int,
) -> int:
    """How many items of the same score rank after a target; only other targets can."""
    behind = 0
    score, value, item = own[indices[entry]], values[entry], indices[entry]
    for other in range(first, end):
        if other != entry and own[indices[other]] == score:
            behind += values[other] > value or (values[other] == value and indices[other] > item)
    return behind
