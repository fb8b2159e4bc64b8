"""How different the films of one list are, and the lists of different viewers.

Means over all pairs are taken from sums over films, never pair by pair, but for co-rating: there
the counts of common viewers are made for some films at a time.
"""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._co_rating import co_rating_cosines
from matinee.metrics._lists import lengths, quotient, times_listed

__all__ = ["METRICS", "co_rating_diversity", "intra_list_diversity", "personalisation"]

Items = NDArray[np.integer]
Values = NDArray[np.float64]


def intra_list_diversity(
    items: Items, item_genres: sp.csr_array, *, distance: Literal["cosine", "hamming"] = "cosine"
) -> Values:
    """Mean distance between the genres of two films of the list, over all pairs.

    `distance="cosine"` is 1 - the cosine of the two rows of genres: 0 where they are the same, 1
    where they share none. "hamming" counts the genres that one of the two films has and the other
    has not, as RecTools' IntraListDiversity does with its Hamming calculator. Films without a
    genre are left out: nothing is known of them, where a row of zeros would make them all alike.
    RecTools gives 0 to a list with fewer than two films, here it has no value.

    Args:
        items: `int[n, k]`, rows of the recommended films; -1 where a list is shorter than k.
        item_genres: sparse `[n_items, n_genres]`, 1 where a film is of a genre.
        distance: between two films.

    Returns:
        `float64[n]`; NaN where fewer than two films of the list have a genre.

    Example:
        A comedy, a drama, and a film that is both. Cosines 0, 0.7071 and 0.7071:
        (1 + 0.2929 + 0.2929) / 3 = 0.5286. Hamming (2 + 1 + 1) / 3 = 1.3333.

        >>> genres = sp.csr_array(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]))
        >>> intra_list_diversity(np.array([[0, 1, 2]]), genres).round(4).tolist()
        [0.5286]
        >>> by_hamming = intra_list_diversity(np.array([[0, 1, 2]]), genres, distance="hamming")
        >>> by_hamming.round(4).tolist()
        [1.3333]
    """
    known = np.diff(item_genres.indptr)
    kept = np.where(np.append(known, 0)[items] > 0, items, -1)
    n = lengths(kept)
    pairs = n * (n - 1) / 2
    if distance == "hamming":
        having = _listed(kept, item_genres.shape[0]) @ item_genres.astype(np.float64).toarray()
        return quotient((having * (n[:, None] - having)).sum(axis=1), pairs, pairs)
    unit = sp.diags_array(1 / np.sqrt(np.maximum(known, 1))) @ item_genres.astype(np.float64)
    total = _listed(kept, item_genres.shape[0]) @ unit.toarray()
    # the square of a sum of unit rows is their number and twice the cosines of all pairs
    cosines = (np.einsum("ng,ng->n", total, total) - n) / 2
    return np.clip(1 - quotient(cosines, pairs, pairs), 0.0, 1.0)


def co_rating_diversity(items: Items, train: sp.csr_array) -> Values:
    """Mean over all pairs of films of the list of 1 - the cosine of who rated them.

    The cosine of two films is the number of viewers in training who rated both over the root of
    the product of those who rated either, whatever the ratings; as Microsoft's `user_diversity`
    by co-occurrence. Films nobody rated are left out; Microsoft's takes them as unlike all others.

    Args:
        items: `int[n, k]`, rows of the recommended films; -1 where a list is shorter than k.
        train: sparse `[n_viewers, n_items]`, the ratings in training.

    Returns:
        `float64[n]`; NaN where fewer than two films of the list have been rated.

    Example:
        Film 0 rated by viewers 0 and 1, film 1 by viewers 1 and 2: one viewer in common, cosine
        1 / 2.

        >>> train = sp.csr_array(np.array([[4.0, 0.0], [5.0, 1.0], [0.0, 3.0]]))
        >>> co_rating_diversity(np.array([[0, 1]]), train).round(4).tolist()
        [0.5]
    """
    rated = np.bincount(train.indices, minlength=train.shape[1]) > 0
    kept = np.where(np.append(rated, False)[items], items, -1)
    n = lengths(kept)
    pairs = n * (n - 1) / 2
    cosines = (co_rating_cosines(kept, train) - n) / 2
    return np.clip(1 - quotient(cosines, pairs, pairs), 0.0, 1.0)


def personalisation(items: Items) -> float:
    """Mean over all pairs of viewers of the part of k that their lists do not share.

    Inter-list distance: 1 - films in common / k. 0 where all get the same list, 1 where no two
    viewers share a film. It is summed up from how often each film is listed: c lists that hold a
    film are c (c - 1) / 2 pairs that have it in common.

    Args:
        items: `int[n, k]`, rows of the recommended films; -1 where a list is shorter than k.

    Returns:
        NaN where there are fewer than two lists that are not empty.

    Example:
        Lists (0, 1), (0, 2) and (3, 4): one pair of three shares one film of two, so
        1 - (1 / 3) * (1 / 2) = 0.8333.

        >>> round(personalisation(np.array([[0, 1], [0, 2], [3, 4]])), 4)
        0.8333
    """
    n, k = int(np.count_nonzero(lengths(items))), items.shape[1]
    if n < 2:
        return float("nan")
    counts = times_listed(items, int(items.max()) + 1).astype(np.float64)
    common = np.dot(counts, counts - 1) / 2
    return float(1 - common / (n * (n - 1) / 2 * k))


def _listed(items: Items, n_items: int) -> sp.csr_array:
    """`[n, n_items]`, 1 where a list holds a film."""
    there = items >= 0
    bounds = np.concatenate([[0], np.cumsum(np.count_nonzero(there, axis=1))])
    films = items[there]
    return sp.csr_array((np.ones(len(films)), films, bounds), shape=(len(items), n_items))


METRICS = (
    Metric(
        "diversity",
        intra_list_diversity,
        "list",
        higher_is_better=None,
        definition="mean over pairs of the list of 1 - cosine of genres; films without left out",
        source="Ziegler et al. 2005; Zhang and Hurley 2008",
    ),
    Metric(
        "diversity-hamming",
        partial(intra_list_diversity, distance="hamming"),
        "list",
        higher_is_better=None,
        definition="mean over pairs of the list of the number of genres that only one film has",
        source="RecTools IntraListDiversity, Hamming",
        bounds=(0.0, float("inf")),
    ),
    Metric(
        "diversity-co-rating",
        co_rating_diversity,
        "list",
        higher_is_better=None,
        definition="mean over pairs of the list of 1 - cosine of who rated the films in training",
        source="Zhang et al. 2012",
    ),
    Metric(
        "personalisation",
        personalisation,
        "list",
        higher_is_better=None,
        definition="mean over pairs of viewers of 1 - films in common / k",
        source="Zhou et al. 2010, inter-list distance",
        per_viewer=False,
    ),
)
