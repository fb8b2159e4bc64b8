"""Elastic nets: sparse regressions of every item on a few others."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["elastic_nets"]


@compiled(parallel=True)
def elastic_nets(
    gram: NDArray[np.float32],
    candidates: NDArray[np.int32],
    l1: float,
    l2: float,
    least: float,
    sweeps: int,
    weights: NDArray[np.float32],
) -> None:
    """Fills in the weights that minimise `|x_i - X w|^2 / 2 + l1 |w|_1 + l2 |w|^2 / 2` per item.

    By cyclic coordinate descent on the Gram matrix (Friedman, Hastie & Tibshirani 2010,
    "Regularization paths for generalized linear models via coordinate descent"). Items are
    independent, so the result does not depend on the number of threads.

    Args:
        gram: `float32[n, n]`, `X.T X`.
        candidates: `int32[n, k]`, predictors of each item; the item itself among them is ignored.
        l1: penalty of absolute weights.
        l2: penalty of squared weights.
        least: lower bound of a weight: 0, or minus infinity.
        sweeps: at most, over an item's weights; the last is one in which none moves by 1e-6.
        weights: `float32[n, k]`, overwritten.
    """
    shards = 64
    for shard in numba.prange(shards):
        k = candidates.shape[1]
        common = np.empty((k, k), dtype=np.float64)
        slope = np.empty(k, dtype=np.float64)
        own = np.empty(k, dtype=np.float64)
        for film in range(shard, len(candidates), shards):
            chosen = candidates[film]
            for a in range(k):
                slope[a] = gram[film, chosen[a]]
                for b in range(k):
                    common[a, b] = gram[chosen[a], chosen[b]]
            own[:] = 0
            for _ in range(sweeps):
                if _sweep(film, chosen, common, slope, l1, l2, least, own) < 1e-6:
                    break
            for a in range(k):
                weights[film, a] = own[a]


@compiled()
def _sweep(
    film: int,
    chosen: NDArray[np.int32],
    common: NDArray[np.float64],
    slope: NDArray[np.float64],
    l1: float,
    l2: float,
    least: float,
    own: NDArray[np.float64],
) -> float:
    """Minimises along each weight in turn; returns the longest move.

    `slope` is `X.T (x - X w)` for the candidates and is kept up to date.
    """
    longest = 0.0
    for a in range(len(chosen)):
        if chosen[a] == film:
            continue
        pull = slope[a] + common[a, a] * own[a]
        shrunk = max(abs(pull) - l1, 0.0)
        target = max(np.copysign(shrunk, pull) / max(common[a, a] + l2, 1e-12), least)
        move = target - own[a]
        if move == 0:
            continue
        own[a] += move
        for b in range(len(chosen)):
            slope[b] -= move * common[a, b]
        longest = max(longest, abs(move))
    return longest
