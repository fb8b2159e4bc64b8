"""Ratings over the catalogue of their data set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.data.interactions import Interactions
from matinee.data.tables.columns import Columns
from matinee.data.tables.layout import Block, Types
from matinee.data.tables.rating_rows import RatingRows
from matinee.data.vocabulary import Vocabulary

__all__ = ["RATINGS", "interactions_of"]

RATINGS: Types = {
    "userId": pl.Int32,
    "movieId": pl.Int32,
    "rating": pl.Float32,
    "timestamp": pl.Int64,
}
"""Ratings as the newer editions of MovieLens name them."""

_COLUMNS = Columns(*RATINGS)
_SHORTEST_LINE = 16
"""Bytes of a rating with its time, for an upper bound of their number."""


def interactions_of(
    blocks: Iterable[Block],
    file: Path,
    films: Vocabulary,
    scale: tuple[float, float],
    cleaning: Cleaning,
    viewers: Vocabulary | None = None,
) -> tuple[Interactions, int]:
    """Interactions over a catalogue, and how many usable ratings the file has.

    `blocks` have the columns of `RATINGS`. Ratings of other films and viewers are left out; without
    `viewers`, they are those who rated, in numerical order.
    """
    capacity = file.stat().st_size // _SHORTEST_LINE if file.is_file() else 0
    with RatingRows(str(file), _COLUMNS, cleaning, capacity) as rows:
        for block in blocks:
            rows.add(block)
    count = len(rows.values)
    if not count:
        none = Interactions.empty(films)
        return replace(none, user_ids=viewers or none.user_ids, scale=scale), 0
    ratings = rows.pop(scale)
    items = _rows_in(films, ratings.items, ratings.item_ids, file, cleaning)
    users, user_ids = ratings.users, ratings.user_ids
    if viewers is not None:
        users, user_ids = _rows_in(viewers, users, user_ids, file, cleaning), viewers
    known = (items >= 0) & (users >= 0)
    if not known.all():
        ratings, users, items = ratings.select(known), users[known], items[known]
        if viewers is None:
            present, rows_present = np.unique(users, return_inverse=True)
            users = rows_present.astype(np.int32)
            user_ids = Vocabulary("viewer", user_ids.ids[present])
    ratings = replace(ratings, users=users, items=items, user_ids=user_ids, item_ids=films)
    return ratings, count


def _rows_in(
    vocabulary: Vocabulary,
    codes: NDArray[np.int32],
    ids: Vocabulary,
    file: Path,
    cleaning: Cleaning,
) -> NDArray[np.int32]:
    """Rows `int32[n]` in a vocabulary of coded ids; -1 for an id it lacks, which is recorded."""
    every = ids.ids.tolist()
    row_of = [vocabulary.row(each) if each in vocabulary else -1 for each in every]
    rows = np.array(row_of, dtype=np.int32)[codes]
    missing = np.flatnonzero(rows < 0)
    if len(missing):
        kind = vocabulary.kind
        first = f"{file}: {kind} {every[codes[missing[0]]]}"
        cleaning.count(
            f"ratings of {kind}s that the file of {kind}s lacks left out", len(missing), first
        )
    return rows
