"""Reading the plain tables that data sets come as, with errors that name the line."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import polars as pl

from matinee.errors import DataError

__all__ = ["read_table", "read_text", "require"]

_PATTERNS: dict[type[pl.DataType], tuple[re.Pattern[str], str]] = {
    pl.Int64: (re.compile(r"[+-]?\d{1,18}"), "a whole number"),
    pl.Float64: (re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"), "a number"),
}
_ANYTHING = (re.compile(r".*"), "")


def read_text(file: Path, encoding: str = "utf-8") -> str:
    """The text of a file, every line end one newline, without blank lines at the end.

    Raises:
        DataError: the file is missing, unreadable or not in that encoding.
    """
    try:
        text = file.read_bytes().decode(encoding)
    except FileNotFoundError:
        raise DataError(f"there is no file {file}") from None
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise DataError(f"{file}, line {line}: not {encoding} text ({error.reason})") from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n")


def read_table(
    file: Path,
    columns: Mapping[str, type[pl.DataType]],
    *,
    separator: str,
    encoding: str = "utf-8",
    header: bool = False,
) -> pl.DataFrame:
    """A table of one line a row, without quoting; every line has all the columns.

    Args:
        file: what to read.
        columns: names and types (`pl.String`, `pl.Int64`, `pl.Float64`) in the file's order.
        separator: one character.
        encoding: of the file.
        header: whether the first line is names, which are not looked at.

    Raises:
        DataError: a malformed line; names file, line and reason.
    """
    text = read_text(file, encoding)
    body = text.partition("\n")[2] if header else text
    if not body:
        raise DataError(f"{file} holds no rows")
    try:
        frame = pl.read_csv(
            io.BytesIO(body.encode()),
            separator=separator,
            has_header=False,
            schema=dict(columns),
            quote_char=None,
        )
    except pl.exceptions.PolarsError as error:
        _name_the_line(file, body, columns, separator, 2 if header else 1, str(error))
    whole = body.count(separator) == (len(columns) - 1) * frame.height
    numbers = [name for name, dtype in columns.items() if dtype != pl.String]
    if not whole or any(frame[name].null_count() for name in numbers):
        _name_the_line(file, body, columns, separator, 2 if header else 1, "a line is malformed")
    return frame.with_columns(pl.col(pl.String).fill_null(""))


def require(
    frame: pl.DataFrame, file: Path, holds: pl.Expr, reason: str, first_line: int = 1
) -> None:
    """Refuse a table for its first row where an expression does not hold.

    Raises:
        DataError: names file, line and the reason.
    """
    rows = frame.select((~holds).arg_true()).to_series()
    if len(rows):
        raise DataError(f"{file}, line {rows[0] + first_line}: {reason}")


def _name_the_line(
    file: Path,
    body: str,
    columns: Mapping[str, type[pl.DataType]],
    separator: str,
    first_line: int,
    otherwise: str,
) -> NoReturn:
    """Find the line that polars refused, slowly: this only runs once something is wrong."""
    for number, line in enumerate(body.split("\n"), start=first_line):
        fields = line.split(separator)
        if len(fields) != len(columns):
            raise DataError(
                f"{file}, line {number}: {len(fields)} fields instead of {len(columns)}"
            )
        for (name, dtype), value in zip(columns.items(), fields, strict=True):
            pattern, called = _PATTERNS.get(dtype, _ANYTHING)
            if not pattern.fullmatch(value):
                raise DataError(f"{file}, line {number}: {name} is {value!r}, not {called}")
    raise DataError(f"{file} cannot be read: {otherwise.splitlines()[0]}")
