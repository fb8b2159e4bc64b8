"""Reading files of any number of lines in bounded memory, a block of whole lines at a time."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.errors import DataError

__all__ = ["blocks", "leave_out", "tables"]

_BLOCK = 16 << 20
"""Bytes; some hundred thousand lines, enough that what polars costs a call does not show."""
_LONGEST_LINE = 64 << 20


def blocks(file: Path, size: int = _BLOCK) -> Iterator[tuple[int, bytes]]:
    """Whole lines of a file, plain or `.gz`: the number of the first one, and their bytes.

    Every line ends with one newline, also the last of a file that lacks it.

    Raises:
        DataError: the file is missing, unreadable, cut off, or no text (a line without end).
    """
    line, rest = 1, b""
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
            while piece := stream.read(size):
                whole, newline, rest = (rest + piece).rpartition(b"\n")
                if newline:
                    yield line, _unix(whole + newline)
                    line += whole.count(b"\n") + 1
                elif len(rest) > _LONGEST_LINE:
                    raise DataError(f"{file}, line {line}: longer than any line of text")
    except FileNotFoundError:
        raise DataError(f"there is no file {file}") from None
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{file} cannot be read: {reason}") from None
    if rest:
        yield line, _unix(rest + b"\n")


def tables(
    file: Path, separator: str, cleaning: Cleaning, size: int = _BLOCK
) -> Iterator[pl.DataFrame]:
    """The rows under a header, without quoting: text columns of the header's names, and `line`.

    At least one table comes, so that the columns are known of a file without rows too. Blank
    lines are passed over; lines with too few or too many fields go to `cleaning`.

    Raises:
        DataError: as `blocks`; no header, or one that repeats a name; too many malformed lines.
    """
    names: list[str] = []
    for line, block in blocks(file, size):
        body, first = block, line
        if not names:
            header, _, body = block.partition(b"\n")
            names, first = _names(file, header, separator), line + 1
        if body or first == 2:
            frame = _parsed(body, names, separator, first)
            yield (
                _repaired(file, body, names, separator, first, cleaning)
                if (frame is None)
                else frame
            )
    if not names:
        raise DataError(f"{file} is empty; its first line must name the columns")


def leave_out(
    frame: pl.DataFrame, wrong: pl.Expr, file: Path, reason: str, cleaning: Cleaning
) -> pl.DataFrame:
    """The rows where an expression does not hold; the others are malformed lines.

    Raises:
        DataError: they are more than `cleaning` allows.
    """
    mask = frame.select(wrong.fill_null(value=False)).to_series()
    for line in frame.filter(mask)["line"]:
        cleaning.bad_line(file, line, reason)
    return frame.filter(~mask)


def _unix(lines: bytes) -> bytes:
    return lines.replace(b"\r\n", b"\n")


def _names(file: Path, header: bytes, separator: str) -> list[str]:
    try:
        names = header.decode("utf-8-sig").split(separator)
    except UnicodeDecodeError:
        raise DataError(f"{file}, line 1: not utf-8 text") from None
    if len(set(names)) != len(names) or not all(names):
        raise DataError(f"{file}, line 1: the names of the columns must differ, not {names}")
    return names


def _parsed(body: bytes, names: Sequence[str], separator: str, first: int) -> pl.DataFrame | None:
    """The fast way; `None` where a line does not have the fields that it should have."""
    n_lines = body.count(b"\n")
    blank = body.startswith(b"\n") or b"\n\n" in body
    if blank or body.count(separator.encode()) != (len(names) - 1) * n_lines:
        return None
    if not body:
        return _numbered(pl.DataFrame(schema=dict.fromkeys(names, pl.String)), [])
    try:
        frame = pl.read_csv(
            io.BytesIO(body),
            separator=separator,
            has_header=False,
            schema=dict.fromkeys(names, pl.String),
            quote_char=None,
        )
    except pl.exceptions.PolarsError:
        return None
    if frame.height != n_lines:
        return None
    return _numbered(frame.with_columns(pl.all().fill_null("")), range(first, first + n_lines))


def _repaired(
    file: Path, body: bytes, names: Sequence[str], separator: str, first: int, cleaning: Cleaning
) -> pl.DataFrame:
    """The slow way, line by line: it only runs where a block has something wrong in it."""
    rows, lines = [], []
    for number, raw in enumerate(body.split(b"\n"), start=first):
        if not raw:
            continue
        try:
            fields = raw.decode().split(separator)
        except UnicodeDecodeError:
            cleaning.bad_line(file, number, "not utf-8 text")
            continue
        if len(fields) == len(names):
            rows.append(fields)
            lines.append(number)
        else:
            cleaning.bad_line(file, number, f"{len(fields)} fields instead of {len(names)}")
    return _numbered(
        pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row"), lines
    )


def _numbered(frame: pl.DataFrame, lines: Sequence[int]) -> pl.DataFrame:
    return frame.with_columns(pl.Series("line", lines, dtype=pl.Int64))
