"""One Gibbs step of a factorisation machine with features in blocks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import Csr, compiled

__all__ = ["draw_block"]


@compiled()
def draw_block(
    places: NDArray[np.int32],
    block: int,
    others: NDArray[np.int64],
    first: int,
    n_rows: int,
    residuals: NDArray[np.float64],
    sums: NDArray[np.float64],
    features: Csr,
    groups: NDArray[np.int32],
    weights: NDArray[np.float64],
    means: NDArray[np.float64],
    precisions: NDArray[np.float64],
    noise: NDArray[np.float64],
    normals: NDArray[np.float64],
) -> None:
    """Draws every weight of one block given all others, in place.

    A rating selects one row of each block. Its prediction is the sum of the rows' first numbers and
    of the inner products of the rest, for all pairs of rows. In one block the prediction is linear:
    its row times the `partner`, which is 1 and the sum of the other blocks' rows. Partners and
    residuals enter only as sums over the ratings of a row, so the cost of a feature grows with its
    rows, not with its ratings (Rendle 2013, "Scaling factorization
    machines to relational data", PVLDB 6(5)).

    Args:
        places: `int32[n, blocks]`, the row of `sums` of each block, for each rating.
        block: the block to draw.
        others: `int64[o]`, the blocks it interacts with.
        first: its first row in `sums`.
        n_rows: number of its rows, with and without ratings.
        residuals: `float64[n]`, target minus prediction; kept up to date.
        sums: `float64[all rows, 1 + factors]`, sum of weights times amounts over a row's features;
            kept up to date.
        features: by feature, rows of the block that have it, from 0, and its amount, `float64`.
        groups: `int32[features]`, the prior of each feature.
        weights: `float64[features, 1 + factors]`, overwritten; `[features, 1]` for a block
            without interactions.
        means: `float64[groups, 1 + factors]`, means of the normal priors.
        precisions: `float64[groups, 1 + factors]`, their inverse variances.
        noise: `float64[n]`, inverse variance of each target around its prediction.
        normals: `float64[features, 1 + factors]`, standard normal draws, the only randomness.
    """
    (bounds, rows, amounts), f = features, weights.shape[1]
    projected, gram = np.zeros((n_rows, f)), np.zeros((n_rows, f, f))
    _sum_over_ratings(places, block, others, first, residuals, noise, sums, projected, gram)
    moved = np.zeros((n_rows, f))
    for j in range(f):
        for feature in range(len(groups)):
            start, end = bounds[feature], bounds[feature + 1]
            information, pull = 0.0, 0.0
            for entry in range(start, end):
                row, amount = rows[entry], amounts[entry]
                information += amount * amount * gram[row, j, j]
                pull += amount * projected[row, j]
            before, prior = weights[feature, j], precisions[groups[feature], j]
            precision = information + prior
            pulled = pull + before * information
            mean = (pulled + prior * means[groups[feature], j]) / precision
            weights[feature, j] = mean + normals[feature, j] / np.sqrt(precision)
            change = weights[feature, j] - before
            for entry in range(start, end):
                row, step = rows[entry], change * amounts[entry]
                projected[row, j] -= step * gram[row, j, j]
                moved[row, j] += step
        for row in range(n_rows):
            for k in range(j + 1, f):
                projected[row, k] -= moved[row, j] * gram[row, k, j]
    _move(places, block, others, first, residuals, sums, moved)


@compiled()
def _sum_over_ratings(
    places: NDArray[np.int32],
    block: int,
    others: NDArray[np.int64],
    first: int,
    residuals: NDArray[np.float64],
    noise: NDArray[np.float64],
    sums: NDArray[np.float64],
    projected: NDArray[np.float64],
    gram: NDArray[np.float64],
) -> None:
    """Sums partner times residual, and partner times partner, by row and weighted with `noise`."""
    f = projected.shape[1]
    partner = np.empty(f)
    for n in range(len(places)):
        row, error = places[n, block] - first, residuals[n]
        _partner(places, n, others, sums, partner)
        for j in range(f):
            value = noise[n] * partner[j]
            projected[row, j] += error * value
            for k in range(f):  # not only the triangle, which vector instructions cannot fill
                gram[row, j, k] += value * partner[k]


@compiled()
def _move(
    places: NDArray[np.int32],
    block: int,
    others: NDArray[np.int64],
    first: int,
    residuals: NDArray[np.float64],
    sums: NDArray[np.float64],
    moved: NDArray[np.float64],
) -> None:
    """Updates residuals and sums after a move of the block's rows."""
    f = moved.shape[1]
    partner = np.empty(f)
    for n in range(len(places)):
        row = places[n, block] - first
        _partner(places, n, others, sums, partner)
        change = 0.0
        for j in range(f):
            change += moved[row, j] * partner[j]
        residuals[n] -= change
    for row in range(len(moved)):
        for j in range(f):
            sums[first + row, j] += moved[row, j]


@compiled()
def _partner(
    places: NDArray[np.int32],
    n: int,
    others: NDArray[np.int64],
    sums: NDArray[np.float64],
    partner: NDArray[np.float64],
) -> None:
    """Fills in 1 and the sum of the other blocks' factors."""
    partner[:] = 0
    for other in others:
        row = places[n, other]
        for j in range(len(partner)):
            partner[j] += sums[row, j]
    partner[0] = 1
