"""Arrays that grow block by block; ids in the order of a table, and their dense rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import DTypeLike, NDArray

from matinee.data.tables.missing import MISSING
from matinee.data.vocabulary import LONGEST_ID, Vocabulary

__all__ = ["GrowingArray", "IdColumn", "are_too_long", "id_texts", "ids_of"]

_DENSE_RANGE = 1 << 20
"""Ids over a range this wide, and four times their number, are looked up in a table."""


class GrowingArray:
    """An array that values are appended to, so that the blocks they came in can be freed.

    A full buffer moves to one of twice the size. The unwritten part of a buffer takes no memory.
    """

    def __init__(self, dtype: DTypeLike, capacity: int = 0) -> None:
        self._buffer: NDArray[Any] = np.empty(capacity, dtype=dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, values: pl.Series | NDArray[Any]) -> None:
        """Add numbers without nulls; a wider type than before widens the array."""
        if isinstance(values, pl.Series):
            # Chunk by chunk, because `to_numpy` of the whole column would first join a copy.
            for chunk in values.get_chunks():
                self.append(chunk.to_numpy())
            return
        end = self._length + len(values)
        dtype = np.promote_types(self._buffer.dtype, values.dtype)
        if end > len(self._buffer) or dtype != self._buffer.dtype:
            size = len(self._buffer) * (2 if end > len(self._buffer) else 1)
            buffer = np.empty(max(end, size), dtype=dtype)
            buffer[: self._length] = self._buffer[: self._length]
            self._buffer = buffer
        self._buffer[self._length : end] = values
        self._length = end

    def pop(self) -> NDArray[Any]:
        """All values `[n]` as an array without spare capacity; this object is empty afterwards."""
        array, self._buffer = self._buffer, np.empty(0, dtype=self._buffer.dtype)
        array.resize(self._length, refcheck=False)
        self._length = 0
        return array


class IdColumn:
    """Collects ids block by block: whole numbers as numbers until a block of text comes."""

    def __init__(self, kind: str, capacity: int = 0) -> None:
        self.kind = kind
        self._numbers = GrowingArray(np.int32, capacity)
        self._texts: list[pl.Series] = []

    def append(self, ids: pl.Series) -> None:
        """Add a block of ids from `ids_of`, without nulls."""
        if not len(ids):
            return
        if ids.dtype.is_integer() and not self._texts:
            self._numbers.append(ids)
            return
        if len(self._numbers):
            self._texts.append(pl.Series(self._numbers.pop()).cast(pl.String))
        self._texts.append(ids.cast(pl.String))

    def pop(self) -> tuple[NDArray[np.int32], Vocabulary]:
        """Rows `int32[n]` in a vocabulary, and the vocabulary; this object is empty afterwards.

        Numbers are in numerical order, texts in alphabetical order.
        """
        return self._coded_texts() if self._texts else self._coded_numbers()

    def _coded_texts(self) -> tuple[NDArray[np.int32], Vocabulary]:
        texts = pl.concat(self._texts, rechunk=True)
        self._texts.clear()
        ids = texts.unique().sort()
        codes = texts.cast(pl.Enum(ids)).to_physical().to_numpy().astype(np.int32)
        return codes, Vocabulary.of(self.kind, ids)

    def _coded_numbers(self) -> tuple[NDArray[np.int32], Vocabulary]:
        numbers = self._numbers.pop()
        low, high = int(numbers.min()), int(numbers.max())
        if high - low > 4 * len(numbers) + _DENSE_RANGE:
            sparse = pl.Series(numbers).unique().sort().to_numpy()
            rows = np.searchsorted(sparse, numbers).astype(np.int32)
            return rows, Vocabulary.of(self.kind, sparse.tolist())
        numbers -= low
        present = np.zeros(high - low + 1, dtype=np.bool_)
        present[numbers] = True
        ids = (np.flatnonzero(present) + low).tolist()
        if len(ids) == len(present):
            return numbers.astype(np.int32, copy=False), Vocabulary.of(self.kind, ids)
        row_of = (np.cumsum(present) - 1).astype(np.int32)
        return row_of[numbers], Vocabulary.of(self.kind, ids)


def ids_of(column: pl.Series) -> pl.Series:
    """Ids as whole numbers if all of them are, else as text; a missing id is null.

    A number with a fraction of zero is whole: tables with gaps often pass through floats. Text with
    leading zeros stays text. Words for "missing" are no ids.
    """
    if column.dtype.is_integer():
        return column if column.dtype in (pl.Int32, pl.Int64) else _signed(column)
    if column.dtype.is_float():
        column = column.fill_nan(None)
        whole = column.cast(pl.Int64, strict=False)
        if column.is_null().equals(whole.is_null()) and (whole.cast(column.dtype) == column).all():
            return whole
    texts = column.cast(pl.String).str.strip_chars()
    texts = texts.str.replace(r"^(0|[1-9][0-9]*)\.0+$", "$1")
    texts = texts.set(texts.is_in(["", *MISSING]), None)
    numbers = texts.str.contains(r"^(0|[1-9][0-9]{0,17})$")
    return texts.cast(pl.Int64) if numbers.all() and len(texts) else texts


def are_too_long(ids: pl.Series) -> pl.Series | None:
    """A mask of the ids from `ids_of` that nothing could store; `None` if there are none."""
    if ids.dtype != pl.String:
        return None
    mask = (ids.str.len_chars() > LONGEST_ID).fill_null(value=False)
    return mask if mask.any() else None


def id_texts(column: pl.Series) -> pl.Series:
    """Ids as text, as a vocabulary has them."""
    return ids_of(column).cast(pl.String)


def _signed(column: pl.Series) -> pl.Series:
    within = np.iinfo(np.int64)
    fits = (column.min() or 0) >= within.min and (column.max() or 0) <= within.max  # type: ignore[operator]
    return column.cast(pl.Int64 if fits else pl.String)
