"""A table of texts, and how it is printed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Table"]

_MOST = 20
"""Rows of a printed table."""
_ROOM = 900
"""Characters of a printed table: more hides what was printed before it."""


@dataclass(frozen=True)
class Table:
    """Cells in rows.

    The first cell of a row is its heading; `words` if cells are text rather than numbers.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: bool = False

    def text(self) -> str:
        """Aligned columns, two spaces apart; rows behind the first screen are counted."""
        lines = [self.columns, *self.rows[:_MOST]]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        printed = [self._line(line, widths) for line in lines]
        ends = list(itertools.accumulate(len(each) + 1 for each in printed))
        n_lines = max(2, sum(end <= _ROOM for end in ends))
        more = len(self.rows) - (len(printed[:n_lines]) - 1)
        return "\n".join(printed[:n_lines] + ([f"... and {more:,} more"] if more > 0 else []))

    def _line(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        left = [self.words or place == 0 for place in range(len(cells))]
        aligned = [
            cell.ljust(width) if to_left else cell.rjust(width)
            for cell, width, to_left in zip(cells, widths, left, strict=True)
        ]
        return "  ".join(aligned).rstrip()
