"""Relevant films that an obvious recommender would have missed.

Both metrics return `float64[n]`, NaN for a viewer without targets.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import lengths, quotient

__all__ = ["METRICS", "among", "popularity_ranks", "serendipity", "unexpected_hits"]

Items = NDArray[np.integer]
Counts = NDArray[np.integer]
Values = NDArray[np.float64]

Ties = Literal["dense", "competition"]
"""The rank after films of equal popularity: one more, or as many more as there were films."""


def serendipity(
    items: Items,
    hits: NDArray[np.bool_],
    n_targets: Counts,
    item_counts: Counts,
    *,
    ties: Ties = "dense",
) -> Values:
    """Mean over the list of how much more likely each hit was here than by popularity.

    A film at rank r of n_items is recommended with probability (n_items + 1 - r) / n_items, here
    and by popularity, which never recommends an unrated film. A hit counts the difference if it is
    positive, every other film 0. The idea is that of Murakami et al., the form that of RecTools'
    Serendipity, which uses dense popularity ranks: with few distinct counts even an unpopular film
    has a low rank. With `ties="competition"` the rank is one more than the number of more popular
    films. A short list is divided by its length.

    Example:
        Four films rated by 3, 2, 2 and 0 viewers, list (3, 2), both hits. Film 3: 4/4 - 0; film
        2: 3/4 - 3/4, as its popularity has rank 2. Together (1 + 0) / 2. In the other order, film
        2 counts 4/4 - 3/4 and film 3 3/4 - 0, the same sum.

        >>> counts, hits = np.array([3, 2, 2, 0]), np.array([[True, True]])
        >>> serendipity(np.array([[3, 2]]), hits, np.array([2]), counts).tolist()
        [0.5]
        >>> serendipity(np.array([[2, 3]]), hits, np.array([2]), counts).tolist()
        [0.5]
    """
    n_items = len(item_counts)
    rank = popularity_ranks(item_counts, ties)
    usual = np.where(item_counts > 0, (n_items + 1 - rank) / max(1, n_items), 0.0)
    viewers, ranks = np.nonzero(hits)
    here = (n_items - ranks) / max(1, n_items)
    gained = np.maximum(here - usual[items[viewers, ranks]], 0.0)
    total = np.bincount(viewers, gained, minlength=len(hits))
    return quotient(total, np.maximum(lengths(items), 1), n_targets)


def popularity_ranks(item_counts: Counts, ties: Ties) -> NDArray[np.int64]:
    """`int64[n_items]`, rank of every film by number of viewers, from 1; ties share a rank."""
    distinct, group = np.unique(-item_counts, return_inverse=True)
    if ties == "dense":
        return group.astype(np.int64) + 1
    films = np.bincount(group, minlength=len(distinct))
    return (np.cumsum(films) - films + 1)[group]


def unexpected_hits(
    items: Items, hits: NDArray[np.bool_], n_targets: Counts, usual_items: Items
) -> Values:
    """Share of the k ranks with a target that a primitive recommender would not have listed.

    The primitive recommender is popularity, with k unseen films of the same viewer. Divided by k
    and not by the number of unexpected films, so that one lucky surprise among popular films is
    not a perfect list.

    Example:
        List (7, 5, 2) with hits 7 and 5; popularity lists (5, 1, 3): only 7 is unexpected, 1 / 3.

        >>> films, usual = np.array([[7, 5, 2]]), np.array([[5, 1, 3]])
        >>> hits = np.array([[True, True, False]])
        >>> unexpected_hits(films, hits, np.array([2]), usual).round(4).tolist()
        [0.3333]
    """
    viewers, ranks = np.nonzero(hits)
    expected = among(items[viewers, ranks], viewers, usual_items)
    found = np.bincount(viewers[~expected], minlength=len(hits))
    return quotient(found, np.full(len(hits), hits.shape[1]), n_targets)


def among(
    films: NDArray[np.integer], viewers: NDArray[np.integer], lists: Items, *, block: int = 2**20
) -> NDArray[np.bool_]:
    """`bool[m]`, whether the list of each of `viewers: int[m]` holds the film of `films: int[m]`.

    `block` films are compared at a time; the default fits the cache.
    """
    found = np.zeros(len(viewers), dtype=np.bool_)
    step = max(1, block // max(1, lists.shape[1]))
    for start in range(0, len(viewers), step):
        rows = slice(start, start + step)
        found[rows] = np.any(lists[viewers[rows]] == films[rows, None], axis=1)
    return found


METRICS = (
    Metric(
        "serendipity",
        serendipity,
        "list",
        higher_is_better=True,
        definition="mean over the list of max(0, (n+1-rank)/n - (n+1-popularity rank)/n) for hits",
        source="Murakami et al. 2008; RecTools Serendipity",
    ),
    Metric(
        "unexpected-hits",
        unexpected_hits,
        "list",
        higher_is_better=True,
        definition="hits that popularity's list of k does not hold / k",
        source="Ge, Delgado-Battenfeld and Jannach 2010, serendipity",
    ),
)
