"""How much of the catalogue recommendations reach: one value for all lists together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.metrics import Metric

__all__ = ["METRICS", "catalogue_coverage"]


def catalogue_coverage(items: NDArray[np.integer], n_items: int) -> float:
    """Share of the films that are in at least one list.

    Args:
        items: `int[n, k]`, rows of the recommended films; -1 where a list is shorter than k.
        n_items: films in the catalogue.
    """
    reached = np.zeros(n_items, dtype=np.bool_)
    reached[items[items >= 0]] = True
    return float(np.count_nonzero(reached) / n_items) if n_items else 0.0


METRICS = (
    Metric(
        "coverage",
        catalogue_coverage,
        "catalogue",
        higher_is_better=True,
        definition="films in at least one list of k / films in the catalogue",
        source="Herlocker et al. 2004; Ge et al. 2010",
    ),
)
