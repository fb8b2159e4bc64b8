"""Accuracy of ranked lists cut at k. Definitions are trec_eval's unless an option changes them.

Every function takes `hits: bool[n, k]`, whether the film at each rank is a target (False beyond
a short list), and `n_targets: int[n]`, the number of targets of each viewer. It returns
`float64[n]`, NaN for a viewer without targets. Time grows with the number of hits.
"""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import hit_places, quotient, rank_sums

__all__ = [
    "METRICS",
    "average_precision",
    "f_score",
    "hit_rate",
    "precision",
    "rank_biased_precision",
    "recall",
    "reciprocal_rank",
]

Hits = NDArray[np.bool_]
Counts = NDArray[np.integer]
Values = NDArray[np.float64]

Denominator = Literal["targets", "capped"]
"""Divide by all n targets (trec_eval), or by those that fit the list: min(k, n)."""


def precision(hits: Hits, n_targets: Counts) -> Values:
    """Share of the k ranks that hold a target.

    Missing ranks of a short list count as misses, as in trec_eval, RecTools, RecBole and
    Microsoft's recommenders. LensKit divides by the length of the list.

    Example:
        Hits at ranks 1 and 3 of 5: 2 / 5.

        >>> precision(np.array([[True, False, True, False, False]]), np.array([4])).tolist()
        [0.4]
    """
    return quotient(np.count_nonzero(hits, axis=1), np.full(len(hits), hits.shape[1]), n_targets)


def recall(hits: Hits, n_targets: Counts, *, denominator: Denominator = "targets") -> Values:
    """Share of the targets that are in the list.

    `denominator="targets"` divides by all n targets, as do trec_eval, RecTools, RecBole and
    Microsoft's recommenders; a viewer with more than k targets cannot reach 1. "capped" divides by
    min(k, n), as do LensKit, the Mult-VAE paper (Liang et al. 2018), and RecTools as Precision
    with `r_precision=True`.

    Example:
        Hits at ranks 1 and 3 of 5, 4 targets: 2 / 4. With 8 targets 2 / 8, capped 2 / 5.

        >>> hits = np.array([[True, False, True, False, False]])
        >>> recall(hits, np.array([4])).tolist(), recall(hits, np.array([8])).tolist()
        ([0.5], [0.25])
        >>> recall(hits, np.array([8]), denominator="capped").tolist()
        [0.4]
    """
    found = np.count_nonzero(hits, axis=1)
    return quotient(found, _denominator(hits, n_targets, denominator), n_targets)


def f_score(hits: Hits, n_targets: Counts, *, beta: float = 1.0) -> Values:
    """Harmonic mean of precision and recall.

    With k ranks and n targets it is 2 hits / (k + n), as RecTools' F1Beta: the mean is one over
    the viewers' own values, not the harmonic mean of the two means. `beta` is the weight of recall
    against precision: (1 + beta^2) hits / (k + beta^2 n). An empty list has 0.

    Example:
        Hits at ranks 1 and 3 of 5, 4 targets: precision 2 / 5, recall 2 / 4, so
        2 * 2 / (5 + 4) = 0.4444. With beta = 2: 5 * 2 / (5 + 4 * 4) = 0.4762.

        >>> hits = np.array([[True, False, True, False, False]])
        >>> f_score(hits, np.array([4])).round(4).tolist()
        [0.4444]
        >>> f_score(hits, np.array([4]), beta=2).round(4).tolist()
        [0.4762]
    """
    weight = beta**2
    found = (1 + weight) * np.count_nonzero(hits, axis=1)
    return quotient(found, hits.shape[1] + weight * n_targets, n_targets)


def average_precision(
    hits: Hits, n_targets: Counts, *, denominator: Denominator = "targets"
) -> Values:
    """Precision at the rank of every hit, summed and divided by the number of targets.

    Its mean over viewers is MAP. `denominator="targets"` divides by all n targets, as do trec_eval
    (map_cut), RecTools and Microsoft's `map`. "capped" divides by min(k, n), which is the AP@k of
    competitions, as do RecBole and Microsoft's `map_at_k`; LensKit by the smaller of n and the
    length of the list. An empty list has 0.

    Example:
        Hits at ranks 1 and 3 of 5, 4 targets: (1/1 + 2/3) / 4 = 0.4167. With 8 targets capped:
        (1/1 + 2/3) / 5 = 0.3333.

        >>> hits = np.array([[True, False, True, False, False]])
        >>> average_precision(hits, np.array([4])).round(4).tolist()
        [0.4167]
        >>> average_precision(hits, np.array([8]), denominator="capped").round(4).tolist()
        [0.3333]
    """
    viewers, ranks = hit_places(hits)
    first = np.searchsorted(viewers, viewers)
    ordinal = np.arange(1, len(viewers) + 1) - first
    total = np.bincount(viewers, weights=ordinal / (ranks + 1), minlength=len(hits))
    return quotient(total, _denominator(hits, n_targets, denominator), n_targets)


def hit_rate(hits: Hits, n_targets: Counts) -> Values:
    """1 if at least one target is in the list, else 0.

    trec_eval calls it success. All libraries agree; Microsoft's recommenders lack it.

    Example:
        A hit at rank 3 for the first viewer, none for the second.

        >>> hits = np.array([[False, False, True], [False, False, False]])
        >>> hit_rate(hits, np.array([4, 4])).tolist()
        [1.0, 0.0]
    """
    return quotient(np.any(hits, axis=1), np.ones(len(hits)), n_targets)


def reciprocal_rank(hits: Hits, n_targets: Counts) -> Values:
    """1 / rank of the first target in the list, 0 without one; its mean is MRR.

    The list ends at k, as in RecTools, RecBole and LensKit. trec_eval's recip_rank has no cut; it
    is `mrr-uncut` here, over all unseen films.

    Example:
        The first hit at rank 3: 1 / 3.

        >>> reciprocal_rank(np.array([[False, False, True]]), np.array([4])).round(4).tolist()
        [0.3333]
    """
    return quotient(np.any(hits, axis=1), np.argmax(hits, axis=1) + 1, n_targets)


def rank_biased_precision(
    hits: Hits,
    n_targets: Counts,
    *,
    persistence: float = 0.8,
    best: Literal["endless list", "targets"] = "endless list",
) -> Values:
    """Expected share of targets among the films that a viewer looks at.

    The viewer looks at the first film and goes on to each next one with the probability
    `persistence`, p: (1 - p) times the sum over hits of p^(rank - 1). LensKit's default is 0.85;
    Moffat and Zobel use 0.5, 0.8 and 0.95. A list of k hits has 1 - p^k, because what lies beyond
    counts as nothing. `best="targets"` divides by the value of min(k, n) leading hits, as LensKit
    with `normalize=True`.

    Example:
        Hits at ranks 1 and 3 of 5, 4 targets: 0.2 * (1 + 0.8^2) = 0.328. Over that of four
        leading hits, 1 - 0.8^4 = 0.5904: 0.5556.

        >>> hits = np.array([[True, False, True, False, False]])
        >>> rank_biased_precision(hits, np.array([4])).round(4).tolist()
        [0.328]
        >>> rank_biased_precision(hits, np.array([4]), best="targets").round(4).tolist()
        [0.5556]
    """
    weights = (1 - persistence) * np.float64(persistence) ** np.arange(hits.shape[1])
    gained = rank_sums(hits, weights)
    reachable = np.ones(len(hits))
    if best == "targets":
        reachable = 1 - persistence ** np.minimum(n_targets, hits.shape[1])
    return quotient(gained, reachable, n_targets)


def _denominator(hits: Hits, n_targets: Counts, denominator: Denominator) -> Counts:
    return np.minimum(n_targets, hits.shape[1]) if denominator == "capped" else n_targets


METRICS = (
    Metric(
        "precision",
        precision,
        "list",
        higher_is_better=True,
        definition="hits / k",
        source="trec_eval P",
    ),
    Metric(
        "recall",
        recall,
        "list",
        higher_is_better=True,
        definition="hits / n",
        source="trec_eval recall",
    ),
    Metric(
        "recall-capped",
        partial(recall, denominator="capped"),
        "list",
        higher_is_better=True,
        definition="hits / min(k, n)",
        source="Liang et al. 2018",
    ),
    Metric(
        "f1",
        f_score,
        "list",
        higher_is_better=True,
        definition="2 hits / (k + n), the harmonic mean of precision and recall",
        source="van Rijsbergen 1979",
    ),
    Metric(
        "map",
        average_precision,
        "list",
        higher_is_better=True,
        definition="sum over hits of precision at their rank / n",
        source="trec_eval map_cut",
    ),
    Metric(
        "map-capped",
        partial(average_precision, denominator="capped"),
        "list",
        higher_is_better=True,
        definition="sum over hits of precision at their rank / min(k, n)",
        source="McFee et al. 2012",
    ),
    Metric(
        "mrr",
        reciprocal_rank,
        "list",
        higher_is_better=True,
        definition="1 / rank of the first hit among the first k, else 0",
        source="Voorhees 1999; trec_eval recip_rank on lists cut at k",
    ),
    Metric(
        "hit-rate",
        hit_rate,
        "list",
        higher_is_better=True,
        definition="1 if any hit, else 0",
        source="trec_eval success",
    ),
    Metric(
        "rbp",
        rank_biased_precision,
        "list",
        higher_is_better=True,
        definition="0.2 times the sum over hits of 0.8^(rank-1)",
        source="Moffat and Zobel 2008, rank-biased precision",
    ),
)
