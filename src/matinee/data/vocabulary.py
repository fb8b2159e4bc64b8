"""External ids and the dense rows that index arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matinee.display import formats
from matinee.errors import DataError, InputError, UnknownNameError

__all__ = ["LONGEST_ID", "Vocabulary", "id_text"]

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

    def __repr__(self) -> str:
        first = formats.several(self.ids[:4].tolist())
        return f"Vocabulary of {formats.count(len(self), self.kind)}: {first}"

    def __contains__(self, each: object) -> bool:
        return each in self._rows

    def row(self, each: str | int) -> int:
        """Row of one id; a whole number stands for its digits.

        Raises:
            UnknownNameError: an unknown id.
            InputError: neither text nor a whole number.
        """
        key = id_text(each, self.kind)
        try:
            return self._rows[key]
        except KeyError:
            hint = f"there are {len(self):,} {self.kind} ids"
            if len(self):
                hint += f", {self.ids[0]!s} to {self.ids[-1]!s} in stored order"
            raise UnknownNameError(f"{self.kind} id", key, hint=hint) from None

    def rows(self, ids: Iterable[str | int]) -> NDArray[np.int32]:
        """Rows of many ids, `int32[n]`; raises as `row` for the first unknown one."""
        return np.array([self.row(each) for each in ids], dtype=np.int32)

    def extended(self, ids: Iterable[str]) -> Vocabulary:
        """The same rows, and behind them one for each further id; itself if there is none."""
        further = [each for each in dict.fromkeys(ids) if each not in self]
        return Vocabulary.of(self.kind, [*self.ids.tolist(), *further]) if further else self


def id_text(value: object, kind: str) -> str:
    """An id as text: 196 and "196" are the same id.

    Raises:
        InputError: neither text nor a whole number.
    """
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return str(value)
    raise InputError(
        f'a {kind} id is text or a whole number, as "196" or 196, not {type(value).__name__}'
    )
