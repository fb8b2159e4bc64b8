"""Precision and recall of the films with the highest predicted ratings among those of the test.

No list is ranked: a viewer's rated test films are sorted by prediction, and the first k predicted
at or above the threshold are their recommendations. Functions return `float64[n]`, NaN for a viewer
without ratings in the test. Every viewer counts the same in the mean.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import highest_predicted_first, predictions, quotient, viewers_of

__all__ = ["METRICS", "precision_of_predictions", "recall_of_predictions"]

Stars = NDArray[np.floating]
Bounds = NDArray[np.integer]
Values = NDArray[np.float64]

Empty = Literal["0", "no value"]
"""What a viewer without recommended, or without relevant, films has."""

_K = 10
_THRESHOLD = 0.625
"""Share of the scale: 3.5 of 1 to 5."""


def precision_of_predictions(
    errors: Stars,
    ratings: Stars,
    bounds: Bounds,
    scale: Values,
    *,
    k: int = _K,
    threshold: float = _THRESHOLD,
    empty: Empty = "0",
) -> Values:
    """Share of relevant films among the k best predicted ones that reach the threshold.

    As `precision_recall_at_k` of Surprise's FAQ: a film is recommended if its predicted rating is
    among the viewer's k highest and reaches the threshold, relevant if its true rating does. Only
    films that the viewer rated in the test take part, so the value is much higher than that of
    `precision`, which ranks every unseen film. `threshold` is a share of the scale from its lowest
    to its highest rating: 0.625 is 3.5 of 1 to 5. A viewer without recommended films has 0, as in
    Surprise, or with `empty="no value"` none. Of equal predictions, the one with the lower rating
    comes first; Surprise keeps the order of the test.

    Example:
        Ratings 5, 3 and 4 predicted as 4.5, 4 and 3 on a scale of 1 to 5: two predictions reach
        3.5, one of these ratings does. Among the single best one: 1 / 1.

        >>> ratings, bounds, scale = np.array([5.0, 3.0, 4.0]), np.array([0, 3]), np.array([1, 5])
        >>> errors = np.array([4.5, 4.0, 3.0]) - ratings
        >>> precision_of_predictions(errors, ratings, bounds, scale).tolist()
        [0.5]
        >>> precision_of_predictions(errors, ratings, bounds, scale, k=1).tolist()
        [1.0]
    """
    recommended, relevant = _marks(errors, ratings, bounds, scale, k, threshold)
    return _shares(recommended & relevant, recommended, bounds, empty)


def recall_of_predictions(
    errors: Stars,
    ratings: Stars,
    bounds: Bounds,
    scale: Values,
    *,
    k: int = _K,
    threshold: float = _THRESHOLD,
    empty: Empty = "0",
) -> Values:
    """Share of the relevant films that are among the k best predicted ones over the threshold.

    Options and terms are those of `precision-predicted`. A viewer without relevant films has 0, as
    in Surprise, or with `empty="no value"` none.

    Example:
        Ratings 5, 3 and 4 predicted as 4.5, 4 and 3 on a scale of 1 to 5: of the two ratings that
        reach 3.5 one is predicted to. On a scale of 1 to 9 the threshold is 6, which none reaches:
        0, or no value.

        >>> ratings, bounds, scale = np.array([5.0, 3.0, 4.0]), np.array([0, 3]), np.array([1, 5])
        >>> errors = np.array([4.5, 4.0, 3.0]) - ratings
        >>> recall_of_predictions(errors, ratings, bounds, scale).tolist()
        [0.5]
        >>> wide = np.array([1, 9])
        >>> recall_of_predictions(errors, ratings, bounds, wide).tolist()
        [0.0]
        >>> recall_of_predictions(errors, ratings, bounds, wide, empty="no value").tolist()
        [nan]
    """
    recommended, relevant = _marks(errors, ratings, bounds, scale, k, threshold)
    return _shares(recommended & relevant, relevant, bounds, empty)


def _marks(
    errors: Stars, ratings: Stars, bounds: Bounds, scale: Values, k: int, threshold: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """`bool[t]` each: whether a rating of the test is recommended, and whether it is relevant."""
    low, high = scale
    least = low + threshold * (high - low)
    predicted = predictions(errors, ratings)
    order = highest_predicted_first(predicted, ratings, bounds)
    first = np.empty(len(order), dtype=np.bool_)
    first[order] = np.arange(len(order)) - bounds[viewers_of(bounds)] < k
    return first & (predicted >= least), ratings >= least


def _shares(
    marked: NDArray[np.bool_], among: NDArray[np.bool_], bounds: Bounds, empty: Empty
) -> Values:
    """Number of `marked` over number of `among` ratings of each viewer, `float64[n]`."""
    viewers, n = viewers_of(bounds), len(bounds) - 1
    found, all_of = (np.bincount(viewers, each, minlength=n) for each in (marked, among))
    if empty == "0":
        return quotient(found, np.maximum(all_of, 1), np.diff(bounds))
    return quotient(found, all_of, all_of)


METRICS = (
    Metric(
        "precision-predicted",
        precision_of_predictions,
        "rating",
        higher_is_better=True,
        definition="films rated >= t among the 10 best predicted >= t / those 10 or fewer; t is at "
        "62.5% of the scale",
        source="Surprise FAQ precision_recall_at_k",
        pooled=False,
    ),
    Metric(
        "recall-predicted",
        recall_of_predictions,
        "rating",
        higher_is_better=True,
        definition="films rated >= t among the 10 best predicted >= t / films rated >= t; t is at "
        "62.5% of the scale",
        source="Surprise FAQ precision_recall_at_k",
        pooled=False,
    ),
)
