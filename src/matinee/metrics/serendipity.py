"""Relevant films that something obvious would not have recommended."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import lengths, quotient

__all__ = ["METRICS", "popularity_ranks", "serendipity", "unexpected_hits"]

Items = NDArray[np.integer]
Counts = NDArray[np.integer]
Values = NDArray[np.float64]

_FILMS_AT_ONCE = 2**20
"""Films of lists compared at once, which the cache holds."""

Ties = Literal["dense", "competition"]
"""Ranks after films of equal popularity go on by one, or by how many there were."""


def serendipity(
    items: Items,
    hits: NDArray[np.bool_],
    n_targets: Counts,
    item_counts: Counts,
    *,
    ties: Ties = "dense",
) -> Values:
    """Mean over the list of how much likelier a hit was here than by popularity.

    A film at rank r of n_items is taken to be recommended with probability
    (n_items + 1 - r) / n_items; popularity would recommend it by its rank there, and never if
    nobody rated it. A hit counts the difference where that is positive, every other film 0. The
    idea is Murakami et al.'s, this form that of RecTools' Serendipity, which ranks popularity
    densely: with few distinct counts even an unpopular film has a low rank. `ties="competition"`
    gives a film one rank more than there are more popular films. A list shorter than k is divided
    by its length.

    Args:
        items: `int[n, k]`, rows of the recommended films; -1 where a list is shorter than k.
        hits: `bool[n, k]`, whether the film at each rank is a target.
        n_targets: `int[n]`, how many targets each viewer has.
        item_counts: `int[n_items]`, viewers in training who rated each film.
        ties: how films of equal popularity are ranked.

    Returns:
        `float64[n]`; NaN for a viewer without targets, 0 for an empty list.

    Example:
        Four films rated by 3, 2, 2 and 0 viewers, list (3, 2), both hits. Film 3: 4/4 - 0; film
        2: 3/4 - 3/4, as its popularity has rank 2. Together (1 + 0) / 2. The other way round film
        2 counts 4/4 - 3/4 and film 3 3/4 - 0, which is as much.

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
    """`int64[n_items]`, rank of every film by how many rated it, from 1; equals share a rank."""
    distinct, group = np.unique(-item_counts, return_inverse=True)
    if ties == "dense":
        return group.astype(np.int64) + 1
    films = np.bincount(group, minlength=len(distinct))
    return (np.cumsum(films) - films + 1)[group]


def unexpected_hits(
    items: Items, hits: NDArray[np.bool_], n_targets: Counts, usual_items: Items
) -> Values:
    """Share of the k ranks that hold a target which a primitive recommender would not have listed.

    The primitive recommender is popularity, with a list of k films of the same viewer's unseen
    ones. Divided by k and not by the films that are unexpected, so that one lucky surprise among
    popular films is not a perfect list.

    Args:
        items: `int[n, k]`, rows of the recommended films; -1 where a list is shorter than k.
        hits: `bool[n, k]`, whether the film at each rank is a target.
        n_targets: `int[n]`, how many targets each viewer has.
        usual_items: `int[n, k]`, the primitive recommender's lists.

    Returns:
        `float64[n]`; NaN for a viewer without targets.

    Example:
        List (7, 5, 2) with hits 7 and 5; popularity lists (5, 1, 3): only 7 is a surprise, 1 / 3.

        >>> films, usual = np.array([[7, 5, 2]]), np.array([[5, 1, 3]])
        >>> hits = np.array([[True, True, False]])
        >>> unexpected_hits(films, hits, np.array([2]), usual).round(4).tolist()
        [0.3333]
    """
    viewers, ranks = np.nonzero(hits)
    expected = np.zeros(len(viewers), dtype=np.bool_)
    step = max(1, _FILMS_AT_ONCE // max(1, usual_items.shape[1]))
    for start in range(0, len(viewers), step):
        some = slice(start, start + step)
        found_here = items[viewers[some], ranks[some]]
        expected[some] = np.any(usual_items[viewers[some]] == found_here[:, None], axis=1)
    found = np.bincount(viewers[~expected], minlength=len(hits))
    return quotient(found, np.full(len(hits), hits.shape[1]), n_targets)


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
