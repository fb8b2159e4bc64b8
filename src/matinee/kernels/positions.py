"""Where every target stands in the ranking of all films, without sorting anything."""

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
    """Fills in the rank of every target among its viewer's unseen films, from 1.

    Highest score first; of equal scores films that are no targets come first, then targets of
    lower value, then lower rows: ties count against the model. A target that is itself seen
    comes behind all. Each target is one pass over its viewer's scores, which the cache holds.

    Args:
        scores: `float32[n, n_items]`, no NaN.
        indptr: `int[n + 1]`, targets by viewer.
        indices: `int[t]`, their films.
        values: `float32[t]`, what each is worth.
        seen_indptr: `int[n + 1]`, films that are not ranked, by viewer.
        seen_indices: `int[s]`, those films.
        positions: `int64[t]`, overwritten.
    """
    n, n_items = scores.shape
    hands = min(n, 64)
    for hand in numba.prange(hands):
        own = np.empty(n_items, dtype=np.float32)
        for viewer in range(hand, n, hands):
            own[:] = scores[viewer]
            for entry in range(seen_indptr[viewer], seen_indptr[viewer + 1]):
                own[seen_indices[entry]] = -np.inf
            first, end = indptr[viewer], indptr[viewer + 1]
            for entry in range(first, end):
                higher, equal = _count(own, own[indices[entry]])
                if equal > 1 and own[indices[entry]] != -np.inf:
                    higher += equal - 1 - _behind(own, indices, values, first, end, entry)
                positions[entry] = higher + 1


@compiled()
def _count(own: NDArray[np.float32], score: np.float32) -> tuple[int, int]:
    """How many films score higher, and how many the same."""
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
    """How many of the same score come behind a target: other targets alone can."""
    behind = 0
    score, value, item = own[indices[entry]], values[entry], indices[entry]
    for other in range(first, end):
        if other != entry and own[indices[other]] == score:
            behind += values[other] > value or (values[other] == value and indices[other] > item)
    return behind
