"""Discounted cumulative gain, plain and normalised, with equal targets or graded by rating.

Every metric returns `float64[n]`, NaN for a viewer without targets, or whose targets gain nothing.
"""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import quotient, rank_sums, weighted_sums

__all__ = ["METRICS", "best_gains", "dcg", "graded_ndcg", "ndcg", "rank_gains"]

Values = NDArray[np.float64]

_LARGEST_EXPONENT = 64
"""Higher ratings are lowered before their power of 2 is taken, which would overflow."""

Discount = Literal["log2(rank+1)", "log2(rank)"]
"""Divisor of gains; log2(rank) is 1 at the first two ranks (the paper of 2002)."""


def dcg(
    hits: NDArray[np.bool_],
    n_targets: NDArray[np.integer],
    *,
    discount: Discount = "log2(rank+1)",
) -> Values:
    """Discounted cumulative gain, all targets with equal weight.

    A hit at rank r gains 1 / log2(r + 1), as in scikit-learn's `dcg_score`; `discount="log2(rank)"`
    is that of the paper of 2002 and of LensKit. Viewers with many targets reach more, so its mean
    cannot be compared between data sets: `ndcg` can.

    Example:
        Hits at ranks 1 and 3: 1 + 1/2; by log2(rank): 1 + 0.6309.

        >>> hits = np.array([[True, False, True, False, False]])
        >>> dcg(hits, np.array([4])).tolist()
        [1.5]
        >>> dcg(hits, np.array([4]), discount="log2(rank)").round(4).tolist()
        [1.6309]
    """
    gained = rank_sums(hits, _weights(hits.shape[1], discount))
    return quotient(gained, np.ones(len(hits)), n_targets)


def ndcg(
    hits: NDArray[np.bool_],
    n_targets: NDArray[np.integer],
    *,
    discount: Discount = "log2(rank+1)",
    perfect: Literal["targets", "k"] = "targets",
) -> Values:
    """Discounted cumulative gain over that of a perfect list, all targets with equal weight.

    A hit at rank r gains 1 / log2(r + 1), as in trec_eval, RecTools and RecBole; Microsoft's
    recommenders use the natural logarithm, which cancels out. LensKit uses the discount of
    Järvelin and Kekäläinen as published, max(1, log2(r)): `discount="log2(rank)"`. The perfect
    list has hits at its first min(k, n) ranks; RecTools by default divides by k hits for any
    number of targets: `perfect="k"`.

    Example:
        Hits at ranks 1 and 3 of 5, 4 targets: (1 + 1/2) / (1 + 0.6309 + 0.5 + 0.4307) = 0.5856.
        Over k hits: 1.5 / 2.9485 = 0.5087. By log2(rank): (1 + 0.6309) / (1 + 1 + 0.6309 + 0.5) =
        0.5209.

        >>> hits, four = np.array([[True, False, True, False, False]]), np.array([4])
        >>> ndcg(hits, four).round(4).tolist(), ndcg(hits, four, perfect="k").round(4).tolist()
        ([0.5856], [0.5087])
        >>> ndcg(hits, four, discount="log2(rank)").round(4).tolist()
        [0.5209]
    """
    k = hits.shape[1]
    at_most = n_targets if perfect == "targets" else np.full(len(hits), k)
    best = best_gains(at_most, k, discount=discount)
    return quotient(dcg(hits, n_targets, discount=discount), best, n_targets)


def rank_gains(ranks: NDArray[np.integer], discount: Discount = "log2(rank+1)") -> Values:
    """Gain of a hit at each rank, ranks from 1; an array of the same shape."""
    return np.asarray(
        1 / np.log2(ranks + 1 if discount == "log2(rank+1)" else np.maximum(ranks, 2)),
        dtype=np.float64,
    )


def best_gains(
    n_targets: NDArray[np.integer], k: int, *, discount: Discount = "log2(rank+1)"
) -> Values:
    """Discounted cumulative gain of a list with hits at its first min(k, n) ranks, `float64[n]`.

    Example:
        Two targets gain 1 + 0.6309, also in a list of five; none gain 0.

        >>> best_gains(np.array([0, 2]), 5).round(4).tolist()
        [0.0, 1.6309]
    """
    reachable = np.concatenate([[0.0], np.cumsum(_weights(k, discount))])
    return np.asarray(reachable[np.minimum(n_targets, k)])


def graded_ndcg(
    gains: NDArray[np.floating],
    ideal: NDArray[np.floating],
    *,
    gain: Literal["linear", "exponential"] = "linear",
    discount: Discount = "log2(rank+1)",
) -> Values:
    """NDCG with ratings as gains.

    `gain="linear"` uses the ratings, as do trec_eval, LensKit (with the field of the ratings) and
    Microsoft's recommenders with `score_type="raw"`. "exponential" uses 2^rating - 1 (Burges et
    al. 2005), Microsoft's `score_type="exp"`. RecTools and RecBole have no graded version. Ratings
    below 0 gain 0, as in LensKit: the value stays between 0 and 1.

    Example:
        Targets rated 5 and 3; the one rated 3 is first, the other third:
        (3 + 5/2) / (5 + 3 * 0.6309) = 0.7979; exponential (7 + 31/2) / (31 + 7 * 0.6309) = 0.6353.

        >>> gains, ideal = np.array([[3.0, 0.0, 5.0]]), np.array([[5.0, 3.0, 0.0]])
        >>> graded_ndcg(gains, ideal).round(4).tolist()
        [0.7979]
        >>> graded_ndcg(gains, ideal, gain="exponential").round(4).tolist()
        [0.6353]
    """
    weights = _weights(gains.shape[1], discount)
    gained, reachable = np.maximum(gains, 0), np.maximum(ideal, 0)
    if gain == "exponential":
        highest = reachable.max(axis=1, initial=0, keepdims=True)
        excess = np.maximum(highest - _LARGEST_EXPONENT, 0)  # a factor that cancels out
        gained, reachable = (
            np.exp2(each - excess) - np.exp2(-excess) for each in (gained, reachable)
        )
    best = weighted_sums(reachable, weights)
    return quotient(weighted_sums(gained, weights), best, best)


def _weights(k: int, discount: Discount) -> Values:
    return rank_gains(np.arange(1, k + 1), discount)


METRICS = (
    Metric(
        "dcg",
        dcg,
        "list",
        higher_is_better=True,
        definition="sum over hits of 1/log2(rank+1)",
        source="Järvelin and Kekäläinen 2002",
        bounds=(0.0, float("inf")),
    ),
    Metric(
        "ndcg",
        ndcg,
        "list",
        higher_is_better=True,
        definition="sum over hits of 1/log2(rank+1), divided by that of min(k, n) leading hits",
        source="Järvelin and Kekäläinen 2002; trec_eval ndcg_cut",
    ),
    Metric(
        "ndcg-graded",
        graded_ndcg,
        "list",
        higher_is_better=True,
        definition="sum of rating/log2(rank+1), divided by that of the best k targets in order",
        source="Järvelin and Kekäläinen 2002; trec_eval ndcg_cut",
    ),
    Metric(
        "ndcg-exponential",
        partial(graded_ndcg, gain="exponential"),
        "list",
        higher_is_better=True,
        definition="sum of (2^rating-1)/log2(rank+1), divided by that of the best k targets",
        source="Burges et al. 2005",
    ),
)
