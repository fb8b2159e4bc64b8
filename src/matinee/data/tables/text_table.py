"""Tables of ratings or films in text files of unknown form: separator, header and types guessed."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.tables.block import Block
from matinee.data.tables.columns import Columns
from matinee.data.tables.delimited import blocks_of
from matinee.data.tables.layout import Layout, Quotes
from matinee.data.tables.lines import BLOCK, FALLBACK_ENCODING, Lines, lines_of
from matinee.errors import DataError

__all__ = ["TextTable"]

_SAMPLE = 200
"""Lines that the form is guessed from."""
_SEPARATORS = (",", "\t", ";", "|")
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_WHOLE = re.compile(r"0|[1-9]\d{0,17}")
_SHORT = re.compile(r"0|[1-9]\d{0,8}")


@dataclass(frozen=True)
class TextTable:
    """A file of separated values.

    Attributes:
        file: where it is.
        separator: one character.
        names: its columns; "1", "2" ... in a file without a header.
        has_names: whether the first line is a header.
        sample: the first records below it.
        height: about how many rows it has, judging by the first block; too low if it is packed.
        size: bytes read at a time.
    """

    file: Path
    separator: str
    names: tuple[str, ...]
    has_names: bool
    sample: tuple[tuple[str, ...], ...]
    height: int
    size: int = BLOCK

    @property
    def source(self) -> str:
        return str(self.file)

    @classmethod
    def of(cls, file: Path, size: int = BLOCK) -> TextTable:
        """Guess the form of a file from its beginning.

        Raises:
            DataError: it cannot be read, or its beginning is no table.
        """
        beginning = lines_of(file, Cleaning(), otherwise=FALLBACK_ENCODING, quotes=True, size=size)
        block = next(beginning, Lines(1, b"", 0))
        first = block.text
        lines = [line for line in first[: 1 << 20].split(b"\n")[:_SAMPLE] if line.strip()]
        text = b"\n".join(lines).decode("utf-8", "replace")
        if b"\0" in first[: 1 << 16]:
            raise DataError(f"{file} is not a text file; give CSV, TSV, JSON lines or Parquet")
        if b"\r" in first and b"\n" not in first.rstrip():
            raise DataError(
                f"{file}: lines end in a carriage return alone, or there is one line only; "
                "save it with line feeds and at least one row"
            )
        if not text.strip():
            raise DataError(f"{file} is empty; a table of ratings has a viewer and a film a line")
        separator, sample = max(
            ((each, _parsed(text, each)) for each in _SEPARATORS),
            key=lambda guess: _regularity(guess[1]),
        )
        width = len(sample[0])
        if width < 2:
            raise DataError(
                f"{file}, line 1: one column only; "
                "separate columns by a comma, a tab, a semicolon or a bar"
            )
        has_names = not any(_NUMBER.fullmatch(field) for field in sample[0])
        names = [each.strip() for each in sample[0]] if has_names else map(str, range(1, width + 1))
        return cls(
            file,
            separator,
            _distinct(file, tuple(names)),
            has_names,
            tuple(map(tuple, sample))[has_names:],
            height=block.height * file.stat().st_size // len(first),
            size=size,
        )

    def blocks(self, columns: Columns, cleaning: Cleaning) -> Iterator[Block]:
        """The chosen columns, block by block; malformed lines are left out and counted."""
        layout = Layout(
            self._types(columns),
            self.separator,
            Quotes.ACROSS_LINES,
            header=self.has_names,
            otherwise=FALLBACK_ENCODING,
            guessed=True,
        )
        return blocks_of(self.file, layout, cleaning, columns.by_role.values(), size=self.size)

    def _types(self, columns: Columns) -> dict[str, type[pl.DataType]]:
        """The type of each column as the sample suggests it: text if it suggests nothing."""
        types: dict[str, type[pl.DataType]] = dict.fromkeys(self.names, pl.String)
        for name in (columns.user, columns.item, columns.time):
            if name and self._all(name, _WHOLE):
                types[name] = pl.Int32 if self._all(name, _SHORT) else pl.Int64
        if columns.rating:
            types[columns.rating] = pl.Float32
        if columns.time and types[columns.time] == pl.Int32:
            types[columns.time] = pl.Int64
        return types

    def _all(self, name: str, pattern: re.Pattern[str]) -> bool:
        at = self.names.index(name)
        fields = [record[at] for record in self.sample if len(record) == len(self.names)]
        return bool(fields) and all(pattern.fullmatch(field) for field in fields)


def _parsed(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)) or [[]]
    except csv.Error:
        return [[]]


def _regularity(sample: list[list[str]]) -> tuple[bool, float, int]:
    """How much records look like rows of a table."""
    width, count = Counter(map(len, sample)).most_common(1)[0]
    return width > 1, count / len(sample), width


def _distinct(file: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise DataError(f"{file}, line 1: two columns are called {repeated[0]!r}; rename one")
    return names
