"""Viewers who rated a film more than once: which, and the last rating of each."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.data.interactions import Interactions
from matinee.data.tables.growing_array import GrowingArray

__all__ = ["last_ratings"]

_PIECE = 1 << 18
"""Rows looked at together."""
_THREADS = min(4, os.cpu_count() or 1)
_MOST_RANGES = 8


def last_ratings(
    interactions: Interactions, source: Path | str, cleaning: Cleaning
) -> Interactions:
    """The last rating of every viewer and film, by time and then by row; the order is kept.

    Args:
        interactions: the same object comes back where nothing repeats.
        source: the file or frame they are from, as messages call it.
        cleaning: is told how many were dropped, with the first of them by viewer and film.

    Raises:
        DataError: something repeats, in strict reading.
    """
    repeated = _repeated_pairs(interactions)
    if not len(repeated):
        return interactions
    # Only the rows of repeated pairs are sorted by time: they are few in most tables.
    pairs = interactions.users * np.int64(interactions.n_items) + interactions.items
    rows = _rows_among(pairs, repeated)
    order = rows[np.lexsort((rows, interactions.times[rows], pairs[rows]))]
    earlier = order[:-1][pairs[order[1:]] == pairs[order[:-1]]]
    viewer = interactions.user_ids.ids[interactions.users[earlier[0]]]
    film = interactions.item_ids.ids[interactions.items[earlier[0]]]
    cleaning.found(
        "repeated ratings, the last kept",
        len(earlier),
        f"{source}: viewer {viewer} rated film {film} more than once",
    )
    kept = np.ones(len(interactions), dtype=np.bool_)
    kept[earlier] = False
    return interactions.select(kept)


def _repeated_pairs(interactions: Interactions) -> NDArray[np.int64]:
    """What stands in more than one row, as `user * n_items + item`, ascending."""
    if _is_ascending(interactions):
        return np.empty(0, dtype=np.int64)
    with ThreadPoolExecutor(_THREADS) as pool:
        ranges = pool.map(lambda each: _repeated_among(interactions, *each), _ranges(interactions))
        return np.concatenate(list(ranges))


def _is_ascending(interactions: Interactions) -> bool:
    """Whether rows come by viewer and film, none twice, as in most files that are published."""
    for start in range(0, len(interactions), _PIECE):
        rows = slice(start, start + _PIECE + 1)
        pairs = interactions.users[rows] * np.int64(interactions.n_items)
        pairs += interactions.items[rows]
        if not (pairs[1:] > pairs[:-1]).all():
            return False
    return True


def _ranges(interactions: Interactions) -> Iterator[tuple[int, int]]:
    """Ranges of viewers that are looked at apart: several threads, and less memory at a time.

    As many as it takes for the pairs of one to be numbers of 32 bits, which are sorted in half the
    time of 64, up to where going over all rows once a range would cost more.
    """
    n_users = interactions.n_users
    narrow = math.ceil(n_users * interactions.n_items / 2**32)
    wanted = min(max(narrow, 4), _MOST_RANGES) if len(interactions) > _PIECE else 1
    width = math.ceil(n_users / wanted)
    return ((start, min(start + width, n_users)) for start in range(0, n_users, width))


def _repeated_among(interactions: Interactions, first: int, end: int) -> NDArray[np.int64]:
    """The repeated pairs of the viewers from `first` to before `end`."""
    n_items = interactions.n_items
    dtype = np.dtype(np.uint32 if (end - first) * n_items <= 2**32 else np.int64)
    gathered = GrowingArray(dtype, room=len(interactions))
    # By pieces, so that all but what is gathered stays in the cache.
    for start in range(0, len(interactions), _PIECE):
        users = interactions.users[start : start + _PIECE]
        items = interactions.items[start : start + _PIECE]
        chosen = (users >= first) & (users < end)
        piece: NDArray[np.integer] = (users[chosen] - np.int32(first)).astype(dtype)
        piece *= dtype.type(n_items)
        piece += items[chosen].astype(dtype)
        gathered.append(piece)
    pairs = gathered.taken()
    pairs.sort()
    repeated = np.unique(pairs[1:][pairs[1:] == pairs[:-1]])
    return repeated.astype(np.int64) + first * n_items


def _rows_among(pairs: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.intp]:
    """Positions of the wanted pairs: sifted by their last bits first, which a cache holds."""
    sieve = np.zeros(1 << 20, dtype=np.bool_)
    sieve[wanted & (len(sieve) - 1)] = True
    likely = np.flatnonzero(sieve[pairs & (len(sieve) - 1)])
    at = np.minimum(np.searchsorted(wanted, pairs[likely]), len(wanted) - 1)
    rows: NDArray[np.intp] = likely[wanted[at] == pairs[likely]]
    return rows
