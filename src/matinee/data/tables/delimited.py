"""The one reader of delimited text.

A block of lines goes through polars with the types of its layout. A block that does not fit them is
read again, record by record, so that every defect has its line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.tables.layout import Block, Layout, Quotes
from matinee.data.tables.lines import BLOCK, Lines, lines_of
from matinee.data.tables.records import read_records

__all__ = ["blocks_of", "read_table"]


def blocks_of(
    file: Path,
    layout: Layout,
    cleaning: Cleaning,
    columns: Collection[str] | None = None,
    *,
    size: int = BLOCK,
) -> Iterator[Block]:
    """The rows of a file, plain or gzip, in blocks of `size` bytes; malformed lines are left out.

    All columns by default. At least one block, so that the columns of a file without rows are
    known.

    Raises:
        DataError: the file cannot be read, or more lines are malformed than `cleaning` allows.
    """
    names = [name for name in layout.types if columns is None or name in columns]
    across = layout.quotes is Quotes.ACROSS_LINES
    numbers = layout.separator if layout.guessed else ""
    empty, above = True, int(layout.header)
    for lines in lines_of(
        file, cleaning, otherwise=layout.otherwise, quotes=across, size=size, numbers=numbers
    ):
        rows = lines
        while above and rows.text.strip():
            rows, above = _below_line(rows), above - 1
        if rows.text:
            frame = _fast(rows, layout.of_text() if rows.padded else layout, names)
            if frame is None:
                yield read_records(file, rows, layout, names, cleaning)
            else:
                yield Block(frame, rows.first)
            empty = False
    if empty:
        yield Block(pl.DataFrame(schema={name: layout.types[name] for name in names}), 1)


def read_table(file: Path, layout: Layout, cleaning: Cleaning) -> Block:
    """All rows of a file as one block."""
    blocks = list(blocks_of(file, layout, cleaning))
    if len(blocks) == 1:
        return blocks[0]
    frame = pl.concat([block.frame for block in blocks])
    return Block(frame, np.concatenate([block.line_numbers for block in blocks]))


def _below_line(lines: Lines) -> Lines:
    """The lines below the first one that is not blank."""
    start = len(lines.text) - len(lines.text.lstrip())
    end = lines.text.find(b"\n", start) + 1
    above = lines.text.count(b"\n", 0, end)
    return lines._replace(
        first=lines.first + above, text=lines.text[end:], height=lines.height - above
    )


def _fast(rows: Lines, layout: Layout, columns: Sequence[str]) -> pl.DataFrame | None:
    """The rows as polars reads them, one per line; `None` where a line may be malformed."""
    text, separator = rows.text, layout.separator
    if separator == " ":
        text = re.sub(rb"(?m)^ +| +$", b"", re.sub(rb" {2,}", b" ", text))
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
