"""Diversity within a list, and between the lists of different viewers.

Means over pairs are computed from sums over films, not pair by pair. Only co-rating needs counts of
common viewers, in blocks of films.
"""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import lengths, membership, quotient, times_listed

__all__ = [
    "METRICS",
    "co_rating_cosines",
    "co_rating_diversity",
    "intra_list_diversity",
    "personalisation",
]

Items = NDArray[np.integer]
Values = NDArray[np.float64]


def intra_list_diversity(
    items: Items, item_genres: sp.csr_array, *, distance: Literal["cosine", "hamming"] = "cosine"
) -> Values:
    """Mean distance between the genres of two films of the list, over all pairs.

    `distance="cosine"` is 1 - the cosine of the two rows of genres: 0 for equal genres, 1 without a
    common one; genres may have weights. "hamming" counts the genres that only one of the two films
    has, as RecTools' IntraListDiversity with its Hamming calculator. Films without a genre are left
    out, because nothing is known about them. RecTools gives 0 to a list with fewer than two films;
    here it has no value.

    Returns:
        `float64[n]`; NaN if fewer than two films of the list have a genre.

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
    rows = item_genres.astype(np.float64)
    norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)))
    known = np.append(norms > 0, False)  # the last entry is for row -1
    listed = np.where(known[items], items, -1)
    n = lengths(listed)
    films = membership(listed, len(norms))
    if distance == "hamming":
        pairs, with_genre = n * (n - 1) / 2, films @ (rows.toarray() != 0).astype(np.float64)
        return quotient((with_genre * (n[:, None] - with_genre)).sum(axis=1), pairs, pairs)
    unit = sp.diags_array(1 / np.where(norms > 0, norms, 1)) @ rows
    total = films @ unit.toarray()
    return _mean_distance(np.einsum("ng,ng->n", total, total), n)


def co_rating_diversity(items: Items, train: sp.csr_array) -> Values:
    """Mean over all pairs of films of the list of 1 - the cosine of their viewers.

    The cosine of two films is the number of common training viewers over the root of the product
    of their numbers of viewers, whatever the ratings, as in Microsoft's `user_diversity` by
    co-occurrence. Unrated films are left out; Microsoft's treats them as different from all.

    Returns:
        `float64[n]`; NaN if fewer than two films of the list are rated.

    Example:
        Film 0 rated by viewers 0 and 1, film 1 by viewers 1 and 2: one viewer in common, cosine
        1 / 2.

        >>> train = sp.csr_array(np.array([[4.0, 0.0], [5.0, 1.0], [0.0, 3.0]]))
        >>> co_rating_diversity(np.array([[0, 1]]), train).round(4).tolist()
        [0.5]
    """
    rated = np.bincount(train.indices, minlength=train.shape[1]) > 0
    listed = np.where(np.append(rated, False)[items], items, -1)
    return _mean_distance(co_rating_cosines(listed, train), lengths(listed))


def _mean_distance(cosines: Values, n: NDArray[np.int64]) -> Values:
    """1 - mean cosine, from the sum of the cosines of all ordered pairs, equal films included."""
    return np.clip(1 - quotient(cosines - n, n * (n - 1), n * (n - 1)), 0.0, 1.0)


def co_rating_cosines(
    items: NDArray[np.integer], train: sp.csr_array, *, block: int = 2**24
) -> NDArray[np.float64]:
    """Sum of the cosines of all ordered pairs of the list, equal films included, `float64[n]`.

    Args:
        items: `int[n, k]`, rows of rated films; -1 is no film.
        train: sparse `[n_viewers, n_items]`, the ratings in training.
        block: counts of common viewers computed at a time; the default is 64 MiB.
    """
    from matinee.kernels.compiled import csr  # noqa: PLC0415  brings numba
    from matinee.kernels.cooccurrence import count_common  # noqa: PLC0415  the same

    listed = np.unique(items[items >= 0])
    place = np.full(train.shape[1] + 1, -1, dtype=np.int32)  # the last entry is for row -1
    place[listed] = np.arange(len(listed))
    compact = place[items]
    by_viewer = train[:, listed]
    by_film = by_viewer.tocsc()
    norms = np.append(np.sqrt(np.diff(by_film.indptr)), np.inf)  # row -1 gets cosine 0
    sums = np.zeros(len(items))
    entries = np.argsort(compact, axis=None, kind="stable")
    entries = entries[np.count_nonzero(compact < 0) :]
    films = compact.ravel()[entries]
    step = max(1, block // max(1, len(listed)))
    for first in range(0, len(listed), step):
        counts = np.empty((min(step, len(listed) - first), len(listed)), dtype=np.float32)
        count_common(csr(by_viewer), csr(by_film), first, counts)
        here = entries[np.searchsorted(films, first) : np.searchsorted(films, first + len(counts))]
        _add(sums, counts, here, compact, norms, first, block // 4)
    return sums


def _add(
    sums: NDArray[np.float64],
    counts: NDArray[np.float32],
    entries: NDArray[np.int64],
    compact: NDArray[np.int32],
    norms: NDArray[np.float64],
    first: int,
    block: int,
) -> None:
    """Adds to `sums` the cosines of some list entries with all of their list.

    `counts` has a row of common viewers for each film from `first` on; `entries` are flat indices
    of these films into the lists, `compact`; `block` pairs are computed at a time.
    """
    k = compact.shape[1]
    step = max(1, block // max(1, k))
    for start in range(0, len(entries), step):
        viewers, ranks = np.divmod(entries[start : start + step], k)
        others = compact[viewers]
        film = compact[viewers, ranks]
        cosines = counts[film[:, None] - first, others] / norms[others]
        sums += np.bincount(viewers, cosines.sum(axis=1) / norms[film], minlength=len(sums))


def personalisation(items: Items) -> float:
    """Mean over all pairs of viewers of the share of k that their lists do not have in common.

    Inter-list distance: 1 - films in common / k. 0 if all lists are equal, 1 if no two viewers
    share a film. Computed from the number of lists of each film: c lists with a film are
    c (c - 1) / 2 pairs that share it.

    Returns:
        NaN for fewer than two non-empty lists.

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
