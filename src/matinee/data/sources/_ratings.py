"""Columns of ratings over a catalogue whose ids are numbers, made into interactions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.catalog import Catalog
from matinee.data.cleaning import Cleaning
from matinee.data.interactions import Interactions
from matinee.data.tables.delimited import Types
from matinee.data.tables.lines import LineNumbers
from matinee.data.tables.repeats import last_ratings
from matinee.data.vocabulary import Vocabulary

__all__ = ["RATINGS", "interactions_of", "rows_of"]

RATINGS: Types = {
    "userId": pl.Int32,
    "movieId": pl.Int32,
    "rating": pl.Float32,
    "timestamp": pl.Int64,
}
"""Ratings as the newer editions of MovieLens name them."""

_YEAR_2100 = 4_102_444_800
_LARGEST_TABLE = 50_000_000
"""Ids up to here are looked up in a table of that length; larger ones by binary search."""


def interactions_of(
    ratings: pl.DataFrame,
    lines: LineNumbers,
    file: Path,
    catalog: Catalog,
    scale: tuple[float, float],
    cleaning: Cleaning,
    viewers: NDArray[np.int64] | None = None,
) -> Interactions:
    """Interactions without impossible ratings and without repeated ones.

    Args:
        ratings: the columns of `RATINGS`, without nulls.
        lines: the line of each rating.
        file: where they are from, for messages.
        catalog: the films; ratings of other films are left out.
        scale: lowest and highest rating; others are left out.
        cleaning: records what is left out or repaired.
        viewers: the ids of all viewers, in order; by default of those who rated, ascending.
    """
    low, high = scale
    users, items, values, times = (ratings[name].to_numpy() for name in RATINGS)
    film_rows = rows_of(catalog.item_ids.ids.astype(np.int64), items)
    unusable = {
        f"ratings outside {low:g} to {high:g} left out": (values < low) | (values > high),
        "ratings of films that the file of films lacks left out": film_rows < 0,
    }
    if viewers is not None:
        kind = "ratings by viewers that the file of viewers lacks left out"
        unusable[kind] = rows_of(viewers, users) < 0
    kept = np.ones(len(users), dtype=np.bool_)
    for kind, bad in unusable.items():
        _record(cleaning, kind, bad, file, lines)
        kept &= ~bad
    impossible = (times <= 0) | (times >= _YEAR_2100)
    _record(cleaning, "impossible times set to unknown", impossible & kept, file, lines)
    if impossible.any():
        times = np.where(impossible, 0, times)
    if not kept.all():
        users, film_rows, values, times = (
            column[kept] for column in (users, film_rows, values, times)
        )
    user_ids = _distinct(users) if viewers is None else viewers
    interactions = Interactions(
        users=rows_of(user_ids, users),
        items=film_rows,
        values=values,
        times=times,
        user_ids=Vocabulary.of("viewer", user_ids.tolist()),
        item_ids=catalog.item_ids,
        scale=scale,
    )
    return last_ratings(interactions, file, cleaning)


def rows_of(ids: NDArray[np.int64], wanted: NDArray[np.integer]) -> NDArray[np.int32]:
    """Positions `int32[len(wanted)]` in `ids`, which are distinct; -1 for an id that is missing."""
    if len(ids) == 0 or len(wanted) == 0:
        return np.full(len(wanted), -1, dtype=np.int32)
    largest = max(int(ids.max()), int(wanted.max()))
    if largest < _LARGEST_TABLE and min(int(ids.min()), int(wanted.min())) >= 0:
        table = np.full(largest + 1, -1, dtype=np.int32)
        table[ids] = np.arange(len(ids), dtype=np.int32)
        return table[wanted]
    order = np.argsort(ids)
    near = order[np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)]
    return np.where(ids[near] == wanted, near, -1).astype(np.int32)


def _distinct(ids: NDArray[np.int32]) -> NDArray[np.int64]:
    """The distinct ids, ascending."""
    if len(ids) and ids.min() >= 0 and ids.max() < _LARGEST_TABLE:
        present = np.zeros(int(ids.max()) + 1, dtype=np.bool_)
        present[ids] = True
        return np.flatnonzero(present)
    return np.unique(ids).astype(np.int64)


def _record(
    cleaning: Cleaning, kind: str, bad: NDArray[np.bool_], file: Path, lines: LineNumbers
) -> None:
    count = int(np.count_nonzero(bad))
    if count:
        cleaning.found(kind, count, f"{file}, line {lines[int(np.argmax(bad))]}: the first of them")
