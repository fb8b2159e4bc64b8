"""Metrics of the full ranking of unseen films, without a cut.

Every function takes `positions: int[t]`, the rank of every target from 1 (ties count against the
model), and `bounds: int[n + 1]`, where viewer v has `positions[bounds[v]:bounds[v + 1]]`. It
returns `float64[n]`, NaN for a viewer without targets. A target that the viewer has seen is not
ranked; its position is beyond `n_ranked`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import quotient, viewers_of

__all__ = [
    "METRICS",
    "area_under_roc",
    "percentile_rank",
    "r_precision",
    "uncut_reciprocal_rank",
]

Ints = NDArray[np.integer]
Values = NDArray[np.float64]


def r_precision(positions: Ints, bounds: Ints) -> Values:
    """Share of the first R ranks with a target, where R is the viewer's number of targets.

    As trec_eval's Rprec and ranx's r-precision. RecTools' Precision with `r_precision=True` is
    hits among the first k over min(k, R) instead: `recall-capped`.

    Example:
        Three targets at ranks 1, 3 and 9: two of the first three ranks, 2 / 3.

        >>> r_precision(np.array([1, 3, 9]), np.array([0, 3])).round(4).tolist()
        [0.6667]
    """
    n_targets = np.diff(bounds)
    viewers = viewers_of(bounds)
    found = np.bincount(viewers, positions <= n_targets[viewers], minlength=len(n_targets))
    return quotient(found, n_targets, n_targets)


def area_under_roc(positions: Ints, bounds: Ints, n_ranked: Ints) -> Values:
    """Share of the pairs of a target and another film with the target ranked higher.

    The area under the ROC curve of each viewer; ties count against the model, scikit-learn counts
    them half. RecBole's GAUC weights viewers by their targets; its AUC, and Microsoft's,
    pool all viewers into one ranking.

    Returns:
        `float64[n]`; NaN for a viewer without targets, or without other films.

    Example:
        Targets at ranks 1 and 3 of 5 films: of 2 * 3 pairs only that of rank 3 and rank 2 is
        wrong, 5 / 6.

        >>> area_under_roc(np.array([1, 3]), np.array([0, 2]), np.array([5])).round(4).tolist()
        [0.8333]
    """
    n, viewers = len(bounds) - 1, viewers_of(bounds)
    ranked = positions <= n_ranked[viewers]  # False for a target that is itself seen
    inside = np.bincount(viewers, ranked, minlength=n)
    others = n_ranked - inside
    # the i-th target at rank p has p - i other films before it, an unranked one has all of them
    before = np.bincount(viewers, np.where(ranked, positions, 0), minlength=n)
    wrong = before - inside * (inside + 1) / 2 + (np.diff(bounds) - inside) * others
    pairs = np.diff(bounds) * others
    return 1 - quotient(wrong, pairs, pairs)


def percentile_rank(positions: Ints, bounds: Ints, n_ranked: Ints) -> Values:
    """Mean percentile of the targets' ranks: 0 is first of all films, 1 is last.

    Hu, Koren and Volinsky weight every target by the share watched and take one mean over all;
    here every target of a viewer counts the same, and so does every viewer.

    Returns:
        `float64[n]`; NaN for a viewer without targets, or with fewer than two films to rank.

    Example:
        Targets at ranks 1 and 3 of 5: ((1 - 1) / 4 + (3 - 1) / 4) / 2 = 0.25.

        >>> percentile_rank(np.array([1, 3]), np.array([0, 2]), np.array([5])).tolist()
        [0.25]
    """
    n, viewers = len(bounds) - 1, viewers_of(bounds)
    last = n_ranked[viewers]
    before = np.clip(positions, 1, np.maximum(last, 1)) - 1
    total = np.bincount(viewers, before, minlength=n)
    most = np.diff(bounds) * np.maximum(n_ranked - 1, 0)
    return quotient(total, most, most)


def uncut_reciprocal_rank(positions: Ints, bounds: Ints) -> Values:
    """1 / rank of the first target among all unseen films; its mean is MRR without a cut.

    As trec_eval's recip_rank of a full ranking. `mrr` is the version for a list of k.

    Example:
        Targets at ranks 4 and 20: 1 / 4.

        >>> uncut_reciprocal_rank(np.array([20, 4]), np.array([0, 2])).tolist()
        [0.25]
    """
    n = len(bounds) - 1
    best = np.zeros(n)
    np.maximum.at(best, viewers_of(bounds), 1 / positions)
    return quotient(best, np.ones(n), np.diff(bounds))


METRICS = (
    Metric(
        "r-precision",
        r_precision,
        "ranking",
        higher_is_better=True,
        definition="targets among the first n ranks / n",
        source="trec_eval Rprec",
    ),
    Metric(
        "auc",
        area_under_roc,
        "ranking",
        higher_is_better=True,
        definition="pairs (target, other film) in the right order / all such pairs; ties are wrong",
        source="Rendle et al. 2009; Fawcett 2006",
    ),
    Metric(
        "percentile-rank",
        percentile_rank,
        "ranking",
        higher_is_better=False,
        definition="mean over targets of (rank-1) / (ranked films-1)",
        source="Hu, Koren and Volinsky 2008",
    ),
    Metric(
        "mrr-uncut",
        uncut_reciprocal_rank,
        "ranking",
        higher_is_better=True,
        definition="1 / rank of the first target among all unseen films",
        source="Voorhees 1999; trec_eval recip_rank",
    ),
)
