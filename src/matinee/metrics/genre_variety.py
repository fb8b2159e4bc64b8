"""Variety of the genres of one list."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics.calibration import genre_shares

__all__ = ["METRICS", "genre_entropy"]


def genre_entropy(items: NDArray[np.integer], item_genres: sp.csr_array) -> NDArray[np.float64]:
    """Shannon entropy, in bits, of the shares of genres in each list.

    0 is a list of one genre, 2 the variety of four equal ones. Each film is split evenly over its
    genres, as for `miscalibration`; films without a genre are left out. `entropy` is about films
    and all lists together, `diversity` about pairs of films.

    Returns:
        `float64[n]`; NaN for a list in which no film has a genre.

    Example:
        Two comedies, a drama, and a film that is both: shares 2.5 / 4 and 1.5 / 4, so
        -(0.625 log2 0.625 + 0.375 log2 0.375) = 0.9544 bits.

        >>> genres = sp.csr_array(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]))
        >>> genre_entropy(np.array([[0, 1, 2, 3]]), genres).round(4).tolist()
        [0.9544]
    """
    present = items >= 0
    bounds = np.concatenate([[0], np.cumsum(np.count_nonzero(present, axis=1))])
    shares = genre_shares(items[present], bounds, item_genres)
    bits = -np.log2(shares, out=np.zeros_like(shares), where=shares > 0)
    known = shares.any(axis=1)
    return np.where(known, np.einsum("ng,ng->n", shares, bits), np.nan)


METRICS = (
    Metric(
        "genre-entropy",
        genre_entropy,
        "list",
        higher_is_better=None,
        definition="-sum over genres of p log2 p, p the genre's share of the list",
        source="Shannon 1948; shares of genres as Steck 2018",
        bounds=(0.0, float("inf")),
    ),
)
