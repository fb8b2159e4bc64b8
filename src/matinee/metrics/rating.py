"""How far predicted ratings are from given ones.

Every function takes `errors: float[m]`, prediction minus rating in stars, and `bounds: int[n + 1]`:
the errors of viewer v are `errors[bounds[v]:bounds[v + 1]]`. It gives `float64[n]`; NaN for a
viewer without ratings. `Metric.mean` with the number of ratings as weights is the value pooled
over ratings, which is what is published for a fold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric

__all__ = ["METRICS", "mae", "rmse"]


def rmse(errors: NDArray[np.floating], bounds: NDArray[np.integer]) -> NDArray[np.float64]:
    """Root of the mean squared error of each viewer."""
    mean_squares = _viewer_means(np.square(errors, dtype=np.float64), bounds)
    return np.sqrt(mean_squares, out=mean_squares)


def mae(errors: NDArray[np.floating], bounds: NDArray[np.integer]) -> NDArray[np.float64]:
    """Mean absolute error of each viewer."""
    return _viewer_means(np.abs(errors, dtype=np.float64), bounds)


def _viewer_means(each: NDArray[np.float64], bounds: NDArray[np.integer]) -> NDArray[np.float64]:
    counts = np.diff(bounds)
    viewers = np.repeat(np.arange(len(counts)), counts)
    totals = np.bincount(viewers, weights=each, minlength=len(counts))
    means = np.full(len(counts), np.nan)
    np.divide(totals, counts, out=means, where=counts > 0)
    return means


METRICS = (
    Metric(
        "rmse",
        rmse,
        "rating",
        higher_is_better=False,
        definition="root of the mean squared error, pooled over the ratings of a split",
        source="Bennett and Lanning 2007",
        power=2,
    ),
    Metric(
        "mae",
        mae,
        "rating",
        higher_is_better=False,
        definition="mean absolute error, pooled over the ratings of a split",
        source="Herlocker et al. 2004",
    ),
)
