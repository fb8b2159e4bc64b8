"""Rows of ratings, checked block by block and packed into arrays."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.data.interactions import Interactions
from matinee.data.tables.columns import Columns
from matinee.data.tables.id_column import GrowingArray, IdColumn, ids_of
from matinee.data.tables.layout import Block
from matinee.data.tables.rating_times import unix_seconds
from matinee.data.tables.repeats import last_ratings
from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError

__all__ = ["RatingRows", "guess_scale"]

_FAMILIES = (
    ((0.0, 1.0),),
    ((1.0, 5.0), (0.5, 5.0), (0.0, 5.0)),
    ((1.0, 10.0), (0.5, 10.0), (0.0, 10.0)),
    ((0.0, 100.0),),
)
"""Common scales, narrow ones first. Scales of a family differ in their lowest rating."""
_STRAY = 0.01
"""Share of ratings that may lie off a scale before a wider one is chosen."""


class RatingRows:
    """Collects blocks of rows; a malformed row is left out and named by its line.

    Blocks are checked at once and copied in a thread while the next one is parsed, because fresh
    memory is slow to get. Add rows inside `with`, read and pop after it.

    `source` is the file or frame as messages call it, `capacity` the expected number of rows.
    Values are `float32`, ones without a rating column; times `int64` Unix seconds, 0 if unknown.
    """

    def __init__(
        self, source: str, columns: Columns, cleaning: Cleaning, capacity: int = 0
    ) -> None:
        self.source = source
        self.columns = columns
        self.cleaning = cleaning
        self.users = IdColumn("viewer", capacity)
        self.items = IdColumn("film", capacity)
        self.values = GrowingArray(np.float32, capacity)
        self.times = GrowingArray(np.int64, capacity)
        self._lines: list[tuple[int, int | NDArray[np.int64]]] = []
        self._copier = ThreadPoolExecutor(max_workers=1)
        self._copy: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._copier.shutdown()
        if self._copy is not None:
            self._copy.result()

    def add(self, block: Block) -> None:
        """Check a block and keep its usable rows."""
        block = self._without_empty(block)
        users, items, values = self._ids_and_values(block.frame)
        finite = values.is_finite()
        if users.null_count() or items.null_count() or not finite.all(ignore_nulls=False):
            bad = users.is_null() | items.is_null() | ~finite.fill_null(value=False)
            for row in bad.arg_true().to_list():
                reason = self._reason(block.frame, row, user=users[row], item=items[row])
                self.cleaning.bad_line(self.source, block.line(row), reason)
            block = block.where(~bad)
            users, items, values = (each.filter(~bad) for each in (users, items, values))
        times = self._times(block)
        self._lines.append((block.frame.height, block.lines))
        if self._copy is not None:
            self._copy.result()

        def keep() -> None:
            self.users.append(users)
            self.items.append(items)
            self.values.append(values)
            self.times.append(times)

        self._copy = self._copier.submit(keep)

    def pop(self, scale: tuple[float, float] | None = None) -> Interactions:
        """All ratings, without those off the scale and repeated ones; empties this object.

        The scale is guessed by default, 0 to 1 without a rating column. Refuses a table without a
        rating on it.
        """
        values = self.values.pop()
        if self.columns.rating is None:
            scale = (0.0, 1.0)
        scale = scale or guess_scale(values)
        inside = self._on_scale(values, scale)
        with ThreadPoolExecutor() as pool:
            (users, user_ids), (items, item_ids) = pool.map(IdColumn.pop, (self.users, self.items))
        times = self.times.pop()
        interactions = Interactions(users, items, values, times, user_ids, item_ids, scale)
        if inside is not None:
            interactions = _compact(interactions.select(inside))
        return last_ratings(interactions, self.source, self.cleaning)

    def _on_scale(
        self, values: NDArray[np.float32], scale: tuple[float, float]
    ) -> NDArray[np.bool_] | None:
        """A mask of the ratings on the scale, `None` if all are; the others are malformed lines."""
        low, high = np.float32(scale[0]), np.float32(scale[1])
        if low <= values.min() and values.max() <= high:
            return None
        inside: NDArray[np.bool_] = (values >= low) & (values <= high)
        for row in np.flatnonzero(~inside).tolist():
            reason = f"rating {values[row]:g} is outside {scale[0]:g} to {scale[1]:g}"
            self.cleaning.bad_line(self.source, self._line(row), reason)
        if not inside.any():
            raise DataError(f"{self.source} holds no rating from {scale[0]:g} to {scale[1]:g}")
        return inside

    def _line(self, row: int) -> int:
        """The line of a row of all blocks together."""
        for height, lines in self._lines:
            if row < height:
                return lines + row if isinstance(lines, int) else int(lines[row])
            row -= height
        raise IndexError(row)

    def _without_empty(self, block: Block) -> Block:
        if not block.frame[self.columns.user or ""].null_count():
            return block
        empty = block.frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
        if not empty.any():
            return block
        example = f"{self.source}, line {block.line(empty.arg_true()[0])}: empty"
        self.cleaning.count("empty lines left out", int(empty.sum()), example)
        return block.where(~empty)

    def _ids_and_values(self, frame: pl.DataFrame) -> tuple[pl.Series, pl.Series, pl.Series]:
        users, items = (
            ids_of(frame[name or ""]) for name in (self.columns.user, self.columns.item)
        )
        if self.columns.rating is None:
            return users, items, pl.repeat(1.0, frame.height, dtype=pl.Float32, eager=True)
        ratings = frame[self.columns.rating]
        if ratings.dtype == pl.String:
            ratings = ratings.str.strip_chars().str.replace(r"^(\d+),(\d+)$", "$1.$2")
        return users, items, ratings.cast(pl.Float32, strict=False)

    def _reason(self, frame: pl.DataFrame, row: int, *, user: object, item: object) -> str:
        if user is None or item is None:
            return "no viewer id" if user is None else "no film id"
        value = frame[self.columns.rating or ""][row]
        if value is None or not str(value).strip():
            return "no rating"
        return f"rating {str(value)[:40]!r} is not a finite number"

    def _times(self, block: Block) -> NDArray[np.int64]:
        if self.columns.time is None:
            return np.zeros(block.frame.height, dtype=np.int64)
        column = block.frame[self.columns.time]
        times, missing, impossible = unix_seconds(column)
        self.cleaning.count("ratings without a time, taken as unknown", int(missing.sum()))
        if impossible.any():
            first = int(np.flatnonzero(impossible)[0])
            place = f"{self.source}, line {block.line(first)}"
            example = f"{place}: {str(column[first])[:40]!r} is no time"
            kind = "impossible times, taken as unknown"
            self.cleaning.count(kind, int(impossible.sum()), example)
        return times


def _compact(interactions: Interactions) -> Interactions:
    """Drops ids without rows."""
    users, user_rows = np.unique(interactions.users, return_inverse=True)
    items, item_rows = np.unique(interactions.items, return_inverse=True)
    return replace(
        interactions,
        users=user_rows.astype(np.int32),
        items=item_rows.astype(np.int32),
        user_ids=Vocabulary("viewer", interactions.user_ids.ids[users]),
        item_ids=Vocabulary("film", interactions.item_ids.ids[items]),
    )


def guess_scale(values: NDArray[np.float32]) -> tuple[float, float]:
    """Lowest and highest rating that viewers could give.

    The narrowest common scale that holds all ratings, or all but a hundredth, which are then off
    the scale. If there is none, from the lowest to the highest of the finite `values`.
    """
    if not len(values):
        return (1.0, 5.0)
    low, high = float(values.min()), float(values.max())
    best = next((family for family in _FAMILIES if _holds(family[-1], low, high)), None)
    # Not 0 to 1: many ones and a few larger numbers are counts.
    for family in _FAMILIES[1:]:
        if best in (family, _FAMILIES[0]):
            break
        inside = (values >= family[-1][0]) & (values <= family[-1][1])
        if 1 - np.count_nonzero(inside) / len(values) <= _STRAY:
            low, high = float(values[inside].min()), float(values[inside].max())
            best = family
            break
    if best is None:
        return (low, high)
    return next(scale for scale in best if _holds(scale, low, high))


def _holds(scale: tuple[float, float], low: float, high: float) -> bool:
    return scale[0] <= low and high <= scale[1]
