"""Errors of predicted ratings.

Every function takes `errors: float[m]`, prediction minus rating. Those over viewers also
take `bounds: int[n + 1]`, where viewer v has `errors[bounds[v]:bounds[v + 1]]`, and return
`float64[n]`, NaN for a viewer without ratings. `Metric.mean` with the number of ratings as weights
is the value pooled over ratings, the one that papers report for a fold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import viewer_means

__all__ = ["METRICS", "explained_variance", "mae", "mse", "r_squared", "rmse"]


def rmse(errors: NDArray[np.floating], bounds: NDArray[np.integer]) -> NDArray[np.float64]:
    """Root of the mean squared error of each viewer.

    Its mean over viewers is pooled over ratings: the root of the mean of all squares, as in
    scikit-learn, RecBole and Microsoft's recommenders. LensKit also reports the mean of the
    viewers' RMSEs, which is another number.

    Example:
        Errors of 3 and -4 stars: the root of (9 + 16) / 2 = 3.5355.

        >>> rmse(np.array([3.0, -4.0]), np.array([0, 2])).round(4).tolist()
        [3.5355]
    """
    mean_squares = mse(errors, bounds)
    return np.sqrt(mean_squares, out=mean_squares)


def mse(errors: NDArray[np.floating], bounds: NDArray[np.integer]) -> NDArray[np.float64]:
    """Mean squared error of each viewer; its mean is pooled over ratings.

    As Surprise's `accuracy.mse`: the square of RMSE, in squared ratings.

    Example:
        Errors of 3 and -4 stars: (9 + 16) / 2.

        >>> mse(np.array([3.0, -4.0]), np.array([0, 2])).tolist()
        [12.5]
    """
    return viewer_means(np.square(errors, dtype=np.float64), bounds)


def mae(errors: NDArray[np.floating], bounds: NDArray[np.integer]) -> NDArray[np.float64]:
    """Mean absolute error of each viewer; its mean is pooled over ratings.

    Example:
        Errors of 3 and -4 stars: (3 + 4) / 2.

        >>> mae(np.array([3.0, -4.0]), np.array([0, 2])).tolist()
        [3.5]
    """
    return viewer_means(np.abs(errors, dtype=np.float64), bounds)


def explained_variance(errors: NDArray[np.floating], ratings: NDArray[np.floating]) -> float:
    """1 - variance of the errors / variance of the ratings, over all ratings together.

    As scikit-learn's `explained_variance_score` and Microsoft's `exp_var`: unlike in R squared, a
    constant bias costs nothing. NaN if all ratings are equal, where scikit-learn returns 1 or 0.

    Example:
        Ratings 1, 3 and 5 predicted as 2, 3 and 4: the errors 1, 0, -1 have variance 2/3, the
        ratings 8/3, so 1 - 1/4.

        >>> explained_variance(np.array([1.0, 0.0, -1.0]), np.array([1.0, 3.0, 5.0]))
        0.75
    """
    spread = np.var(ratings, dtype=np.float64) if len(ratings) else 0.0
    return float(1 - np.var(errors, dtype=np.float64) / spread) if spread > 0 else float("nan")


def r_squared(errors: NDArray[np.floating], ratings: NDArray[np.floating]) -> float:
    """1 - squared errors / squared deviations from the mean rating, over all ratings together.

    As scikit-learn's `r2_score` and Microsoft's `rsquared`: 0 is the constant mean of the test, and
    a model that is worse than it is below 0. NaN if all ratings are equal, where scikit-learn
    returns 1 or 0.

    Example:
        Ratings 1, 3 and 5 predicted as 2, 3 and 5: squared errors 1, squared deviations
        4 + 0 + 4, so 1 - 1/8.

        >>> r_squared(np.array([1.0, 0.0, 0.0]), np.array([1.0, 3.0, 5.0]))
        0.875
    """
    spread = np.var(ratings, dtype=np.float64) if len(ratings) else 0.0
    squares = np.square(errors, dtype=np.float64)
    return float(1 - squares.mean() / spread) if spread > 0 else float("nan")


METRICS = (
    Metric(
        "rmse",
        rmse,
        "rating",
        higher_is_better=False,
        definition="root of the mean squared error, pooled over the ratings of a split",
        source="Bennett and Lanning 2007",
        power=2,
        bounds=(0.0, float("inf")),
    ),
    Metric(
        "mse",
        mse,
        "rating",
        higher_is_better=False,
        definition="mean squared error, pooled over the ratings of a split",
        source="Herlocker et al. 2004; Surprise mse",
        bounds=(0.0, float("inf")),
    ),
    Metric(
        "mae",
        mae,
        "rating",
        higher_is_better=False,
        definition="mean absolute error, pooled over the ratings of a split",
        source="Herlocker et al. 2004",
        bounds=(0.0, float("inf")),
    ),
    Metric(
        "explained-variance",
        explained_variance,
        "rating",
        higher_is_better=True,
        definition="1 - variance of the errors / variance of the ratings, over a split",
        source="scikit-learn explained_variance_score",
        per_viewer=False,
        bounds=(float("-inf"), 1.0),
    ),
    Metric(
        "r2",
        r_squared,
        "rating",
        higher_is_better=True,
        definition="1 - squared errors / squared deviations from the mean rating, over a split",
        source="scikit-learn r2_score",
        per_viewer=False,
        bounds=(float("-inf"), 1.0),
    ),
)
