"""An array that grows block by block."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import DTypeLike, NDArray

__all__ = ["GrowingArray"]


class GrowingArray:
    """An array that values are appended to, so that the blocks they came in can be freed.

    A full buffer moves to one of twice the size. The unwritten part of a buffer takes no memory.

    Args:
        dtype: of the values.
        capacity: expected number of values.
    """

    def __init__(self, dtype: DTypeLike, capacity: int = 0) -> None:
        self._buffer: NDArray[Any] = np.empty(capacity, dtype=dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, values: pl.Series | NDArray[Any]) -> None:
        """Add numbers without nulls; a wider type than before widens the array."""
        # Chunks of a column are copied one by one: `to_numpy` would first join them in a copy.
        chunks = values.get_chunks() if isinstance(values, pl.Series) else [values]
        for chunk in chunks:
            self._append(chunk.to_numpy() if isinstance(chunk, pl.Series) else chunk)

    def _append(self, values: NDArray[Any]) -> None:
        end = self._length + len(values)
        dtype = np.promote_types(self._buffer.dtype, values.dtype)
        if end > len(self._buffer) or dtype != self._buffer.dtype:
            size = 2 * len(self._buffer) if end > len(self._buffer) else len(self._buffer)
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
