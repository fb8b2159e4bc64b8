"""External ids and the dense rows that arrays are indexed by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matinee.errors import DataError, UnknownNameError

__all__ = ["Vocabulary"]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Ids of the rows 0..n-1 of one kind of thing, and the way back.

    Attributes:
        kind: what the ids name, in the singular, as error messages say it ("film", "viewer").
        ids: `str[n]`, all different; position is the row.
    """

    kind: str
    ids: NDArray[np.str_]

    @classmethod
    def of(cls, kind: str, ids: Iterable[object]) -> Vocabulary:
        """A vocabulary of the given ids in the given order.

        Raises:
            DataError: an id stands twice.
        """
        as_text = [str(each) for each in ids]
        vocabulary = cls(kind, np.array(as_text, dtype=np.str_).reshape(len(as_text)))
        if len(vocabulary._rows) != len(as_text):
            seen: set[str] = set()
            for each in as_text:
                plain = each.rstrip("\0")  # arrays of text cannot end in these
                if plain in seen:
                    raise DataError(f"{kind} id {each!r} stands twice; ids must be unique")
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
            UnknownNameError: there is no such id.
        """
        try:
            return self._rows[each]
        except KeyError:
            hint = f"there are {len(self):,} {self.kind} ids"
            if len(self):
                hint += f", {self.ids[0]!s} to {self.ids[-1]!s} in stored order"
            raise UnknownNameError(f"{self.kind} id", each, hint=hint) from None

    def rows(self, ids: Iterable[str]) -> NDArray[np.int32]:
        """Rows of many ids, `int32[n]`; the first unknown one raises as in `row`."""
        return np.array([self.row(each) for each in ids], dtype=np.int32)
