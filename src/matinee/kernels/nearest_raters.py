"""Means over the nearest raters of each item, for one user."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["mean_of_nearest_raters"]


@compiled()
def mean_of_nearest_raters(
    starts: NDArray[np.int32],
    raters: NDArray[np.int32],
    deviations: NDArray[np.float32],
    items: NDArray[np.int32],
    similarity: NDArray[np.float32],
    neighbours: int,
    damping: np.float32,
) -> NDArray[np.float32]:
    """Weighted mean deviation of the nearest raters of some items; 0 for an item without any.

    It runs in one thread, so that requests of a server can call it at the same time. The nearest
    raters of an item are collected in a heap.

    Args:
        starts: `int32[n_items + 1]`, where the raters of each item begin.
        raters: `int32[nnz]`, rows of users.
        deviations: `float32[nnz]`, their deviations.
        items: `int32[m]`, the items to average for.
        similarity: `float32[n_users]`, to the one user; only users above 0 are neighbours.
        neighbours: largest number of neighbours; at ties the first rater wins.
        damping: added to the sum of weights.

    Returns:
        `float32[m]`.
    """
    means = np.zeros(len(items), dtype=np.float32)
    for n in range(len(items)):
        nearest = [(np.float32(0), np.int64(0))]
        nearest.clear()
        for entry in range(starts[items[n]], starts[items[n] + 1]):
            weight = similarity[raters[entry]]
            if weight <= 0:
                continue
            if len(nearest) < neighbours:
                heapq.heappush(nearest, (weight, np.int64(-entry)))
            elif weight > nearest[0][0]:
                heapq.heapreplace(nearest, (weight, np.int64(-entry)))
        total, weights = np.float32(0), damping
        for weight, place in nearest:
            total += weight * deviations[-place]
            weights += weight
        if weights > 0:
            means[n] = total / weights
    return means
