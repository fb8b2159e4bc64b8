"""Whether predicted ratings are in the order of the true ones."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import viewers_of

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
    viewers = viewers_of(bounds)
    concordant = _concordant(errors + ratings, ratings, viewers, bounds)
    discordant = _different(ratings, viewers, bounds) - concordant
    good, bad = (
        each.sum() if counts == "sums" or not each.any() else each[each > 0].mean()
        for each in (concordant, discordant)
    )
    return float(good / (good + bad)) if good + bad else float("nan")


def _concordant(predicted: Stars, ratings: Stars, viewers: Counts, bounds: Bounds) -> Counts:
    """`int64[n]`, pairs of each viewer of which one has the higher rating and prediction."""
    from matinee.kernels.ascents import count_ascents  # noqa: PLC0415  brings numba

    # by rising rating, and equal ratings by falling prediction: ascents of the prediction that are
    # left are concordant
    order = np.lexsort((-predicted, ratings, viewers))
    ranks = _ranks(predicted, viewers, bounds)[order]
    ascents = np.empty(len(bounds) - 1, dtype=np.int64)
    count_ascents(ranks, bounds, ascents)
    return ascents


def _ranks(values: Stars, viewers: Counts, bounds: Bounds) -> Counts:
    """`int64[t]`, dense rank from 1 of every value among its viewer's."""
    order = np.lexsort((values, viewers))
    fresh = _changes(viewers[order], values[order])
    until = np.cumsum(fresh)
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[order] = until - until[bounds[viewers]] + 1
    return ranks


def _different(ratings: Stars, viewers: Counts, bounds: Bounds) -> Counts:
    """`int64[n]`, pairs of each viewer with different ratings: all pairs without the equal ones."""
    order = np.lexsort((ratings, viewers))
    starts = np.flatnonzero(_changes(viewers[order], ratings[order]))
    sizes = np.diff(np.append(starts, len(ratings)))
    n = np.diff(bounds).astype(np.int64)
    different = n * (n - 1) // 2
    np.subtract.at(different, viewers[order][starts], sizes * (sizes - 1) // 2)
    return different


def _changes(viewers: Counts, values: Stars) -> NDArray[np.bool_]:
    """`bool[t]`, whether viewer or value differs from the entry before; the first does."""
    changes = np.ones(len(values), dtype=np.bool_)
    changes[1:] = (viewers[1:] != viewers[:-1]) | (values[1:] != values[:-1])
    return changes


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
