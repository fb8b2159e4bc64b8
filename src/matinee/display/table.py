"""A table of texts, and how it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Table"]


@dataclass(frozen=True)
class Table:
    """Cells in rows.

    The first cell of a row is its heading; `words` if cells are text rather than numbers.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: bool = False

    def text(self, most: int = 10) -> str:
        """Aligned columns, two spaces apart; rows behind the first `most` are counted."""
        lines = [self.columns, *self.rows[:most]]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        printed = [self._line(line, widths) for line in lines]
        more = len(self.rows) - most
        return "\n".join(printed + ([f"... and {more:,} more"] if more > 0 else []))

    def _line(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        left = [self.words or place == 0 for place in range(len(cells))]
        aligned = [
            cell.ljust(width) if to_left else cell.rjust(width)
            for cell, width, to_left in zip(cells, widths, left, strict=True)
        ]
        return "  ".join(aligned).rstrip()
