"""The mean of what the nearest say, for one rating after the other."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled
from matinee.kernels.selection import kth_largest

__all__ = ["mean_of_nearest"]


@compiled(parallel=True)
def mean_of_nearest(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    deviations: NDArray[np.float32],
    wanted_indptr: NDArray[np.int32],
    wanted_indices: NDArray[np.int32],
    likeness: NDArray[np.float32],
    by_item: bool,  # noqa: FBT001  numba has no keyword-only arguments
    neighbours: int,
    damping: np.float32,
) -> NDArray[np.float32]:
    """Weighted mean of the deviations of the nearest, for each wanted pair of viewer and film.

    Only who is alike more than 0 is asked, at most `neighbours` of them; 0 where nobody is.
    `damping` is added to the sum of the weights.

    Args:
        indptr: `int32[m + 1]`, candidates: by item the films of each viewer's history, else the
            viewers who rated each film.
        indices: `int32[nnz]`, who they are, as columns of `likeness`.
        deviations: `float32[nnz]`, what each of them says.
        wanted_indptr: `int32[n + 1]`, the viewers' wanted films.
        wanted_indices: `int32[wanted]`.
        likeness: by item `float32[n_items, n_items]`, else `float32[n, n_users]`.
        by_item: whether neighbours are films or viewers.
        neighbours: how many are asked at most.
        damping: likeness of an imaginary neighbour who says 0.

    Returns:
        `float32[wanted]`.
    """
    said = np.zeros(len(wanted_indices), dtype=np.float32)
    longest = 0
    for row in range(len(indptr) - 1):
        longest = max(longest, indptr[row + 1] - indptr[row])
    hands = 64
    for hand in numba.prange(hands):
        weights = np.empty(longest, dtype=np.float32)
        values = np.empty(longest, dtype=np.float32)
        ordered = np.empty(longest, dtype=np.float32)
        for viewer in range(hand, len(wanted_indptr) - 1, hands):
            for n in range(wanted_indptr[viewer], wanted_indptr[viewer + 1]):
                film = wanted_indices[n]
                near, asked = (film, viewer) if by_item else (viewer, film)
                found = 0
                for entry in range(indptr[asked], indptr[asked + 1]):
                    weight = likeness[near, indices[entry]]
                    weights[found] = weight
                    values[found] = deviations[entry]
                    found += weight > 0
                said[n] = _weighted_mean(
                    weights[:found], values[:found], ordered, neighbours, damping
                )
    return said


@compiled()
def _weighted_mean(
    weights: NDArray[np.float32],
    values: NDArray[np.float32],
    ordered: NDArray[np.float32],
    neighbours: int,
    damping: np.float32,
) -> np.float32:
    least = np.float32(0)
    ties = 0
    if len(weights) > neighbours:
        ordered[: len(weights)] = weights
        least = kth_largest(ordered[: len(weights)], neighbours)
        ties = neighbours
        for weight in weights:
            ties -= weight > least
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
