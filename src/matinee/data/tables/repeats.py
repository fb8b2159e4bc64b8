"""Keeps the last rating where a viewer rated a film more than once."""

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
from matinee.data.tables.id_column import GrowingArray

__all__ = ["last_ratings"]

_PIECE = 1 << 18
"""Rows compared at a time."""
_THREADS = min(4, os.cpu_count() or 1)
_MOST_RANGES = 8


def last_ratings(
    interactions: Interactions,
    source: Path | str,
    cleaning: Cleaning,
    *,
    piece: int = _PIECE,
    most_ranges: int = _MOST_RANGES,
) -> Interactions:
    """The last rating of every viewer and film, by time and then by row, in the order of the rows.

    Interactions without a repeated pair are returned as they are. `cleaning` records how many
    ratings are dropped, and the first pair; apart from them those that equal the rating kept.
    `piece` rows are compared at a time, and `most_ranges` ranges of viewers sorted apart.
    """
    repeated = _repeated_pairs(interactions, piece, most_ranges)
    if not len(repeated):
        return interactions
    # Only rows of repeated pairs are sorted by time; most tables have few.
    pairs = interactions.users * np.int64(interactions.n_items) + interactions.items
    rows = _rows_among(pairs, repeated)
    order = rows[np.lexsort((rows, interactions.times[rows], pairs[rows]))]
    again = pairs[order[1:]] == pairs[order[:-1]]
    earlier = order[:-1][again]
    # The row that is kept, for each of them: the next one that no later row replaces.
    latest = order[np.flatnonzero(np.append(~again, True))]
    latest_of = latest[np.cumsum(np.append(False, ~again))[:-1][again]]
    changed = interactions.values[earlier] != interactions.values[latest_of]
    for kind, rows_of_kind in (
        ("repeated ratings, the last kept", earlier[changed]),
        ("rows that give the same rating again, the last kept", earlier[~changed]),
    ):
        if len(rows_of_kind):
            viewer = interactions.user_ids.ids[interactions.users[rows_of_kind[0]]]
            film = interactions.item_ids.ids[interactions.items[rows_of_kind[0]]]
            example = f"{source}: viewer {viewer} rated film {film} more than once"
            cleaning.count(kind, len(rows_of_kind), example)
    last = np.ones(len(interactions), dtype=np.bool_)
    last[earlier] = False
    return interactions.select(last)


def _repeated_pairs(interactions: Interactions, piece: int, most_ranges: int) -> NDArray[np.int64]:
    """Pairs in more than one row, as `user * n_items + item`, ascending."""
    if _is_ascending(interactions, piece):
        return np.empty(0, dtype=np.int64)
    with ThreadPoolExecutor(_THREADS) as pool:
        repeated = pool.map(
            lambda users: _repeated_among(interactions, users, piece),
            _ranges(interactions, piece, most_ranges),
        )
        return np.concatenate(list(repeated))


def _is_ascending(interactions: Interactions, piece: int) -> bool:
    """Whether rows are ordered by viewer and film without repeats, as in most published files."""
    for start in range(0, len(interactions), piece):
        rows = slice(start, start + piece + 1)
        pairs = interactions.users[rows] * np.int64(interactions.n_items)
        pairs += interactions.items[rows]
        if not (pairs[1:] > pairs[:-1]).all():
            return False
    return True


def _ranges(interactions: Interactions, piece: int, most_ranges: int) -> Iterator[tuple[int, int]]:
    """Ranges of viewers, first and end, that threads sort apart in less memory.

    Enough ranges for pairs of 32 bits, which sort in half the time of 64, up to the number at which
    passing over all rows once per range costs more.
    """
    n_users = interactions.n_users
    narrow = math.ceil(n_users * interactions.n_items / 2**32)
    n_ranges = min(max(narrow, 4), most_ranges) if len(interactions) > piece else 1
    width = math.ceil(n_users / n_ranges)
    return ((start, min(start + width, n_users)) for start in range(0, n_users, width))


def _repeated_among(
    interactions: Interactions, users: tuple[int, int], piece: int
) -> NDArray[np.int64]:
    """The repeated pairs of a range of viewers."""
    first, end = users
    n_items = interactions.n_items
    dtype = np.dtype(np.uint32 if (end - first) * n_items <= 2**32 else np.int64)
    gathered = GrowingArray(dtype, capacity=len(interactions))
    # Piece by piece, so that all but the result stays in the processor's cache.
    for start in range(0, len(interactions), piece):
        rows, items = (
            column[start : start + piece] for column in (interactions.users, interactions.items)
        )
        inside = (rows >= first) & (rows < end)
        some: NDArray[np.integer] = (rows[inside] - np.int32(first)).astype(dtype)
        some *= dtype.type(n_items)
        some += items[inside].astype(dtype)
        gathered.append(some)
    pairs = gathered.pop()
    pairs.sort()
    repeated = np.unique(pairs[1:][pairs[1:] == pairs[:-1]])
    return repeated.astype(np.int64) + first * n_items


def _rows_among(pairs: NDArray[np.int64], repeated: NDArray[np.int64]) -> NDArray[np.intp]:
    """Positions of the repeated pairs, sifted first by their last bits in a small table."""
    sieve = np.zeros(1 << 20, dtype=np.bool_)
    sieve[repeated & (len(sieve) - 1)] = True
    likely = np.flatnonzero(sieve[pairs & (len(sieve) - 1)])
    at = np.minimum(np.searchsorted(repeated, pairs[likely]), len(repeated) - 1)
    return likely[repeated[at] == pairs[likely]]
