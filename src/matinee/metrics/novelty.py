"""How unfamiliar the recommended films are."""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric
from matinee.metrics._lists import list_means

__all__ = ["METRICS", "self_information"]


def self_information(
    items: NDArray[np.integer],
    item_counts: NDArray[np.integer],
    n_viewers: int,
    *,
    unrated: Literal["left out", "once"] = "left out",
) -> NDArray[np.float64]:
    """Mean over the list of -log2 of the share of viewers in training who rated the film, in bits.

    A film that half of the viewers rated has 1 bit, one that a thousandth rated about 10. An
    unrated film would have infinitely many: `unrated="left out"` averages the others; "once"
    counts it as rated by one viewer, which is RecTools' MeanInvUserFreq (metric `miuf`).
    Microsoft's `novelty` uses the share of ratings instead of viewers.

    Returns:
        `float64[n]`; NaN for an empty list, and for one of unrated films if these are left out.

    Example:
        Of 8 viewers 4 rated film 0, 1 rated film 1, none film 2: (1 + 3) / 2 bits; counted as rated
        once, film 2 also has 3 bits: 7 / 3.

        >>> films, counts = np.array([[0, 1, 2]]), np.array([4, 1, 0])
        >>> self_information(films, counts, 8).tolist()
        [2.0]
        >>> self_information(films, counts, 8, unrated="once").round(4).tolist()
        [2.3333]
    """
    if not n_viewers:
        return np.full(len(items), np.nan)
    counts = np.maximum(item_counts, 1) if unrated == "once" else item_counts
    share = np.where(counts > 0, counts / n_viewers, np.nan)
    return list_means(items, -np.log2(share))


METRICS = (
    Metric(
        "novelty",
        self_information,
        "list",
        higher_is_better=None,
        definition="mean of -log2(share of viewers who rated the film); unrated films left out",
        source="Zhou et al. 2010, mean self-information",
        bounds=(0.0, float("inf")),
    ),
    Metric(
        "miuf",
        partial(self_information, unrated="once"),
        "list",
        higher_is_better=None,
        definition="mean of -log2(share of viewers who rated the film); unrated is rated once",
        source="Castells et al. 2015; RecTools MeanInvUserFreq",
        bounds=(0.0, float("inf")),
    ),
)
