"""Tables of ratings or films in text files of unknown form: separator, header and types guessed."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.tables.columns import Columns
from matinee.data.tables.delimited import blocks_of
from matinee.data.tables.layout import Block, Layout, Quotes, Table
from matinee.data.tables.lines import BLOCK, FALLBACK_ENCODING, Lines, first_lines, lines_of
from matinee.errors import DataError

__all__ = ["text_table"]

_SAMPLE = 200
"""Lines that the form is guessed from."""
_SEPARATORS = (",", "\t", ";", "|", "::")
_UNQUOTED = ("::", " ")
_SOMETIMES_QUOTED = ("\t", "|")
_STATED = re.compile(r"sep=(.)")
"""The first line of some spreadsheets."""
_MOST = 0.7
"""Share of lines that must have as many words as the others to be rows between blanks."""
_MOST_ABOVE = 10
"""Lines above a table that do not belong to it."""
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_WHOLE = re.compile(r"0|[1-9]\d{0,17}")
_SHORT = re.compile(r"0|[1-9]\d{0,8}")


@dataclass(frozen=True)
class _Form:
    """How a file spells a table, as its first lines suggest.

    Attributes:
        separator: between fields.
        names: of the columns; "1", "2" ... if they have none.
        has_names: whether `names` are names.
        above: the lines above the rows: what does not belong to the table, and the header.
        title: what does not belong to the table, for the report.
        fields: the first fields of each column.
        blank: how many of the last columns have no name.
    """

    separator: str
    names: tuple[str, ...]
    has_names: bool
    above: int
    title: str
    fields: Mapping[str, Sequence[str]]
    blank: int


def text_table(file: Path, size: int = BLOCK) -> Table:
    """A file of separated values whose form is guessed; it is read `size` bytes at a time."""
    first, lines = _beginning(file, size)
    form = _form(file, lines)
    quotes = Quotes.ACROSS_LINES
    if form.separator in _UNQUOTED:
        quotes = Quotes.NONE
    elif form.separator in _SOMETIMES_QUOTED:
        quotes = _quotes_of(file, form.separator, len(form.names))

    def blocks(columns: Columns, cleaning: Cleaning) -> Iterator[Block]:
        if form.title:
            cleaning.count("lines above the table passed over", example=f"{file}: {form.title}")
        layout = Layout(
            _types(form.fields, columns),
            form.separator,
            quotes,
            header=form.above,
            otherwise=FALLBACK_ENCODING,
            guessed=True,
            blank=form.blank,
        )
        return blocks_of(file, layout, cleaning, columns.names, size=size)

    height = first.height * file.stat().st_size // len(first.text)  # too low for a packed file
    return Table(str(file), form.names, blocks, form.has_names, height)


def _form(file: Path, lines: Sequence[str]) -> _Form:
    stated = _STATED.fullmatch(lines[0].strip())
    candidates: Sequence[str] = (stated[1],) if stated else _SEPARATORS
    sample = lines[1:] if stated else lines
    separator, records = _parsed_best(sample, candidates)
    if not _regularity(records)[0] and not stated:
        by_blanks = _parsed(sample, " ")
        if len(by_blanks[0]) > 2 and _regularity(by_blanks)[1] > _MOST:
            separator, records = " ", by_blanks
    width = Counter(map(len, records[1:] or records)).most_common(1)[0][0]
    above = 0
    while width > 1 and len(records) - above > 1 and _is_title(records[above], width):
        above += 1
    title = f"{sample[0][:40]!r}" if above else ""
    head, rows = records[above], records[above + 1 :]
    if max(width, len(head)) == 1 or above > _MOST_ABOVE:
        raise DataError(
            f"{file}, line 1: one column only; separate columns by a comma, a tab, a semicolon, "
            "a bar or two colons"
        )
    has_names = not any(map(_NUMBER.fullmatch, head))
    if has_names and len(head) < width:
        # Row names of R have no header; spreadsheets leave empty fields behind the last one.
        surplus = [record[len(head) :] for record in rows if len(record) == width]
        blank = not any(field.strip() for fields in surplus for field in fields)
        missing = [""] * (width - len(head))
        head = [*head, *missing] if blank else [*missing, *head]
    numbered = not has_names and _is_numbered(head, rows)
    names = _names(file, head) if has_names else tuple(map(str, range(1, len(head) + 1)))
    if numbered:
        title = f"the header {separator.join(head)!r}, which names no column"
    headed = has_names or numbered
    usable = [record for record in records[above + headed :] if len(record) == len(names)]
    fields = {name: [record[at] for record in usable] for at, name in enumerate(names)}
    nameless = len(list(takewhile(lambda name: not name.strip(), reversed(head))))
    above += headed + bool(stated)
    return _Form(separator, names, has_names, above, title, fields, nameless)


def _is_title(record: Sequence[str], width: int) -> bool:
    """Whether a line above a table is not its header: one field alone, or a remark."""
    return len([field for field in record if field.strip()]) <= 1 < width - 1 or (
        record[0].lstrip().startswith("#") and len(record) != width
    )


def _is_numbered(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first line is pandas's header 0, 1, 2 ... and not a row like the others."""
    counted = [field.strip() for field in head] == list(map(str, range(len(head))))
    return counted and len(rows) > 0 and all(row[0].strip() != "0" for row in rows if row)


def _names(file: Path, head: Sequence[str]) -> tuple[str, ...]:
    """The names of a header; a column without one is called by its place."""
    names = [name.strip() or f"column {at}" for at, name in enumerate(head, start=1)]
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"{file}, line 1: two columns are called {name!r}; rename one")
    return tuple(names)


def _quotes_of(file: Path, separator: str, width: int) -> Quotes:
    """Whether quotes enclose fields, looked up in the whole file: many tools write them as text."""

    def texts() -> Generator[str]:
        for lines in lines_of(file, Cleaning(), otherwise=FALLBACK_ENCODING):
            yield lines.text.decode("utf-8", "replace")

    with closing(texts()) as blocks:
        if not any('"' in text for text in blocks):
            return Quotes.NONE
    of_record: list[str] = []

    def lines(blocks: Iterable[str]) -> Iterator[str]:
        for text in blocks:
            for line in text.removesuffix("\n").split("\n"):
                of_record.append(line)
                yield line + "\n"

    with closing(texts()) as blocks:
        try:
            for record in csv.reader(lines(blocks), delimiter=separator, strict=True):
                if _is_swallowed(record, of_record, separator, width):
                    return Quotes.NONE
                of_record.clear()
        except csv.Error:
            return Quotes.NONE
    return Quotes.ACROSS_LINES


def _is_swallowed(record: list[str], lines: Sequence[str], separator: str, width: int) -> bool:
    """Whether a quote that opens nothing made a field of several, or one record of several."""
    if len(record) != width:
        return any(separator in field or "\n" in field for field in record)
    return len(lines) > 1 and all(line.count(separator) == width - 1 for line in lines)


def _beginning(file: Path, size: int) -> tuple[Lines, list[str]]:
    """The first block of a file, and its first lines that are not blank."""
    first = first_lines(file, otherwise=FALLBACK_ENCODING, quotes=True, size=size)
    lines = [line for line in first.text[: 1 << 20].split(b"\n")[:_SAMPLE] if line.strip()]
    if b"\0" in first.text[: 1 << 16]:
        raise DataError(f"{file} is not a text file; give CSV, TSV, JSON lines or Parquet")
    head = first.text[: 1 << 16].rstrip(b"\n")
    if head.count(b"\r") > head.count(b"\n"):  # those that are left are not before line feeds
        raise DataError(
            f"{file}: lines end in a carriage return alone, or there is one line only; "
            "save it with line feeds and at least one row"
        )
    if not lines:
        raise DataError(f"{file} is empty; a table of ratings has a viewer and a film a line")
    return first, [line.decode("utf-8", "replace") for line in lines]


def _types(fields: Mapping[str, Sequence[str]], columns: Columns) -> dict[str, type[pl.DataType]]:
    """The type of each column as its first fields suggest it: text if they suggest nothing."""
    types: dict[str, type[pl.DataType]] = dict.fromkeys(fields, pl.String)
    for name in (columns.user, columns.item, columns.time):
        if name and fields[name] and all(map(_WHOLE.fullmatch, fields[name])):
            short = name != columns.time and all(map(_SHORT.fullmatch, fields[name]))
            types[name] = pl.Int32 if short else pl.Int64
    if columns.value:
        types[columns.value] = pl.Float32
    return types


def _parsed_best(lines: Sequence[str], separators: Sequence[str]) -> tuple[str, list[list[str]]]:
    """The separator whose records look most like rows of a table, and the records."""
    return max(
        ((each, _parsed(lines, each)) for each in separators),
        key=lambda guess: _regularity(guess[1]),
    )


def _parsed(lines: Sequence[str], separator: str) -> list[list[str]]:
    if separator in _UNQUOTED:
        stripped = map(str.strip, lines)
        return [line.split() if separator == " " else line.split(separator) for line in stripped]
    text = "\n".join(lines)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)) or [[""]]
    except csv.Error:
        return [[""]]


def _regularity(sample: list[list[str]]) -> tuple[bool, float, int]:
    """How much records look like rows of a table."""
    width, count = Counter(map(len, sample)).most_common(1)[0]
    return width > 1, count / len(sample), width
