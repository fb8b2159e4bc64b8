"""Ids of viewers or films in the order of a table, and the dense rows they become."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.tables.growing_array import GrowingArray
from matinee.data.vocabulary import Vocabulary

__all__ = ["IdColumn"]


class IdColumn:
    """Collects ids a block at a time: whole numbers as such until a block of text comes.

    Args:
        kind: what the ids name, as in `Vocabulary`.
        room: how many are expected.
    """

    def __init__(self, kind: str, room: int = 0) -> None:
        self.kind = kind
        self._numbers = GrowingArray(np.int32, room)
        self._texts: list[pl.Series] = []

    def append(self, ids: pl.Series) -> None:
        """Add a block of ids as `ids_of` gives them, without nulls."""
        if not len(ids):
            return
        if ids.dtype.is_integer() and not self._texts:
            self._numbers.append(ids)
            return
        if len(self._numbers):
            self._texts.append(pl.Series(self._numbers.taken()).cast(pl.String))
        self._texts.append(ids.cast(pl.String))

    def coded(self) -> tuple[NDArray[np.int32], Vocabulary]:
        """Rows `int32[n]` in a vocabulary of the ids, and that; nothing is left here.

        Numbers come in their order, text in that of the alphabet.
        """
        return self._coded_texts() if self._texts else self._coded_numbers()

    def _coded_texts(self) -> tuple[NDArray[np.int32], Vocabulary]:
        texts = pl.concat(self._texts, rechunk=True)
        self._texts.clear()
        ids = texts.unique().sort()
        codes = texts.cast(pl.Enum(ids)).to_physical().to_numpy().astype(np.int32)
        return codes, Vocabulary.of(self.kind, ids)

    def _coded_numbers(self) -> tuple[NDArray[np.int32], Vocabulary]:
        numbers = self._numbers.taken()
        low, high = int(numbers.min()), int(numbers.max())
        if high - low > 4 * len(numbers) + (1 << 20):
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
