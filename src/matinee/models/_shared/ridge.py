"""Fold-in: factors of users from their histories, by ridge regression on item factors."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

__all__ = ["System", "fold_in", "ridge_solve"]


def fold_in(
    histories: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]],
    features: NDArray[np.float32],
    penalty: NDArray[np.float64],
    ridge: NDArray[np.float64],
    roots: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Factors `w` of every user that minimise `w (penalty + ridge I) w + |targets - features w|^2`.

    A single user is solved in NumPy: a request of a server must not start a parallel kernel.

    Args:
        histories: a CSR of `n` users, see `kernels.compiled.Csr`: rows of `features`, and targets.
        features: `float32[n_items, f]`.
        penalty: `float64[f, f]`.
        ridge: `float64[n]`.
        roots: `float32[nnz]`, what multiplies the features of each rating; `None` for ones.

    Returns:
        `float32[n, f]`; zeros for users without ratings.
    """
    starts, items, targets = histories
    if len(starts) == 2:
        rows = features[items] if roots is None else features[items] * roots[:, None]
        own = ridge_solve(rows, targets, penalty + ridge[0] * np.eye(len(penalty)))
        return own.astype(np.float32)[None]
    from matinee.kernels.fold_in import fold_in as fold_in_rows

    return fold_in_rows(histories, features, penalty, ridge, roots)


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
    wide = features.astype(np.float64)
    return System(penalty + wide.T @ wide).solve(wide.T @ targets.astype(np.float64))


class System:
    """A symmetric positive definite system, `float64[f, f]`, factorised once for several solves."""

    def __init__(self, matrix: NDArray[np.float64]) -> None:
        self.matrix = matrix
        self._root, self._failed = _lapack().dpotrf(matrix.T, lower=1, clean=0)

    def solve(self, right: NDArray[np.float64]) -> NDArray[np.float64]:
        """`matrix^-1 right`, `float64[f]` or `float64[f, m]`."""
        if self._failed:  # not positive definite in double precision
            return np.asarray(np.linalg.solve(self.matrix, right), dtype=np.float64)
        return np.asarray(_lapack().dpotrs(self._root, right, lower=1)[0], dtype=np.float64)


@cache
def _lapack() -> ModuleType:
    """Half the time of `np.linalg.solve`, but slow to import, also where it was imported before."""
    return import_module("scipy.linalg.lapack")
