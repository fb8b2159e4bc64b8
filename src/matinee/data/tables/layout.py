"""Tables as their readers see them, and how text files spell them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.data.tables.columns import Columns
from matinee.data.tables.lines import first_lines
from matinee.errors import DataError

__all__ = ["Block", "Layout", "Quotes", "Table", "Types", "header_of", "layout_of_texts"]
__all__ += ["table_of_frame"]

Types: TypeAlias = Mapping[str, type[pl.DataType]]
"""Columns in the order of the file: `String`, `Int32`, `Int64`, `Float32` or `Float64`."""

_HEADER = 1 << 16
"""Longest header, and bytes read to find it."""
_ROWS = 1 << 21
"""Rows of a frame per block."""


class Quotes(Enum):
    """What double quotes mean."""

    NONE = auto()
    """A character like any other."""
    WITHIN_LINES = auto()
    """They enclose fields, and no field crosses a line end: a stray quote costs one line."""
    ACROSS_LINES = auto()
    """They enclose fields, which may contain line ends."""


@dataclass(frozen=True)
class Layout:
    """How a text file spells a table.

    Attributes:
        types: its columns.
        separator: one or more characters between fields; a blank stands for any number of them.
        quotes: what double quotes mean.
        header: how many lines, blank ones apart, stand above the rows: 1 names the columns.
        otherwise: encoding of a file that is not UTF-8; `None` makes such lines malformed.
        open_column: a column that may contain the separator without quotes; "" for none.
        guessed: whether `types` are a guess. A block that breaks a guess comes as text; otherwise
            a line that breaks them is malformed.
        blank: how many of the last columns have no name and may be missing.
    """

    types: Types
    separator: str
    quotes: Quotes = Quotes.NONE
    header: int = 0
    otherwise: str | None = None
    open_column: str = ""
    guessed: bool = False
    blank: int = 0

    def of_text(self) -> Layout:
        """The same with whole numbers as text, which keeps their leading zeros."""
        whole = (pl.Int32, pl.Int64)
        types = {name: pl.String if type_ in whole else type_ for name, type_ in self.types.items()}
        return replace(self, types=types)


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
        """The rows for which an expression does not hold; the others are malformed lines."""
        mask = self.frame.select(wrong).to_series().fill_null(value=False)
        for row in mask.arg_true().to_list():
            cleaning.bad_line(file, self.line(row), reason)
        return self.where(~mask)


def header_of(file: Path, separator: str) -> tuple[str, ...]:
    """The fields of the first line; none if the file is empty."""
    first = first_lines(file, otherwise="latin-1", size=_HEADER)
    line = first.text.partition(b"\n")[0].decode()[:_HEADER].replace("\r", " ")
    if separator == "\t":  # files with tabs have no quotes
        return tuple(line.split("\t")) if line else ()
    return tuple(next(csv.reader([line], delimiter=separator), []))


def layout_of_texts(file: Path, separator: str, needed: Iterable[str] = ()) -> Layout:
    """The layout of a file with a header and without quotes, all columns as text."""
    names = header_of(file, separator)
    if not names:
        raise DataError(f"{file} is empty; its first line must name the columns")
    if len(set(names)) != len(names) or not all(names):
        raise DataError(
            f"{file}, line 1: column names must differ and not be empty, not {[*names]}"
        )
    for name in needed:
        if name not in names:
            raise DataError(f"{file}, line 1: there is no column {name}")
    return Layout(dict.fromkeys(names, pl.String), separator, header=1)


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
    """A table in memory; row 1 is line 1. Lists of genres are joined by bars."""

    def blocks(columns: Columns, _: Cleaning) -> Iterator[Block]:
        chosen = frame.select(columns.names)
        if columns.genres and chosen[columns.genres].dtype == pl.List(pl.String):
            chosen = chosen.with_columns(pl.col(columns.genres).list.join("|"))
        for name, dtype in chosen.schema.items():
            if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
                raise DataError(f"{source}: column {name!r} holds {dtype}, not numbers or text")
        for start in range(0, chosen.height, _ROWS):
            yield Block(chosen.slice(start, _ROWS), start + 1)

    return Table(source, tuple(frame.columns), blocks, height=frame.height)
