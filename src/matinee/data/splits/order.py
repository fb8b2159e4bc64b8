"""Ratings in order: points in time that split them, and positions among a viewer's ratings."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.histories import Histories
from matinee.data.interactions import Interactions
from matinee.errors import InputError

__all__ = ["UNKNOWN", "chronological", "date_of", "dividing_points", "known_times", "places"]
__all__ += ["first_times", "latest_times", "start_of"]

UNKNOWN = 0
"""The stored time of a rating without one."""


def known_times(interactions: Interactions, protocol: str) -> NDArray[np.bool_]:
    """`bool[n]`: which ratings have a time; `InputError` if none has."""
    known: NDArray[np.bool_] = interactions.times != UNKNOWN
    if not known.any():
        raise InputError(
            f"protocol {protocol!r} splits by time, and none of the {len(interactions):,} ratings "
            "has one; use --protocol random or strong"
        )
    return known


def dividing_points(
    times: NDArray[np.int64], shares: tuple[float, ...], protocol: str
) -> tuple[int, ...]:
    """For every share, an instant such that about that share of the ratings is older.

    All ratings of one instant are on one side, so the shares are approximate. Each point is at a
    different instant. `times: int64[n]` are known and in any order, `shares` ascending.

    Raises:
        InputError: too few instants.
    """
    ordered = np.sort(times)
    starts = np.flatnonzero(np.diff(ordered)) + 1  # first ratings of their instants
    if len(starts) < len(shares):
        raise InputError(
            f"protocol {protocol!r} needs ratings at {len(shares) + 1} or more different instants, "
            f"and these have {len(starts) + 1}; use --protocol random or strong"
        )
    points: list[int] = []
    for place in reversed(range(len(shares))):
        free = starts[place : len(starts) if not points else np.searchsorted(starts, points[0])]
        points.insert(0, int(free[np.argmin(np.abs(free - shares[place] * len(times)))]))
    return tuple(int(ordered[point]) for point in points)


def date_of(instant: int) -> str:
    """The day of an instant (Unix seconds, UTC): "1998-03-07"."""
    return str(np.datetime64(instant, "s").astype("datetime64[D]"))


def start_of(day: str) -> int:
    """The first instant of a day (ISO) as Unix seconds, UTC."""
    return int(np.datetime64(day, "s").astype(np.int64))


def first_times(times: sp.csr_array) -> NDArray[np.int64]:
    """`int64[n]`: the first time of every row of `int64[n, n_items]`; no row is empty."""
    first: NDArray[np.int64] = np.minimum.reduceat(times.data, times.indptr[:-1])
    return first


def latest_times(histories: Histories) -> NDArray[np.int64]:
    """`int64[n]`: the time of every viewer's last rating; beyond all times where it is unknown."""
    latest = histories.latest
    return np.where(latest == UNKNOWN, np.iinfo(np.int64).max, latest)


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
