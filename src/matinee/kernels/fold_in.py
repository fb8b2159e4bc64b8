"""Factors of many users at once, from their histories and fixed item features."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import Csr, compiled

__all__ = ["fold_in"]


@compiled(parallel=True)
def fold_in(
    histories: Csr,
    features: NDArray[np.float32],
    gram: NDArray[np.float64],
    ridge: NDArray[np.float64],
    roots: NDArray[np.float32] | None,
) -> NDArray[np.float32]:
    """Solves `(gram + ridge[r] I + X.T X) w = X.T t` for every row `r` of a CSR.

    Args:
        histories: rows of `features`, which times their `roots` are `X`, with their targets `t`.
        features: `float32[n_items, f]`.
        gram: `float64[f, f]`, common to all.
        ridge: `float64[n]`, one penalty per user.
        roots: `float32[nnz]`, root of the weight of each; `None` if all weigh 1.

    Returns:
        `float32[n, f]`; zeros for an empty history.
    """
    solved = np.zeros((len(ridge), features.shape[1]), dtype=np.float32)
    shards = 64
    for shard in numba.prange(shards):
        _fold_in_rows(shard, shards, histories, features, gram, ridge, roots, solved)
    return solved


@compiled()
def _fold_in_rows(
    first: int,
    stride: int,
    histories: Csr,
    features: NDArray[np.float32],
    gram: NDArray[np.float64],
    ridge: NDArray[np.float64],
    roots: NDArray[np.float32] | None,
    solved: NDArray[np.float32],
) -> None:
    """Solves every `stride`-th row from `first` on, in one thread."""
    (starts, items, targets), f = histories, features.shape[1]
    system = np.empty((f, f), dtype=np.float64)
    right = np.empty(f, dtype=np.float64)
    feature = np.empty(f, dtype=np.float64)
    for row in range(first, len(ridge), stride):
        if starts[row] == starts[row + 1]:
            continue
        for j in range(f):
            right[j] = 0
            for k in range(j + 1):
                system[j, k] = gram[j, k]
            system[j, j] += ridge[row]
        for entry in range(starts[row], starts[row + 1]):
            target, item = targets[entry], items[entry]
            root = np.float32(1) if roots is None else roots[entry]
            for j in range(f):
                value = np.float64(features[item, j] * root)
                feature[j] = value
                right[j] += target * value
                for k in range(j + 1):
                    system[j, k] += value * feature[k]
        _solve_in_place(system, right)
        for j in range(f):
            solved[row, j] = right[j]


@compiled()
def _solve_in_place(system: NDArray[np.float64], right: NDArray[np.float64]) -> None:
    """Cholesky on the lower triangle, row by row, then both substitutions into `right`."""
    f = len(right)
    for j in range(f):
        for k in range(j):
            total = system[j, k]
            for m in range(k):
                total -= system[j, m] * system[k, m]
            system[j, k] = total / system[k, k]
        total = system[j, j]
        for m in range(j):
            total -= system[j, m] * system[j, m]
        system[j, j] = np.sqrt(total)
        value = right[j]
        for m in range(j):
            value -= system[j, m] * right[m]
        right[j] = value / system[j, j]
    for j in range(f - 1, -1, -1):
        right[j] /= system[j, j]
        for m in range(j):
            right[m] -= system[j, m] * right[j]
