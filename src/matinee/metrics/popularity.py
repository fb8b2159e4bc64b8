"""Popularity of the recommended films, absolute and relative to the viewer's history.

Every function returns `float64[n]`, NaN for an empty list.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import list_means, quotient, viewer_means

__all__ = ["METRICS", "long_tail_share", "mean_popularity", "popularity_lift"]

Items = NDArray[np.integer]
Counts = NDArray[np.integer]
Values = NDArray[np.float64]


def mean_popularity(items: Items, item_counts: Counts, n_viewers: int) -> Values:
    """Mean over the list of the share of viewers in training who rated the film.

    RecTools' AvgRecPopularity and RecBole's AveragePopularity average the counts, which cannot be
    compared between data sets; RecTools with `normalize=True` divides by the number of ratings.

    Example:
        Films that 3 and 1 of 4 viewers rated: (0.75 + 0.25) / 2.

        >>> mean_popularity(np.array([[0, 1]]), np.array([3, 1]), 4).tolist()
        [0.5]
    """
    return list_means(items, item_counts / max(1, n_viewers))


def popularity_lift(items: Items, item_counts: Counts, histories: sp.csr_array) -> Values:
    """Mean popularity of the list over that of the viewer's history, minus 1.

    0 is a list as popular as the history, 1 twice as popular: the popularity bias that the
    recommender adds. Abdollahpouri et al. average over groups of viewers and take one quotient a
    group; here every viewer is a group.

    Returns:
        NaN also for an empty history, or one of unrated films.

    Example:
        A list of films with 3 and 1 ratings, a history of one film with 1: 2 / 1 - 1.

        >>> history = sp.csr_array(np.array([[0.0, 0.0, 5.0]]))
        >>> popularity_lift(np.array([[0, 1]]), np.array([3, 1, 1]), history).tolist()
        [1.0]
    """
    usual = viewer_means(item_counts[histories.indices], histories.indptr)
    return quotient(list_means(items, item_counts.astype(np.float64)), usual, usual) - 1


def long_tail_share(items: Items, item_counts: Counts, *, head: float = 0.8) -> Values:
    """Share of the list that is from the long tail.

    The short head is the most popular films that together have a share `head` of the training
    ratings; films of equal popularity are in it or out of it together. All others, unrated films
    included, are the tail. RecBole's TailPercentage defines the tail as the least popular tenth of
    the rated films.

    Example:
        Films with 6, 2, 1 and 1 ratings: the first two have 8 of 10, so half of the list of films 1
        and 2 is from the tail.

        >>> long_tail_share(np.array([[1, 2]]), np.array([6, 2, 1, 1])).tolist()
        [0.5]
    """
    popularity, group = np.unique(-item_counts, return_inverse=True)
    ratings = -popularity * np.bincount(group)
    before = np.cumsum(ratings) - ratings
    # a film is in the head as long as the more popular ones have less than that share
    of_tail = (before / max(1, ratings.sum()) >= head) | (popularity == 0)
    return list_means(items, of_tail[group].astype(np.float64))


METRICS = (
    Metric(
        "popularity",
        mean_popularity,
        "list",
        higher_is_better=None,
        definition="mean over the list of the share of viewers in training who rated the film",
        source="Yin et al. 2012, average recommendation popularity",
    ),
    Metric(
        "popularity-lift",
        popularity_lift,
        "list",
        higher_is_better=None,
        definition="mean popularity of the list / that of the viewer's history - 1",
        source="Abdollahpouri et al. 2020",
        bounds=(-1.0, float("inf")),
    ),
    Metric(
        "long-tail-share",
        long_tail_share,
        "list",
        higher_is_better=None,
        definition="listed films outside the most popular that hold 80% of the ratings / listed",
        source="Abdollahpouri et al. 2019, average percentage of long-tail items",
    ),
)
