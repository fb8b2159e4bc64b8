"""Cosines between the films of each list, from their common viewers, in bounded memory."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["co_rating_cosines"]


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
    """Adds the cosines of some list entries with all of their list to each viewer's sum.

    Args:
        sums: `float64[n]`, added to.
        counts: `float32[rows, n_listed]`, common viewers of the films from `first` on with all.
        entries: flat indices into `compact` of these films.
        compact: `int32[n, k]`, films of each list, renumbered among all listed films; -1 is none.
        norms: `float64[n_listed + 1]`, roots of the numbers of viewers; infinite for no film.
        first: the film in the first row of `counts`.
        block: pairs of films computed at a time.
    """
    k = compact.shape[1]
    step = max(1, block // max(1, k))
    for start in range(0, len(entries), step):
        viewers, ranks = np.divmod(entries[start : start + step], k)
        others = compact[viewers]
        film = compact[viewers, ranks]
        cosines = counts[film[:, None] - first, others] / norms[others]
        sums += np.bincount(viewers, cosines.sum(axis=1) / norms[film], minlength=len(sums))
