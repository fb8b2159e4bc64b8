"""A table in any form, as the readers of ratings and films see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.tables.columns import Columns
from matinee.data.tables.layout import Block

__all__ = ["Table", "table_of_frame"]

_ROWS = 1 << 21
"""Rows of a frame per block."""


@dataclass(frozen=True)
class Table:
    """What all forms have in common.

    Attributes:
        source: the file or frame, as messages call it.
        names: its columns in order; "1", "2" ... if they have no names.
        blocks: at least the chosen columns, block by block; malformed lines are left out and
            counted.
        has_names: whether `names` are names.
        height: about how many rows it has, to reserve memory; 0 if unknown.
    """

    source: str
    names: tuple[str, ...]
    blocks: Callable[[Columns, Cleaning], Iterator[Block]]
    has_names: bool = True
    height: int = 0


def table_of_frame(source: str, frame: pl.DataFrame) -> Table:
    """A table in memory; row 1 is line 1."""

    def blocks(columns: Columns, _: Cleaning) -> Iterator[Block]:
        chosen = frame.select(columns.names)
        for start in range(0, chosen.height, _ROWS):
            yield Block(chosen.slice(start, _ROWS), start + 1)

    return Table(source, tuple(frame.columns), blocks, height=frame.height)
