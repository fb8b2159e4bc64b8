"""Expected ratings of recommended films, with 80% prediction intervals."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Expected, Histories, Query
from matinee.models import Model

__all__ = ["expected", "predicted"]


def expected(model: Model, query: Query, items: NDArray[np.int32]) -> tuple[Expected, ...]:
    """One expected rating for each of `items`, rows of different films, at the time of the query.

    Empty if the model only ranks or the history is empty.
    """
    if not (model.predicts_ratings and len(query) and len(items)):
        return ()
    return predicted(model, query, items, query.now)


def predicted(
    model: Model, query: Query, items: NDArray[np.int32], time: int
) -> tuple[Expected, ...]:
    """One predicted rating for each of `items`, rows of different films, at a time.

    The model must predict ratings.
    """
    histories = Histories.of(query, model.n_items)
    order = np.argsort(items)
    times = np.full(len(items), time, dtype=np.int64)
    targets = sp.csr_array((times, items[order], [0, len(items)]), shape=(1, model.n_items))
    place = np.argsort(order)  # answers come in the order of the matrix
    stars = model.predictions(histories, targets)[place].tolist()
    ends = model.intervals(histories, targets)
    if ends is None:
        return tuple(Expected(each) for each in stars)
    low, high = (np.asarray(each)[place].tolist() for each in ends)
    return tuple(map(Expected, stars, low, high))
