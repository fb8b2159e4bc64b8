"""Fold-in: factors of users from their histories, by ridge regression on item factors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["fold_in", "ridge_solve"]


def fold_in(
    starts: NDArray[np.int32],
    items: NDArray[np.int32],
    targets: NDArray[np.float32],
    features: NDArray[np.float32],
    penalty: NDArray[np.float64],
    ridge: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Factors `w` of every user that minimise `w (penalty + ridge I) w + |targets - features w|^2`.

    A single user is solved in NumPy: a request of a server must not start a parallel kernel.

    Args:
        starts: `int32[n + 1]`, where the ratings of each user begin.
        items: `int32[nnz]`, rows of `features`.
        targets: `float32[nnz]`.
        features: `float32[n_items, f]`.
        penalty: `float64[f, f]`.
        ridge: `float64[n]`, added to the diagonal for each user.

    Returns:
        `float32[n, f]`; zeros for users without ratings.
    """
    if len(starts) == 2:
        own = ridge_solve(features[items], targets, penalty + ridge[0] * np.eye(len(penalty)))
        return own.astype(np.float32)[None]
    from matinee.kernels.fold_in import fold_in as fold_in_rows

    return fold_in_rows(starts, items, targets, features, penalty, ridge)


def ridge_solve(
    features: NDArray[np.floating],
    targets: NDArray[np.floating],
    penalty: NDArray[np.float64],
) -> NDArray[np.float64]:
    """`w` that minimises `w penalty w + |targets - features w|^2`.

    Args:
        features: `[h, f]`, one row per film of the history.
        targets: `[h]`, or `[h, m]` for several right-hand sides.
        penalty: `float64[f, f]`, positive definite.

    Returns:
        `float64[f]`, or `float64[f, m]`.
    """
    from scipy.linalg.lapack import dposv  # half the time of np.linalg.solve

    wide = features.astype(np.float64)
    system, right = penalty + wide.T @ wide, wide.T @ targets.astype(np.float64)
    _, solution, failed = dposv(system.T, right, lower=1)
    if failed:  # not positive definite in double precision
        solution = np.linalg.solve(system, right)
    return np.asarray(solution, dtype=np.float64)
