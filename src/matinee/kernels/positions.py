"""Ranks of targets among all items, without sorting."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import Csr, compiled

__all__ = ["target_positions"]


@compiled(parallel=True)
def target_positions(
    scores: NDArray[np.float32],
    targets: Csr,
    seen: Csr,
    positions: NDArray[np.int64],
) -> None:
    """Fills in the rank of every target among its user's unseen items, from 1.

    The highest score ranks first. Ties count against the model: among equal scores other items rank
    before targets, then targets of lower value, then lower rows. A target that is itself seen
    ranks last. Each target takes one pass over its user's scores, which stay in the cache.

    Args:
        scores: `float32[n, n_items]`, no NaN.
        targets: items by user.
        seen: items that are not in the ranking, by user; their values are not read.
        positions: `int64[t]`, overwritten.
    """
    (starts, items, values), (seen_starts, seen_items, _) = targets, seen
    n, n_items = scores.shape
    shards = min(n, 64)
    for shard in numba.prange(shards):
        own = np.empty(n_items, dtype=np.float32)
        for user in range(shard, n, shards):
            own[:] = scores[user]
            for entry in range(seen_starts[user], seen_starts[user + 1]):
                own[seen_items[entry]] = -np.inf
            first, end = starts[user], starts[user + 1]
            for entry in range(first, end):
                higher, equal = _count(own, own[items[entry]])
                if equal > 1 and own[items[entry]] != -np.inf:
                    higher += equal - 1 - _behind(own, items, values, first, end, entry)
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
    items: NDArray[np.integer],
    values: NDArray[np.float32],
    first: int,
    end: int,
    entry: int,
) -> int:
    """How many items of the same score rank after a target; only other targets can."""
    behind = 0
    score, value, item = own[items[entry]], values[entry], items[entry]
    for other in range(first, end):
        if other != entry and own[items[other]] == score:
            behind += values[other] > value or (values[other] == value and items[other] > item)
    return behind
