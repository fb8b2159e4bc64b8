"""The one reader of delimited text.

A block of lines goes through polars with the types of its layout. A block that does not fit them is
read again, record by record, so that every defect has its line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.data.tables.lines import BLOCK, Lines, lines_of
from matinee.errors import DataError

__all__ = [
    "Block",
    "Layout",
    "Quotes",
    "Types",
    "blocks_of",
    "header_of",
    "layout_of_texts",
    "quoted_records",
    "read_table",
]

Types: TypeAlias = Mapping[str, type[pl.DataType]]
"""Columns in the order of the file: `String`, `Int32`, `Int64`, `Float32` or `Float64`."""

_HEADER = 1 << 16
"""Bytes read to find a header."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NUMBERS: Mapping[type[pl.DataType], tuple[re.Pattern[str], str]] = {
    pl.Int32: (re.compile(r"[+-]?[0-9]{1,9}"), "a whole number of at most nine digits"),
    pl.Int64: (re.compile(r"[+-]?[0-9]{1,18}"), "a whole number"),
    pl.Float32: (_NUMBER, "a number"),
    pl.Float64: (_NUMBER, "a number"),
}


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
        separator: one or more characters between fields.
        quotes: what double quotes mean.
        header: whether the first line names the columns.
        otherwise: encoding of a file that is not UTF-8; `None` makes such lines malformed.
        open_column: a column that may contain the separator without quotes; "" for none.
        guessed: whether `types` are a guess. A block that breaks a guess comes as text; otherwise
            a line that breaks them is malformed.
    """

    types: Types
    separator: str
    quotes: Quotes = Quotes.NONE
    header: bool = False
    otherwise: str | None = None
    open_column: str = ""
    guessed: bool = False


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


def blocks_of(
    file: Path,
    layout: Layout,
    cleaning: Cleaning,
    columns: Collection[str] | None = None,
    *,
    size: int = BLOCK,
) -> Iterator[Block]:
    """The rows of a file, block by block; malformed lines are left out and counted.

    Args:
        file: plain or gzip.
        layout: its form.
        cleaning: records malformed lines.
        columns: to read; all by default.
        size: bytes per block.

    Yields:
        At least one block, so that the columns of a file without rows are known.

    Raises:
        DataError: the file cannot be read, or more lines are malformed than `cleaning` allows.
    """
    names = [name for name in layout.types if columns is None or name in columns]
    across = layout.quotes is Quotes.ACROSS_LINES
    empty, headed = True, layout.header
    for lines in lines_of(file, cleaning, otherwise=layout.otherwise, quotes=across, size=size):
        rows = lines
        if headed and lines.text.strip():
            rows, headed = _below_header(lines), False
        if rows.text:
            frame = _fast(rows, layout, names)
            if frame is None:
                yield _slow(file, rows, layout, names, cleaning)
            else:
                yield Block(frame, rows.first)
            empty = False
    if empty:
        yield Block(pl.DataFrame(schema={name: layout.types[name] for name in names}), 1)


def read_table(file: Path, layout: Layout, cleaning: Cleaning) -> Block:
    """All rows of a file as one block.

    Raises:
        DataError: as `blocks_of`.
    """
    blocks = list(blocks_of(file, layout, cleaning))
    if len(blocks) == 1:
        return blocks[0]
    frame = pl.concat([block.frame for block in blocks])
    return Block(frame, np.concatenate([block.line_numbers for block in blocks]))


def header_of(file: Path, separator: str) -> tuple[str, ...]:
    """The fields of the first line; none if the file is empty.

    Raises:
        DataError: the file cannot be read.
    """
    first = next(lines_of(file, Cleaning(), otherwise="latin-1", size=_HEADER), Lines(1, b"", 0))
    line = first.text.partition(b"\n")[0].decode().replace("\r", " ")
    if separator == "\t":  # files with tabs have no quotes
        return tuple(line.split("\t")) if line else ()
    return tuple(next(csv.reader([line], delimiter=separator), []))


def layout_of_texts(file: Path, separator: str) -> Layout:
    """The layout of a file with a header and without quotes, all columns as text.

    Raises:
        DataError: the file cannot be read or is empty, a column has no name, or two have the same.
    """
    names = header_of(file, separator)
    if not names:
        raise DataError(f"{file} is empty; its first line must name the columns")
    if len(set(names)) != len(names) or not all(names):
        raise DataError(
            f"{file}, line 1: column names must differ and not be empty, not {[*names]}"
        )
    return Layout(dict.fromkeys(names, pl.String), separator, header=True)


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
        if quotes is Quotes.NONE:
            yield number, line.split(separator)
        else:
            # The csv module takes a carriage return for a line end and refuses what follows it.
            yield number, next(csv.reader([line.replace("\r", " ")], delimiter=separator), [""])


def quoted_records(
    file: Path | str, text: str, separator: str, cleaning: Cleaning, first: int = 1
) -> Iterator[tuple[int, list[str]]]:
    """Records one by one with their first line; a misplaced quote makes a malformed line.

    Quoted fields may contain line ends.

    Args:
        file: its name in messages.
        text: a carriage return ends a line, as a line feed does.
        separator: one character.
        cleaning: records malformed lines.
        first: the line that the text begins on.

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


def _below_header(lines: Lines) -> Lines:
    """The lines below the first one that is not blank."""
    start = len(lines.text) - len(lines.text.lstrip())
    end = lines.text.find(b"\n", start) + 1
    above = lines.text.count(b"\n", 0, end)
    return Lines(lines.first + above, lines.text[end:], lines.height - above)


def _fast(rows: Lines, layout: Layout, columns: Sequence[str]) -> pl.DataFrame | None:
    """The rows as polars reads them, one per line; `None` where a line may be malformed."""
    text, separator = rows.text, layout.separator
    if len(separator) > 1:  # polars knows separators of one byte
        if b"\t" in text:
            return None
        text, separator = text.replace(separator.encode(), b"\t"), "\t"
    names = list(layout.types)
    try:
        frame = pl.read_csv(
            text,
            has_header=False,
            schema=dict(layout.types),
            columns=[names.index(name) for name in columns],
            separator=separator,
            quote_char=None if layout.quotes is Quotes.NONE else '"',
        )
    except pl.exceptions.PolarsError:
        return None
    if frame.height != rows.height or not _is_complete(frame, text, separator, layout):
        return None
    return frame if layout.guessed else frame.with_columns(pl.col(pl.String).fill_null(""))


def _is_complete(frame: pl.DataFrame, text: bytes, separator: str, layout: Layout) -> bool:
    """Whether no number is missing and no line has too few fields."""
    for column in frame:
        if column.dtype != pl.String and column.null_count():
            return False
        if column.dtype.is_float() and not column.is_finite().all():
            return False
    # A line with too few fields leaves its last columns empty.
    last, quoted = list(layout.types)[-1], layout.quotes is not Quotes.NONE
    doubtful = frame[last].null_count() if last in frame.columns else not quoted
    if not doubtful:
        return True
    if quoted and b'"' in text:
        return False
    count = np.count_nonzero(np.frombuffer(text, dtype=np.uint8) == ord(separator))
    return bool(count == (len(layout.types) - 1) * frame.height)


def _slow(
    file: Path, rows: Lines, layout: Layout, columns: Sequence[str], cleaning: Cleaning
) -> Block:
    """The rows record by record; malformed ones are left out and named by their line."""
    rows_as_text: list[list[str]] = []
    lines: list[int] = []
    width, types = len(layout.types), layout.types
    numbers = [] if layout.guessed else [i for i, t in enumerate(types.values()) if t in _NUMBERS]
    for line, record in _records(file, rows, layout.separator, layout.quotes, cleaning):
        fields = _joined(record, layout) if layout.open_column else record
        for at in numbers if len(fields) == width else ():
            fields[at] = fields[at].strip()
        if not any(field.strip() for field in fields) and (layout.guessed or len(fields) < width):
            if layout.guessed:
                cleaning.found("empty lines left out", example=f"{file}, line {line}: empty")
        elif reason := _reason(types, fields, numbers):
            cleaning.bad_line(file, line, reason)
        else:
            rows_as_text.append(fields)
            lines.append(line)
    frame = pl.DataFrame(rows_as_text, schema=dict.fromkeys(types, pl.String), orient="row")
    if not layout.guessed:
        frame = frame.cast(pl.Schema(types))
    return Block(frame.select(columns), np.array(lines, dtype=np.int64))


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
