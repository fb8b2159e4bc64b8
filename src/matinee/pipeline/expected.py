"""The ratings a viewer is expected to give, with the interval that holds four of five."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Expected, Query
from matinee.models import Model

__all__ = ["expected"]


def expected(
    model: Model, query: Query, items: NDArray[np.int32], n_items: int
) -> tuple[Expected, ...]:
    """One for each film, in order; empty where the model only ranks or the history is empty.

    Args:
        model: fitted.
        query: the viewer's history.
        items: `int32[n]`, rows of different films.
        n_items: films in the catalogue.
    """
    if not (model.predicts_ratings and len(query) and len(items)):
        return ()
    stars = model.predict(query, items).tolist()
    found = model.intervals(
        _row(query.items, query.values, n_items),
        _row(items, np.ones(len(items), dtype=np.float32), n_items),
    )
    if found is None:
        return tuple(Expected(each) for each in stars)
    place = np.argsort(np.argsort(items))  # intervals come in the order of the matrix
    low, high = (np.asarray(each)[place].tolist() for each in found)
    return tuple(map(Expected, stars, low, high))


def _row(items: NDArray[np.int32], values: NDArray[np.float32], n_items: int) -> sp.csr_array:
    """One viewer as a matrix of one row, `float32[1, n_items]`, columns sorted."""
    order = np.argsort(items)
    return sp.csr_array((values[order], items[order], [0, len(items)]), shape=(1, n_items))
