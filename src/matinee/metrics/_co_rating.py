"""Cosines between the films of every list by who rated them, in bounded memory."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["co_rating_cosines"]

_COUNTS_AT_ONCE = 2**24
"""64 MiB of counts of common viewers."""
_PAIRS_AT_ONCE = 2**22


def co_rating_cosines(items: NDArray[np.integer], train: sp.csr_array) -> NDArray[np.float64]:
    """Sum of the cosines of all ordered pairs of the list, each film with itself too, `float64[n]`.

    Args:
        items: `int[n, k]`, rows of films that somebody rated; -1 is none.
        train: sparse `[n_viewers, n_items]`; an entry is stored where a viewer rated a film.
    """
    from matinee.kernels.cooccurrence import count_common  # noqa: PLC0415  brings numba

    listed = np.unique(items[items >= 0])
    place = np.full(train.shape[1] + 1, -1, dtype=np.int32)  # the last is for row -1, no film
    place[listed] = np.arange(len(listed))
    compact = place[items]
    by_viewer = train[:, listed]
    by_film = by_viewer.tocsc()
    norms = np.append(np.sqrt(np.diff(by_film.indptr)), np.inf)  # the last: no film is like any
    sums = np.zeros(len(items))
    entries = np.argsort(compact, axis=None, kind="stable")
    entries = entries[np.count_nonzero(compact < 0) :]
    films = compact.ravel()[entries]
    step = max(1, _COUNTS_AT_ONCE // max(1, len(listed)))
    for first in range(0, len(listed), step):
        counts = np.empty((min(step, len(listed) - first), len(listed)), dtype=np.float32)
        count_common(
            by_viewer.indptr, by_viewer.indices, by_film.indptr, by_film.indices, first, counts
        )
        here = entries[np.searchsorted(films, first) : np.searchsorted(films, first + len(counts))]
        _add(sums, counts, here, compact, norms, first)
    return sums


def _add(
    sums: NDArray[np.float64],
    counts: NDArray[np.float32],
    entries: NDArray[np.int64],
    compact: NDArray[np.int32],
    norms: NDArray[np.float64],
    first: int,
) -> None:
    """Adds to each viewer's sum the cosines of some entries of lists with all of their list.

    Args:
        sums: `float64[n]`, added to.
        counts: `float32[rows, n_listed]`, viewers in common of the films from `first` on with all.
        entries: places in `compact` of those films.
        compact: `int32[n, k]`, films of each list as numbers among those listed at all; -1 is none.
        norms: `float64[n_listed + 1]`, roots of how many rated each; infinite for none.
        first: the film of the first row of `counts`.
    """
    k = compact.shape[1]
    step = max(1, _PAIRS_AT_ONCE // max(1, k))
    for start in range(0, len(entries), step):
        viewers, ranks = np.divmod(entries[start : start + step], k)
        others = compact[viewers]
        film = compact[viewers, ranks]
        cosines = counts[film[:, None] - first, others] / norms[others]
        sums += np.bincount(viewers, cosines.sum(axis=1) / norms[film], minlength=len(sums))
