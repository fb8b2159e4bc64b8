"""Whether a list has the genre proportions of the viewer's history."""

from __future__ import annotations

from math import log

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.metrics import Metric

__all__ = ["METRICS", "genre_shares", "miscalibration"]

_ALPHA = 0.01
"""Share of p mixed into q: a missing genre does not make the value infinite."""


def miscalibration(
    items: NDArray[np.integer],
    histories: sp.csr_array,
    item_genres: sp.csr_array,
    *,
    alpha: float = _ALPHA,
) -> NDArray[np.float64]:
    """Kullback-Leibler divergence of the list's genres from those of the history, in nats.

    With p the shares of genres in the history and q those of the list, the sum over genres of
    p log(p / ((1 - alpha) q + alpha p)): 0 for equal proportions, at most log(1 / alpha) without
    a common genre. Each film is split evenly over its genres; films without a genre are left out.
    Steck optionally weights the history by recency and the list by rank; here all films count the
    same.

    Returns:
        `float64[n]`; NaN if the history or the list has no film with a genre.

    Example:
        A history of three comedies and a drama, a list of one each: p = (0.75, 0.25),
        q = (0.5, 0.5), so 0.75 ln(0.75 / 0.5025) + 0.25 ln(0.25 / 0.4975) = 0.1283.

        >>> genres = sp.csr_array(np.array([[1, 0], [1, 0], [1, 0], [0, 1], [1, 0], [0, 1.0]]))
        >>> history = sp.csr_array(np.array([[4.0, 3.0, 5.0, 2.0, 0.0, 0.0]]))
        >>> miscalibration(np.array([[4, 5]]), history, genres).round(4).tolist()
        [0.1283]
    """
    present = items >= 0
    bounds = np.concatenate([[0], np.cumsum(np.count_nonzero(present, axis=1))])
    watched = genre_shares(histories.indices, histories.indptr, item_genres)
    listed = genre_shares(items[present], bounds, item_genres)
    mixed = (1 - alpha) * listed + alpha * watched
    ratio = np.divide(watched, mixed, out=np.ones_like(watched), where=watched > 0)
    divergence = np.einsum("ng,ng->n", watched, np.log(ratio))
    known = watched.any(axis=1) & listed.any(axis=1)
    return np.where(known, np.maximum(divergence, 0.0), np.nan)


def genre_shares(
    films: NDArray[np.integer], bounds: NDArray[np.integer], item_genres: sp.csr_array
) -> NDArray[np.float64]:
    """`float64[n, n_genres]`, shares that sum to 1; all 0 if no film has a genre.

    Args:
        films: `int[m]`, rows of films.
        bounds: `int[n + 1]`; viewer v has `films[bounds[v]:bounds[v + 1]]`.
        item_genres: sparse `[n_items, n_genres]`, 1 if a film has a genre.
    """
    per_film = sp.diags_array(1 / np.maximum(np.diff(item_genres.indptr), 1)) @ item_genres
    membership = sp.csr_array(
        (np.ones(len(films)), films, bounds), shape=(len(bounds) - 1, item_genres.shape[0])
    )
    weights = membership @ per_film.toarray().astype(np.float64)
    total = weights.sum(axis=1, keepdims=True)
    return weights / np.where(total > 0, total, 1.0)


METRICS = (
    Metric(
        "miscalibration",
        miscalibration,
        "list",
        higher_is_better=False,
        definition="sum over genres of p ln(p / (0.99 q + 0.01 p)), p of the history, q of list",
        source="Steck 2018",
        bounds=(0.0, log(1 / _ALPHA)),
    ),
)
