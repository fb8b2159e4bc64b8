"""External ids and the dense rows that index arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matinee.errors import DataError, UnknownNameError

__all__ = ["LONGEST_ID", "Vocabulary"]

LONGEST_ID = 128
"""Characters of the id of a viewer or film; the store takes no longer ones."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Ids of the rows 0..n-1, and the rows of ids.

    Attributes:
        kind: what the ids identify, for error messages: "film", "viewer".
        ids: `str[n]`, unique; the position is the row.
    """

    kind: str
    ids: NDArray[np.str_]

    @classmethod
    def of(cls, kind: str, ids: Iterable[object]) -> Vocabulary:
        """A vocabulary of ids, in their order.

        Raises:
            DataError: an id occurs twice.
        """
        texts = [str(each) for each in ids]
        vocabulary = cls(kind, np.array(texts, dtype=np.str_).reshape(len(texts)))
        if len(vocabulary._rows) != len(texts):
            seen: set[str] = set()
            for each in texts:
                plain = each.rstrip("\0")  # text in arrays cannot end in these
                if plain in seen:
                    raise DataError(f"{kind} id {each!r} occurs twice; ids must be unique")
                seen.add(plain)
        return vocabulary

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {each: row for row, each in enumerate(self.ids.tolist())}

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, each: object) -> bool:
        return each in self._rows

    def row(self, each: str) -> int:
        """Row of one id.

        Raises:
            UnknownNameError: an unknown id.
        """
        try:
            return self._rows[each]
        except KeyError:
            hint = f"there are {len(self):,} {self.kind} ids"
            if len(self):
                hint += f", {self.ids[0]!s} to {self.ids[-1]!s} in stored order"
            raise UnknownNameError(f"{self.kind} id", each, hint=hint) from None

    def rows(self, ids: Iterable[str]) -> NDArray[np.int32]:
        """Rows of many ids, `int32[n]`; raises as `row` for the first unknown one."""
        return np.array([self.row(each) for each in ids], dtype=np.int32)

    def extended(self, ids: Iterable[str]) -> Vocabulary:
        """The same rows, and behind them one for each further id; itself if there is none."""
        further = [each for each in dict.fromkeys(ids) if each not in self]
        return Vocabulary.of(self.kind, [*self.ids.tolist(), *further]) if further else self
