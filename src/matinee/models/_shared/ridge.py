"""One viewer's factors from their history: the plain form of `kernels.fold_in`, for one row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["ridge_solve"]


def ridge_solve(
    features: NDArray[np.floating],
    targets: NDArray[np.floating],
    penalty: NDArray[np.float64],
) -> NDArray[np.float64]:
    """`w` that minimises `w penalty w + |targets - features w|^2`.

    Args:
        features: `[h, f]`, the films of the history.
        targets: `[h]`, or `[h, m]` for several right sides at once.
        penalty: `float64[f, f]`, positive definite.

    Returns:
        `float64[f]`, or `float64[f, m]`.
    """
    wide = features.astype(np.float64)
    system, right = penalty + wide.T @ wide, wide.T @ targets.astype(np.float64)
    return np.linalg.solve(system, right).astype(np.float64, copy=False)
