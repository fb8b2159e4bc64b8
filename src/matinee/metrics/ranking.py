"""How good ranked lists are, cut at k. Definitions are trec_eval's unless an option says otherwise.

Every function takes `hits: bool[n, k]`, whether the film at each rank is a target (ranks beyond
the end of a short list are False), and `n_targets: int[n]`, how many targets each viewer has in
all. It gives `float64[n]`; NaN for a viewer without targets. Work grows with the number of hits.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric

__all__ = [
    "METRICS",
    "average_precision",
    "graded_ndcg",
    "hit_rate",
    "ndcg",
    "precision",
    "recall",
    "reciprocal_rank",
]

Hits = NDArray[np.bool_]
Counts = NDArray[np.integer]
Values = NDArray[np.float64]

Denominator = Literal["targets", "capped"]
"""A perfect list is measured against all targets (trec_eval), or those that fit: min(k, n)."""


def precision(hits: Hits, n_targets: Counts) -> Values:
    """Share of the k ranks that hold a target, also where the list is shorter than k."""
    return _ratio(np.count_nonzero(hits, axis=1), np.full(len(hits), hits.shape[1]), n_targets)


def recall(hits: Hits, n_targets: Counts, *, denominator: Denominator = "targets") -> Values:
    """Share of the targets that are in the list.

    `denominator="capped"` divides by min(k, targets), so that 1 can be reached by viewers with
    more targets than ranks (Liang et al. 2018).
    """
    found = np.count_nonzero(hits, axis=1)
    return _ratio(found, _denominator(hits, n_targets, denominator), n_targets)


def average_precision(
    hits: Hits, n_targets: Counts, *, denominator: Denominator = "targets"
) -> Values:
    """Precision at the rank of every hit, summed and divided by the number of targets.

    Its mean over viewers is MAP. `denominator="capped"` divides by min(k, targets).
    """
    viewers, ranks = np.nonzero(hits)
    first = np.searchsorted(viewers, viewers)
    ordinal = np.arange(1, len(viewers) + 1) - first
    total = np.bincount(viewers, weights=ordinal / (ranks + 1), minlength=len(hits))
    return _ratio(total, _denominator(hits, n_targets, denominator), n_targets)


def ndcg(hits: Hits, n_targets: Counts) -> Values:
    """Discounted cumulative gain over that of a perfect list, every target worth the same.

    The discount of rank r is 1 / log2(r + 1); the perfect list has all targets, cut at k
    (Järvelin and Kekäläinen 2002).
    """
    viewers, ranks = np.nonzero(hits)
    discount = _discount(hits.shape[1])
    gained = np.bincount(viewers, weights=discount[ranks], minlength=len(hits))
    ideal = np.concatenate([[0.0], np.cumsum(discount)])
    return _ratio(gained, ideal[np.minimum(n_targets, hits.shape[1])], n_targets)


def hit_rate(hits: Hits, n_targets: Counts) -> Values:
    """1 where at least one target is in the list, else 0 (trec_eval's success)."""
    return _ratio(np.any(hits, axis=1), np.ones(len(hits)), n_targets)


def reciprocal_rank(hits: Hits, n_targets: Counts) -> Values:
    """1 / rank of the first target, 0 where none is in the list; its mean is MRR."""
    return _ratio(np.any(hits, axis=1), np.argmax(hits, axis=1) + 1, n_targets)


def graded_ndcg(
    gains: NDArray[np.floating],
    ideal: NDArray[np.floating],
    *,
    gain: Literal["linear", "exponential"] = "linear",
) -> Values:
    """NDCG where a target is worth its rating.

    Args:
        gains: `float[n, k]`, the rating of the target at each rank, 0 where there is none.
        ideal: `float[n, k]`, each viewer's highest ratings among all targets, best first, then 0.
        gain: "linear" takes ratings as they are (trec_eval), "exponential" takes 2^rating - 1
            (Burges et al. 2005).

    Returns:
        `float64[n]`; NaN where the ideal list gains nothing.
    """
    worth, best = gains.astype(np.float64), ideal.astype(np.float64)
    if gain == "exponential":
        worth, best = np.exp2(worth) - 1, np.exp2(best) - 1
    reachable = best @ _discount(best.shape[1])
    return _ratio(worth @ _discount(worth.shape[1]), reachable, reachable)


def _discount(k: int) -> Values:
    return 1 / np.log2(np.arange(2, k + 2))


def _denominator(hits: Hits, n_targets: Counts, denominator: Denominator) -> Counts:
    return np.minimum(n_targets, hits.shape[1]) if denominator == "capped" else n_targets


def _ratio(numerator: NDArray[Any], divisor: NDArray[Any], needed: NDArray[Any]) -> Values:
    """Quotient, NaN where `needed` is 0."""
    quotient = np.full(len(numerator), np.nan)
    np.divide(numerator, divisor, out=quotient, where=needed > 0)
    return quotient


METRICS = (
    Metric(
        "ndcg",
        ndcg,
        "ranking",
        higher_is_better=True,
        definition="sum over hits of 1/log2(rank+1), divided by that of min(k, n) leading hits",
        source="Järvelin and Kekäläinen 2002; trec_eval ndcg_cut",
    ),
    Metric(
        "precision",
        precision,
        "ranking",
        higher_is_better=True,
        definition="hits / k",
        source="trec_eval P",
    ),
    Metric(
        "recall",
        recall,
        "ranking",
        higher_is_better=True,
        definition="hits / n",
        source="trec_eval recall",
    ),
    Metric(
        "recall-capped",
        partial(recall, denominator="capped"),
        "ranking",
        higher_is_better=True,
        definition="hits / min(k, n)",
        source="Liang et al. 2018",
    ),
    Metric(
        "map",
        average_precision,
        "ranking",
        higher_is_better=True,
        definition="sum over hits of precision at their rank / n",
        source="trec_eval map_cut",
    ),
    Metric(
        "map-capped",
        partial(average_precision, denominator="capped"),
        "ranking",
        higher_is_better=True,
        definition="sum over hits of precision at their rank / min(k, n)",
        source="McFee et al. 2012",
    ),
    Metric(
        "mrr",
        reciprocal_rank,
        "ranking",
        higher_is_better=True,
        definition="1 / rank of the first hit among the first k, else 0",
        source="trec_eval recip_rank on lists cut at k",
    ),
    Metric(
        "hit-rate",
        hit_rate,
        "ranking",
        higher_is_better=True,
        definition="1 if any hit, else 0",
        source="trec_eval success",
    ),
    Metric(
        "ndcg-graded",
        graded_ndcg,
        "graded",
        higher_is_better=True,
        definition="sum of rating/log2(rank+1), divided by that of the best k targets in order",
        source="Järvelin and Kekäläinen 2002; trec_eval ndcg_cut",
    ),
)
