"""Delimited text record by record: the slow half of the reader, which names every defect."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.tables.layout import Block, Layout, Quotes, Types
from matinee.data.tables.lines import Lines
from matinee.errors import DataError

__all__ = ["quoted_records", "read_records"]

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NUMBERS: Mapping[type[pl.DataType], tuple[re.Pattern[str], str]] = {
    pl.Int32: (re.compile(r"[+-]?[0-9]{1,9}"), "a whole number of at most nine digits"),
    pl.Int64: (re.compile(r"[+-]?[0-9]{1,18}"), "a whole number"),
    pl.Float32: (_NUMBER, "a number"),
    pl.Float64: (_NUMBER, "a number"),
}


def read_records(
    file: Path, rows: Lines, layout: Layout, columns: Sequence[str], cleaning: Cleaning
) -> Block:
    """The rows record by record; malformed ones are left out and named by their line."""
    rows_as_text: list[list[str]] = []
    lines: list[int] = []
    width, types = len(layout.types), layout.types
    numbers = [] if layout.guessed else [i for i, t in enumerate(types.values()) if t in _NUMBERS]
    for line, record in _records(file, rows, layout.separator, layout.quotes, cleaning):
        fields = _joined(record, layout) if layout.open_column else record
        if layout.guessed and len(fields) > width and not any(map(str.strip, fields[width:])):
            fields = fields[:width]  # as spreadsheets leave them
        if layout.guessed and 0 < width - len(fields) <= layout.blank:
            fields = [*fields, *[""] * (width - len(fields))]
        for at in numbers if len(fields) == width else ():
            fields[at] = fields[at].strip()
        if not any(field.strip() for field in fields) and (layout.guessed or len(fields) < width):
            if layout.guessed:
                cleaning.count("empty lines left out", example=f"{file}, line {line}: empty")
        elif reason := _reason(types, fields, numbers):
            cleaning.bad_line(file, line, reason)
        else:
            rows_as_text.append(fields)
            lines.append(line)
    frame = pl.DataFrame(rows_as_text, schema=dict.fromkeys(types, pl.String), orient="row")
    if not layout.guessed:
        frame = frame.cast(pl.Schema(types))
    return Block(frame.select(columns), np.array(lines, dtype=np.int64))


def quoted_records(
    file: Path | str, text: str, separator: str, cleaning: Cleaning, first: int = 1
) -> Iterator[tuple[int, list[str]]]:
    """Records one by one with their first line; a misplaced quote makes a malformed line.

    Quoted fields may contain line ends. A carriage return ends a line, as a line feed does; `first`
    is the line that the text begins on.

    Raises:
        DataError: a quote never closes, or more lines are malformed than `cleaning` allows.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = first + reader.line_num
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "end of data" in str(error) or "limit" in str(error):
                raise DataError(
                    f"{file}, line {line}: a quote opens here and never closes; "
                    "close it or remove it"
                ) from None
            cleaning.bad_line(file, line, f"a misplaced quote ({error})")


def _records(
    file: Path, lines: Lines, separator: str, quotes: Quotes, cleaning: Cleaning
) -> Iterator[tuple[int, list[str]]]:
    """Records one by one with their line; text that is not UTF-8 is a malformed line."""
    if quotes is Quotes.ACROSS_LINES:
        yield from quoted_records(file, lines.text.decode(), separator, cleaning, lines.first)
        return
    for number, raw in enumerate(lines.text.removesuffix(b"\n").split(b"\n"), start=lines.first):
        try:
            line = raw.decode()
        except UnicodeDecodeError:
            cleaning.bad_line(file, number, "not UTF-8 text")
            continue
        if separator == " ":
            yield number, line.split()
        elif quotes is Quotes.NONE:
            yield number, line.split(separator)
        else:
            # The csv module takes a carriage return for a line end and refuses what follows it.
            reader = csv.reader([line.replace("\r", " ")], delimiter=separator)
            try:
                yield number, next(reader, [""])
            except csv.Error as error:
                cleaning.bad_line(file, number, str(error))


def _joined(record: list[str], layout: Layout) -> list[str]:
    """The record with the fields of the open column put together again."""
    surplus = len(record) - len(layout.types)
    if surplus <= 0:
        return record
    at = list(layout.types).index(layout.open_column)
    whole = layout.separator.join(record[at : at + surplus + 1])
    return [*record[:at], whole, *record[at + surplus + 1 :]]


def _reason(types: Types, fields: Sequence[str], numbers: Sequence[int]) -> str:
    """Why a record is malformed; "" if it is not."""
    if len(fields) != len(types):
        return f"{len(fields)} fields instead of {len(types)}"
    columns = list(types.items())
    for at in numbers:
        name, dtype = columns[at]
        pattern, expected = _NUMBERS[dtype]
        if not pattern.fullmatch(fields[at]):
            return f"{name} is {fields[at]!r}, not {expected}"
    return ""
