"""Columns whose length is not known until the last block of a file."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import DTypeLike, NDArray

__all__ = ["GrowingArray"]


class GrowingArray:
    """An array that values are appended to; the blocks they came in need not be kept.

    Where its room is full it moves to one of twice the size. Room that is not yet written to takes
    no memory.

    Args:
        dtype: of the values.
        room: how many are expected.
    """

    def __init__(self, dtype: DTypeLike, room: int = 0) -> None:
        self._room: NDArray[Any] = np.empty(room, dtype=dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, values: pl.Series | NDArray[Any]) -> None:
        """Add numbers without gaps; a wider type than before widens all."""
        # The chunks of a column are copied one by one: `to_numpy` would copy them together first.
        chunks = values.get_chunks() if isinstance(values, pl.Series) else [values]
        for chunk in chunks:
            self._append(chunk.to_numpy() if isinstance(chunk, pl.Series) else chunk)

    def _append(self, values: NDArray[Any]) -> None:
        end = self._length + len(values)
        dtype = np.promote_types(self._room.dtype, values.dtype)
        if end > len(self._room) or dtype != self._room.dtype:
            size = 2 * len(self._room) if end > len(self._room) else len(self._room)
            room = np.empty(max(end, size), dtype=dtype)
            room[: self._length] = self._room[: self._length]
            self._room = room
        self._room[self._length : end] = values
        self._length = end

    def taken(self) -> NDArray[Any]:
        """All values `[n]` as an array of its own, without room to spare; nothing is left here."""
        array, self._room = self._room, np.empty(0, dtype=self._room.dtype)
        array.resize(self._length, refcheck=False)
        self._length = 0
        return array
