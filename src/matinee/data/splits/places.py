"""Positions of ratings within their viewer's ratings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.data.interactions import Interactions

__all__ = ["chronological", "places"]


def places(users: NDArray[np.int32], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """`int64[n]`: position (from 0) of every row among its viewer's rows sorted by `order`."""
    rows = np.lexsort((order, users))
    grouped = users[rows]
    positions = np.empty(len(users), dtype=np.int64)
    positions[rows] = np.arange(len(users)) - np.searchsorted(grouped, grouped)
    return positions


def chronological(interactions: Interactions) -> NDArray[np.int64]:
    """`int64[n]`: position of every row among all, by time, then by the order of the source."""
    order = np.empty(len(interactions), dtype=np.int64)
    order[np.argsort(interactions.times, kind="stable")] = np.arange(len(interactions))
    return order
