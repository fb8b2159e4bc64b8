"""Rows of ratings from anywhere, checked a block at a time and packed into arrays."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.data.tables.columns import Columns
from matinee.data.tables.growing_array import GrowingArray
from matinee.data.tables.id_column import IdColumn
from matinee.data.tables.rating_times import unix_seconds

__all__ = ["Block", "RatingRows", "id_texts", "ids_of"]

Block: TypeAlias = tuple[pl.DataFrame, int | NDArray[np.int64]]
"""Rows and their lines in the file: the first row's where they follow each other, or all."""


class RatingRows:
    """Collects blocks; what is wrong with a row is told by its line.

    Blocks are checked at once and copied in a thread, while the next one is parsed: fresh memory
    is slow to get. So rows are added inside `with`, and taken after it.

    Args:
        source: the file or frame, as messages call it.
        columns: which column says what.
        cleaning: is told.
        room: how many rows are expected.

    Attributes:
        users, items: ids.
        values: `float32`; ones where there is no rating column.
        times: `int64`, Unix seconds, 0 where unknown.
    """

    def __init__(self, source: str, columns: Columns, cleaning: Cleaning, room: int = 0) -> None:
        self.source = source
        self.columns = columns
        self.cleaning = cleaning
        self.users = IdColumn("viewer", room)
        self.items = IdColumn("film", room)
        self.values = GrowingArray(np.float32, room)
        self.times = GrowingArray(np.int64, room)
        self._lines: list[tuple[int, int | NDArray[np.int64]]] = []
        self._copier = ThreadPoolExecutor(max_workers=1)
        self._copied: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._copier.shutdown()
        if self._copied is not None:
            self._copied.result()

    def add(self, block: Block) -> None:
        """Check a block and keep what can be used.

        Raises:
            DataError: more rows are malformed than `cleaning` allows.
        """
        frame, lines = block
        frame, lines = self._without_empty(frame, lines)
        users = ids_of(frame[self.columns.user or ""])
        items = ids_of(frame[self.columns.item or ""])
        values = self._values(frame)
        finite = values.is_finite()
        if users.null_count() or items.null_count() or not finite.all(ignore_nulls=False):
            bad = users.is_null() | items.is_null() | ~finite.fill_null(value=False)
            for row in bad.arg_true().to_list():
                reason = self._reason(
                    frame, row, no_user=users[row] is None, no_item=items[row] is None
                )
                self.cleaning.bad_line(self.source, line_of(lines, row), reason)
            good = ~bad
            lines = numbered(lines, len(good))[good.to_numpy()]
            frame, users, items = frame.filter(good), users.filter(good), items.filter(good)
            values = values.filter(good)
        times = self._times(frame, lines)
        self._lines.append((frame.height, lines))
        if self._copied is not None:
            self._copied.result()
        self._copied = self._copier.submit(self._keep, users, items, values, times)

    def _keep(
        self, users: pl.Series, items: pl.Series, values: pl.Series, times: NDArray[np.int64]
    ) -> None:
        self.users.append(users)
        self.items.append(items)
        self.values.append(values)
        self.times.append(times)

    def line(self, row: int) -> int:
        """The line in the file of a row of all blocks together."""
        for height, lines in self._lines:
            if row < height:
                return line_of(lines, row)
            row -= height
        raise IndexError(row)

    def _without_empty(
        self, frame: pl.DataFrame, lines: int | NDArray[np.int64]
    ) -> tuple[pl.DataFrame, int | NDArray[np.int64]]:
        user = frame[self.columns.user or ""]
        if not user.null_count():
            return frame, lines
        empty = frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
        if not empty.any():
            return frame, lines
        first = int(empty.arg_true()[0])
        self.cleaning.found(
            "empty lines left out",
            int(empty.sum()),
            f"{self.source}, line {line_of(lines, first)}: empty",
        )
        return frame.filter(~empty), numbered(lines, frame.height)[~empty.to_numpy()]

    def _values(self, frame: pl.DataFrame) -> pl.Series:
        if self.columns.rating is None:
            return pl.repeat(1.0, frame.height, dtype=pl.Float32, eager=True)
        ratings = frame[self.columns.rating]
        if ratings.dtype == pl.String:
            ratings = ratings.str.strip_chars().str.replace(r"^(\d+),(\d+)$", "$1.$2")
        return ratings.cast(pl.Float32, strict=False)

    def _reason(self, frame: pl.DataFrame, row: int, *, no_user: bool, no_item: bool) -> str:
        if no_user:
            return "no viewer id"
        if no_item:
            return "no film id"
        value = frame[self.columns.rating or ""][row]
        if value is None or not str(value).strip():
            return "no rating"
        return f"rating {str(value)[:40]!r} is not a finite number"

    def _times(self, frame: pl.DataFrame, lines: int | NDArray[np.int64]) -> NDArray[np.int64]:
        if self.columns.time is None:
            return np.zeros(frame.height, dtype=np.int64)
        column = frame[self.columns.time]
        times, missing, impossible = unix_seconds(column)
        self.cleaning.found("ratings without a time, taken as unknown", int(missing.sum()))
        if impossible.any():
            first = int(np.flatnonzero(impossible)[0])
            example = (
                f"{self.source}, line {line_of(lines, first)}: "
                f"{str(column[first])[:40]!r} is no time"
            )
            self.cleaning.found(
                "impossible times, taken as unknown", int(impossible.sum()), example
            )
        return times


def line_of(lines: int | NDArray[np.int64], row: int) -> int:
    return lines + row if isinstance(lines, int) else int(lines[row])


def numbered(lines: int | NDArray[np.int64], n: int) -> NDArray[np.int64]:
    return np.arange(lines, lines + n) if isinstance(lines, int) else lines


def ids_of(column: pl.Series) -> pl.Series:
    """Ids as whole numbers where all of them are such, else as text; null where one is missing.

    A number with a fraction of zero is a whole number: tables with gaps often pass through floats.
    Text with leading zeros stays text.
    """
    if column.dtype.is_integer():
        return column if column.dtype in (pl.Int32, pl.Int64) else _narrow(column)
    if column.dtype.is_float():
        column = column.fill_nan(None)
        whole = column.cast(pl.Int64, strict=False)
        if column.is_null().equals(whole.is_null()) and (whole.cast(column.dtype) == column).all():
            return whole
    texts = column.cast(pl.String).str.strip_chars().str.replace(r"^(\d+)\.0+$", "$1")
    texts = texts.set(texts == "", None)
    numbers = texts.str.contains(r"^(0|[1-9]\d{0,17})$")
    return texts.cast(pl.Int64) if numbers.all() and len(texts) else texts


def id_texts(column: pl.Series) -> pl.Series:
    """Ids as the text that a vocabulary has of them."""
    return ids_of(column).cast(pl.String)


def _narrow(column: pl.Series) -> pl.Series:
    large = column.dtype == pl.UInt64 and (column.max() or 0) > np.iinfo(np.int64).max  # type: ignore[operator]
    return column.cast(pl.String if large else pl.Int64)
