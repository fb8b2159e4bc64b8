"""Posteriors of many small Bayesian linear regressions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["posteriors"]


@compiled()
def posteriors(
    indptr: NDArray[np.integer],
    features: NDArray[np.float64],
    targets: NDArray[np.float64],
    precision: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and covariance of `w` for every row: `t = X w` + noise of variance 1, `w` normal.

    Args:
        indptr: `int[n + 1]`, entries of each row.
        features: `float64[entries, f]`, the `X` of all rows, stacked.
        targets: `float64[entries]`, the `t` of each.
        precision: `float64[f]`, inverse prior variances of `w`, whose prior mean is 0.

    Returns:
        `float64[n, f]` and `float64[n, f, f]`; those of the prior for rows without entries.
    """
    n, f = len(indptr) - 1, features.shape[1]
    means, covariances = np.zeros((n, f)), np.zeros((n, f, f))
    root, inverse, right = np.empty((f, f)), np.empty((f, f)), np.empty(f)
    for row in range(n):
        some = slice(indptr[row], indptr[row + 1])
        _add_up(features[some], targets[some], precision, root, right)
        _take_root(root)
        _invert(root, inverse)
        covariance = covariances[row]
        for j in range(f):
            for k in range(f):
                for m in range(max(j, k), f):
                    covariance[j, k] += inverse[m, j] * inverse[m, k]
        for j in range(f):
            for k in range(f):
                means[row, j] += covariance[j, k] * right[k]
    return means, covariances


@compiled()
def _add_up(
    features: NDArray[np.float64],
    targets: NDArray[np.float64],
    precision: NDArray[np.float64],
    system: NDArray[np.float64],
    right: NDArray[np.float64],
) -> None:
    """Both sides of one row's normal equations, the left one as a lower triangle."""
    f = len(right)
    right[:] = 0
    system[:] = 0
    for j in range(f):
        system[j, j] = precision[j]
    for entry in range(len(targets)):
        for j in range(f):
            value = features[entry, j]
            right[j] += targets[entry] * value
            for k in range(j + 1):
                system[j, k] += value * features[entry, k]


@compiled()
def _take_root(system: NDArray[np.float64]) -> None:
    """Cholesky factorisation, in place in the lower triangle."""
    for j in range(len(system)):
        for k in range(j + 1):
            total = system[j, k]
            for m in range(k):
                total -= system[j, m] * system[k, m]
            system[j, k] = np.sqrt(total) if j == k else total / system[k, k]


@compiled()
def _invert(root: NDArray[np.float64], inverse: NDArray[np.float64]) -> None:
    """Inverse of a lower triangular matrix."""
    for column in range(len(root)):
        for row in range(len(root)):
            total = 1.0 if row == column else 0.0
            for m in range(column, row):
                total -= root[row, m] * inverse[m, column]
            inverse[row, column] = total / root[row, row] if row >= column else 0.0
