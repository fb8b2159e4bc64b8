"""Fits that start from the factors of a former fit and so need fewer iterations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog
from matinee.models import Model
from matinee.pipeline import Recommender

__all__ = ["start_from"]

_PART = 3
"""A third of the iterations is enough where few ratings are new (decision 45)."""
_ENOUGH = 0.5
"""Part of the films that must have factors."""
_FACTORS = "item_factors"


@contextmanager
def start_from(former: Recommender | None, model: Model, catalog: Catalog) -> Iterator[None]:
    """Inside, `model` starts its fit from the factors of a former one, matched by film id.

    Nothing happens if the model cannot, or the former one is of another kind or size, or lacks most
    of the films. The options of the model are the same again afterwards.
    """
    factors = None if former is None else _factors(former, model, catalog)
    if factors is None:
        yield
        return
    config, iterations = model.config, model.config.model_dump()["iterations"]
    model.earlier = {_FACTORS: factors}
    model.config = config.model_copy(update={"iterations": -(-iterations // _PART)})
    try:
        yield
    finally:
        model.config, model.earlier = config, {}


def _factors(former: Recommender, model: Model, catalog: Catalog) -> NDArray[np.float32] | None:
    """`float32[n_items, factors]`; films that the former model lacks have the average factors."""
    arrays, config = former.model.arrays, model.config.model_dump()
    if not model.continues or former.model.name != model.name or _FACTORS not in arrays:
        return None
    known = arrays[_FACTORS]
    if known.shape[1] != config["factors"]:
        return None
    own, ids = former.catalog.item_ids, catalog.item_ids.ids.tolist()
    rows = np.array([own.row(each) if each in own else -1 for each in ids], dtype=np.int64)
    found = rows >= 0
    if found.mean() < _ENOUGH:
        return None
    factors = np.repeat(known.mean(axis=0, keepdims=True), len(rows), axis=0)
    factors[found] = known[rows[found]]
    return factors.astype(np.float32)
