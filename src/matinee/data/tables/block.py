"""Consecutive rows of a table with their lines."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning

__all__ = ["Block"]


class Block(NamedTuple):
    """Consecutive rows of a table.

    Attributes:
        frame: the rows. An empty text is ""; null where types are guessed.
        lines: the line of the first row where rows and lines go together, else the line of each.
    """

    frame: pl.DataFrame
    lines: int | NDArray[np.int64]

    def line(self, row: int) -> int:
        return self.lines + row if isinstance(self.lines, int) else int(self.lines[row])

    @property
    def line_numbers(self) -> NDArray[np.int64]:
        """The line of each row, `int64[n]`."""
        if isinstance(self.lines, int):
            return np.arange(self.lines, self.lines + self.frame.height)
        return self.lines

    def where(self, condition: pl.Expr | pl.Series) -> Block:
        """The rows for which a condition holds; null counts as false."""
        mask = self.frame.select(condition).to_series().fill_null(value=False)
        if mask.all():
            return self
        return Block(self.frame.filter(mask), self.line_numbers[mask.to_numpy()])

    def without(self, wrong: pl.Expr, file: Path, reason: str, cleaning: Cleaning) -> Block:
        """The rows for which an expression does not hold; the others are malformed lines.

        Raises:
            DataError: more lines are malformed than `cleaning` allows.
        """
        mask = self.frame.select(wrong).to_series().fill_null(value=False)
        for row in mask.arg_true().to_list():
            cleaning.bad_line(file, self.line(row), reason)
        return self.where(~mask)
