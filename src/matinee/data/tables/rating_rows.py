"""Rows of ratings, checked block by block and packed into arrays."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.data.tables.columns import Columns
from matinee.data.tables.delimited import Block
from matinee.data.tables.growing_array import GrowingArray
from matinee.data.tables.id_column import IdColumn, ids_of
from matinee.data.tables.lines import LineNumbers
from matinee.data.tables.rating_times import unix_seconds

__all__ = ["RatingRows"]


class RatingRows:
    """Collects blocks of rows; a malformed row is left out and named by its line.

    Blocks are checked at once and copied in a thread while the next one is parsed, because fresh
    memory is slow to get. Add rows inside `with`, read the attributes after it.

    Args:
        source: the file or frame, as messages call it.
        columns: the role of each column.
        cleaning: records what is left out or repaired.
        capacity: expected number of rows.

    Attributes:
        users, items: ids.
        values: `float32`; ones without a rating column.
        times: `int64`, Unix seconds, 0 if unknown.
        lines: the line of each row.
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
        self.lines = LineNumbers()
        self._copier = ThreadPoolExecutor(max_workers=1)
        self._copy: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._copier.shutdown()
        if self._copy is not None:
            self._copy.result()

    def add(self, block: Block) -> None:
        """Check a block and keep its usable rows.

        Raises:
            DataError: more rows are malformed than `cleaning` allows.
        """
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
        self.lines.append(block.frame.height, block.lines)
        if self._copy is not None:
            self._copy.result()
        self._copy = self._copier.submit(self._keep, users, items, values, times)

    def _keep(
        self, users: pl.Series, items: pl.Series, values: pl.Series, times: NDArray[np.int64]
    ) -> None:
        self.users.append(users)
        self.items.append(items)
        self.values.append(values)
        self.times.append(times)

    def _without_empty(self, block: Block) -> Block:
        if not block.frame[self.columns.user or ""].null_count():
            return block
        empty = block.frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
        if not empty.any():
            return block
        first = block.line(int(empty.arg_true()[0]))
        example = f"{self.source}, line {first}: empty"
        self.cleaning.found("empty lines left out", int(empty.sum()), example)
        return block.where(~empty)

    def _ids_and_values(self, frame: pl.DataFrame) -> tuple[pl.Series, pl.Series, pl.Series]:
        users, items = (
            ids_of(frame[self.columns.user or ""]),
            ids_of(frame[self.columns.item or ""]),
        )
        if self.columns.rating is None:
            return users, items, pl.repeat(1.0, frame.height, dtype=pl.Float32, eager=True)
        ratings = frame[self.columns.rating]
        if ratings.dtype == pl.String:
            ratings = ratings.str.strip_chars().str.replace(r"^(\d+),(\d+)$", "$1.$2")
        return users, items, ratings.cast(pl.Float32, strict=False)

    def _reason(self, frame: pl.DataFrame, row: int, *, user: object, item: object) -> str:
        if user is None:
            return "no viewer id"
        if item is None:
            return "no film id"
        value = frame[self.columns.rating or ""][row]
        if value is None or not str(value).strip():
            return "no rating"
        return f"rating {str(value)[:40]!r} is not a finite number"

    def _times(self, block: Block) -> NDArray[np.int64]:
        if self.columns.time is None:
            return np.zeros(block.frame.height, dtype=np.int64)
        column = block.frame[self.columns.time]
        times, missing, impossible = unix_seconds(column)
        self.cleaning.found("ratings without a time, taken as unknown", int(missing.sum()))
        if impossible.any():
            first = int(np.flatnonzero(impossible)[0])
            place = f"{self.source}, line {block.line(first)}"
            self.cleaning.found(
                "impossible times, taken as unknown",
                int(impossible.sum()),
                f"{place}: {str(column[first])[:40]!r} is no time",
            )
        return times
