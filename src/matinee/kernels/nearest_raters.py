"""Means over the nearest raters of each item, for one user."""

from __future__ import annotations

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

    It runs in one thread, so that requests of a server can call it at the same time.

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
    longest = 0
    for item in items:
        longest = max(longest, starts[item + 1] - starts[item])
    weights = np.empty(longest, dtype=np.float32)
    values = np.empty(longest, dtype=np.float32)
    for n in range(len(items)):
        count = 0
        for entry in range(starts[items[n]], starts[items[n] + 1]):
            weight = similarity[raters[entry]]
            weights[count] = weight
            values[count] = deviations[entry]
            count += weight > 0
        means[n] = _mean_of_largest(weights[:count], values[:count], neighbours, damping)
    return means


@compiled()
def _mean_of_largest(
    weights: NDArray[np.float32],
    values: NDArray[np.float32],
    most: int,
    damping: np.float32,
) -> np.float32:
    least, ties = np.float32(0), 0
    if len(weights) > most:
        place = len(weights) - most
        largest = np.partition(weights, place)[place:]
        least = largest[0]
        ties = np.sum(largest == least)
    total, weight_sum = np.float32(0), damping
    for n in range(len(weights)):
        weight = weights[n]
        if weight < least:
            continue
        if weight == least:
            ties -= 1
            if ties < 0:
                continue
        total += weight * values[n]
        weight_sum += weight
    return total / weight_sum if weight_sum > 0 else np.float32(0)
