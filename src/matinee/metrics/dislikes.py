"""Films that a viewer disliked: how often they are listed, and how low they stand.

A film is judged if the viewer rated it in the test, and disliked if that rating is low: at most
four ninths of the scale (2.5 of 0.5 to 5, 2 of 1 to 5), and below the threshold of targets if there
is one. Nothing is known of the other films of a list. No metric has a value if the whole test has
no dislike, as when low ratings were dropped before the split.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import lengths, quotient, viewers_of
from matinee.metrics.gain import ndcg

__all__ = [
    "METRICS",
    "auc_disliked",
    "discounted_loss",
    "disliked_per_slot",
    "disliked_share",
    "judged_slots",
]

Items = NDArray[np.integer]
Marks = NDArray[np.bool_]
Counts = NDArray[np.integer]
Values = NDArray[np.float64]


def disliked_share(disliked: Marks, judged: Marks, n_disliked: Counts) -> Values:
    """Share of the judged films of the list that the viewer dislikes.

    A viewer counts with the number of judged films in their list, so the mean is one share over all
    judged films: disliked over judged. A model that lists only films nobody rated has no value.

    Returns:
        `float64[n]`; NaN for a viewer without a judged film in the list.

    Example:
        A list of five films; the first is liked, the third disliked, nothing is known of the
        others: 1 / 2.

        >>> disliked = np.array([[False, False, True, False, False]])
        >>> judged = np.array([[True, False, True, False, False]])
        >>> disliked_share(disliked, judged, np.array([3])).tolist()
        [0.5]
    """
    n = judged_slots(judged)
    return quotient(_counts(disliked), n, n * bool(n_disliked.any()))


def judged_slots(judged: Marks) -> Counts:
    """`int64[n]`: number of judged films in each list, the weights of `disliked_share`."""
    return np.count_nonzero(judged, axis=1)


def disliked_per_slot(items: Items, disliked: Marks, n_disliked: Counts) -> Values:
    """Share of the k ranks that hold a film the viewer dislikes: bad films shown.

    Unlike `disliked`, it does not divide by what is known: it falls when a list avoids all films
    that viewers rated, and should be read beside `precision`.

    Returns:
        `float64[n]`; NaN for an empty list.

    Example:
        Rank 3 of 5 holds a disliked film: 1 / 5. A viewer without dislikes has 0.

        >>> items = np.array([[7, 4, 2, 5, 9], [7, 4, 2, 1, 3]])
        >>> disliked = np.array([[False, False, True, False, False], [False] * 5])
        >>> disliked_per_slot(items, disliked, np.array([3, 0])).tolist()
        [0.2, 0.0]
    """
    slots = np.full(len(disliked), disliked.shape[1])
    return quotient(_counts(disliked), slots, lengths(items) * bool(n_disliked.any()))


def discounted_loss(disliked: Marks, n_disliked: Counts) -> Values:
    """Normalised discounted cumulative loss: `ndcg` of the dislikes, where less is better.

    Frolov and Oseledets put disliked films in the place of hits, so that one near the top costs
    more. Here every dislike at rank r costs 1 / log2(r + 1), over the loss of the worst list, which
    has dislikes at its first min(k, n) ranks: 0 is a list without any, 1 the worst. In their
    framework Polara a dislike costs its distance below the threshold, and the divisor is the loss
    of the viewer's test films in the order of their ratings.

    Returns:
        `float64[n]`; NaN for a viewer without dislikes.

    Example:
        Two dislikes, one of them at rank 3: (1/2) / (1 + 0.6309) = 0.3066.

        >>> disliked = np.array([[False, False, True, False, False]])
        >>> discounted_loss(disliked, np.array([2])).round(4).tolist()
        [0.3066]
    """
    return ndcg(disliked, n_disliked)


def auc_disliked(
    judged_scores: NDArray[np.floating], judged_signs: NDArray[np.integer], judged_bounds: Counts
) -> Values:
    """Share of the pairs of a liked and a disliked film of the test with the liked one higher.

    Liked are the targets, without those that are disliked where all ratings are targets. It is the
    area under the ROC curve of likes against dislikes, over rated films alone: popularity, which
    tells rated from unrated films, helps little here. Equal scores count against the model,
    scikit-learn counts them half.

    Returns:
        `float64[n]`; NaN for a viewer without likes, or without dislikes.

    Example:
        Likes with scores 3 and 1, dislikes with 2 and 1: of four pairs only (3, 2) and (3, 1) are
        in order.

        >>> scores, signs = np.array([3.0, 1.0, 2.0, 1.0]), np.array([1, 1, -1, -1])
        >>> auc_disliked(scores, signs, np.array([0, 4])).tolist()
        [0.5]
    """
    n, viewers = len(judged_bounds) - 1, viewers_of(judged_bounds)
    likes, dislikes = (
        np.bincount(viewers, judged_signs == sign, minlength=n).astype(np.int64) for sign in (1, -1)
    )
    # by rising score, likes first among equals: a like is above all dislikes that stand before it
    order = np.lexsort((-judged_signs, judged_scores, viewers))
    signs, of = judged_signs[order], viewers[order]
    before = np.cumsum(signs == -1)
    start = np.concatenate([[0], np.cumsum(dislikes)])[of]
    right = np.bincount(of, np.where(signs == 1, before - start, 0), minlength=n)
    return quotient(right, likes * dislikes, likes * dislikes)


def _counts(disliked: Marks) -> Counts:
    return np.count_nonzero(disliked, axis=1)


METRICS = (
    Metric(
        "disliked",
        disliked_share,
        "list",
        higher_is_better=False,
        definition="disliked films / judged films in lists of k, over all viewers together",
        source="this project; judged films as in Sakai and Kando 2008",
        weigh=judged_slots,
    ),
    Metric(
        "disliked-per-slot",
        disliked_per_slot,
        "list",
        higher_is_better=False,
        definition="disliked films in the list / k",
        source="this project",
    ),
    Metric(
        "ndcl",
        discounted_loss,
        "list",
        higher_is_better=False,
        definition="sum over dislikes of 1/log2(rank+1), divided by that of min(k, n) leading ones",
        source="Frolov and Oseledets 2016, with equal losses",
    ),
    Metric(
        "auc-disliked",
        auc_disliked,
        "ranking",
        higher_is_better=True,
        definition="pairs (liked, disliked) of the test in the right order / all such pairs; ties "
        "are wrong",
        source="Fawcett 2006",
    ),
)
