"""Coverage and width of prediction intervals of ratings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import viewer_means

__all__ = ["METRICS", "interval_coverage", "interval_width"]

Stars = NDArray[np.floating]
Bounds = NDArray[np.integer]


def interval_coverage(
    lower: Stars, upper: Stars, ratings: Stars, bounds: Bounds
) -> NDArray[np.float64]:
    """Share of each viewer's ratings that lie within their prediction intervals, ends included.

    The intervals are for 80%, so 0.8 is the target: less is overconfident, more is
    underconfident. Pooled over ratings, like RMSE. A model without intervals has no value.

    Returns:
        `float64[n]`; NaN for a viewer without ratings.

    Example:
        Ratings 2 and 5 under intervals of 1.5 to 3 and 3 to 4.5: one of two.

        >>> lower, upper = np.array([1.5, 3.0]), np.array([3.0, 4.5])
        >>> interval_coverage(lower, upper, np.array([2.0, 5.0]), np.array([0, 2])).tolist()
        [0.5]
    """
    return viewer_means(((lower <= ratings) & (ratings <= upper)).astype(np.float64), bounds)


def interval_width(lower: Stars, upper: Stars, bounds: Bounds) -> NDArray[np.float64]:
    """Mean width of each viewer's prediction intervals.

    Of two models with the same coverage, the one with narrower intervals is more precise.

    Example:
        Intervals of 1.5 to 3 and 3 to 5: (1.5 + 2) / 2.

        >>> interval_width(np.array([1.5, 3.0]), np.array([3.0, 5.0]), np.array([0, 2])).tolist()
        [1.75]
    """
    return viewer_means(np.subtract(upper, lower, dtype=np.float64), bounds)


METRICS = (
    Metric(
        "interval-coverage",
        interval_coverage,
        "rating",
        higher_is_better=None,
        definition="ratings within their 80% prediction intervals / ratings; the target is 0.8",
        source="Khosravi et al. 2011, prediction interval coverage probability",
    ),
    Metric(
        "interval-width",
        interval_width,
        "rating",
        higher_is_better=None,
        definition="mean of upper - lower end of the 80% prediction intervals",
        source="Khosravi et al. 2011, mean prediction interval width",
        bounds=(0.0, float("inf")),
    ),
)
