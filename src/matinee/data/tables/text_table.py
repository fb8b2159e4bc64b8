"""Tables of ratings or films in text files of unknown form: separator, header and types guessed."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.tables.columns import Columns
from matinee.data.tables.delimited import blocks_of
from matinee.data.tables.layout import Block, Layout, Quotes, Table
from matinee.data.tables.lines import BLOCK, FALLBACK_ENCODING, Lines, first_lines
from matinee.errors import DataError

__all__ = ["text_table"]

_SAMPLE = 200
"""Lines that the form is guessed from."""
_SEPARATORS = (",", "\t", ";", "|")
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_WHOLE = re.compile(r"0|[1-9]\d{0,17}")
_SHORT = re.compile(r"0|[1-9]\d{0,8}")


def text_table(file: Path, size: int = BLOCK) -> Table:
    """A file of separated values whose form is guessed; it is read `size` bytes at a time."""
    first, text = _beginning(file, size)
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
    names = tuple(map(str.strip, sample[0]) if has_names else map(str, range(1, width + 1)))
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"{file}, line 1: two columns are called {name!r}; rename one")
    records = [record for record in sample[has_names:] if len(record) == width]
    fields = {name: [record[at] for record in records] for at, name in enumerate(names)}

    def blocks(columns: Columns, cleaning: Cleaning) -> Iterator[Block]:
        layout = Layout(
            _types(fields, columns),
            separator,
            Quotes.ACROSS_LINES,
            header=has_names,
            otherwise=FALLBACK_ENCODING,
            guessed=True,
        )
        return blocks_of(file, layout, cleaning, columns.names, size=size)

    height = first.height * file.stat().st_size // len(first.text)  # too low for a packed file
    return Table(str(file), names, blocks, has_names, height)


def _beginning(file: Path, size: int) -> tuple[Lines, str]:
    """The first block of a file, and its first lines that are not blank."""
    first = first_lines(file, otherwise=FALLBACK_ENCODING, quotes=True, size=size)
    lines = [line for line in first.text[: 1 << 20].split(b"\n")[:_SAMPLE] if line.strip()]
    text = b"\n".join(lines).decode("utf-8", "replace")
    if b"\0" in first.text[: 1 << 16]:
        raise DataError(f"{file} is not a text file; give CSV, TSV, JSON lines or Parquet")
    if b"\r" in first.text and b"\n" not in first.text.rstrip():
        raise DataError(
            f"{file}: lines end in a carriage return alone, or there is one line only; "
            "save it with line feeds and at least one row"
        )
    if not text.strip():
        raise DataError(f"{file} is empty; a table of ratings has a viewer and a film a line")
    return first, text


def _types(fields: Mapping[str, Sequence[str]], columns: Columns) -> dict[str, type[pl.DataType]]:
    """The type of each column as its first fields suggest it: text if they suggest nothing."""
    types: dict[str, type[pl.DataType]] = dict.fromkeys(fields, pl.String)
    for name in (columns.user, columns.item, columns.time):
        if name and fields[name] and all(map(_WHOLE.fullmatch, fields[name])):
            short = name != columns.time and all(map(_SHORT.fullmatch, fields[name]))
            types[name] = pl.Int32 if short else pl.Int64
    if columns.rating:
        types[columns.rating] = pl.Float32
    return types


def _parsed(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)) or [[]]
    except csv.Error:
        return [[]]


def _regularity(sample: list[list[str]]) -> tuple[bool, float, int]:
    """How much records look like rows of a table."""
    width, count = Counter(map(len, sample)).most_common(1)[0]
    return width > 1, count / len(sample), width
