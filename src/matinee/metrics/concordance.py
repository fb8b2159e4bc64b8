"""Whether predicted ratings are in the order of the true ones."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import highest_predicted_first, predictions

__all__ = ["METRICS", "concordant_pairs"]

Stars = NDArray[np.floating]
Bounds = NDArray[np.integer]
Counts = NDArray[np.int64]


def concordant_pairs(
    errors: Stars,
    ratings: Stars,
    bounds: Bounds,
    *,
    counts: Literal["sums", "means"] = "sums",
) -> float:
    """Share of the pairs of a viewer's ratings whose predictions are in the same order.

    Of every two ratings of one viewer that differ, the pair is concordant if the higher rating has
    the higher prediction; equal predictions are not. `counts="sums"` pools the pairs of all
    viewers, as Koren and Sill. "means" is Surprise's `fcp`: the mean number of concordant pairs,
    over the viewers who have any, divided by itself plus the mean number of discordant pairs, over
    the viewers who have any of those. NaN if no viewer has two different ratings.

    Example:
        One viewer's ratings 5, 3 and 1 are predicted as 4, 4 and 2: the pairs (5, 1) and (3, 1) are
        in order, (5, 3) is not. Another's 2 and 4 are predicted as 1 and 5. Together 3 of 4 pairs;
        by means 1.5 / (1.5 + 1).

        >>> ratings = np.array([5.0, 3.0, 1.0, 2.0, 4.0])
        >>> errors, bounds = np.array([4.0, 4.0, 2.0, 1.0, 5.0]) - ratings, np.array([0, 3, 5])
        >>> concordant_pairs(errors, ratings, bounds)
        0.75
        >>> concordant_pairs(errors, ratings, bounds, counts="means")
        0.6
    """
    concordant, discordant = _pairs(predictions(errors, ratings), ratings, bounds)
    good, bad = (
        each.sum() if counts == "sums" or not each.any() else each[each > 0].mean()
        for each in (concordant, discordant)
    )
    return float(good / (good + bad)) if good + bad else float("nan")


def _pairs(predicted: Stars, ratings: Stars, bounds: Bounds) -> tuple[Counts, Counts]:
    """`int64[n]` each: concordant and discordant pairs of each viewer."""
    from matinee.kernels.orders import count_ascents  # noqa: PLC0415  brings numba

    n_ratings = np.diff(bounds).astype(np.int64)
    concordant, equal = np.empty_like(n_ratings), np.empty_like(n_ratings)
    # by rising prediction, and of equal predictions the higher rating first: no ascent
    rising = highest_predicted_first(predicted, ratings, bounds)[::-1]
    ends = bounds[-1] - bounds[::-1]
    count_ascents(ratings[rising], ends, concordant, equal)
    pairs = n_ratings[::-1] * (n_ratings[::-1] - 1) // 2
    return concordant, pairs - equal - concordant


METRICS = (
    Metric(
        "fcp",
        concordant_pairs,
        "rating",
        higher_is_better=True,
        definition="concordant pairs / pairs of a viewer's ratings that differ, over a split",
        source="Koren and Sill 2011, fraction of concordant pairs",
        per_viewer=False,
    ),
)
