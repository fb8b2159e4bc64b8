"""The tables of an export: CSV as sites and spreadsheets write it, and the values in its fields."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from matinee.data.cleaning import Cleaning
from matinee.data.exports.export import OwnRating
from matinee.data.tables.records import quoted_records
from matinee.errors import DataError

__all__ = ["ExportFile", "Record", "imdb_id", "plain_id", "rating", "seconds", "year"]

_LARGEST = 256 << 20
_HEAD = 1 << 16
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LATEST = 4_102_444_800
"""The year 2100."""


class Record(dict[str, str]):
    """One row of a table: its fields by column, stripped; "" for a column that is missing."""

    def __missing__(self, column: str) -> str:
        return ""


@dataclass(frozen=True)
class ExportFile:
    """One file of an export.

    Attributes:
        path: where it is.
        name: its path within the export, with forward slashes: "likes/films.csv".
        label: its name in messages, also as a member of a zip.
    """

    path: Path
    name: str
    label: str

    @cached_property
    def head(self) -> str:
        """The beginning of the text, to recognise a format; never an error of encoding."""
        try:
            with self.path.open("rb") as file:
                start = file.read(_HEAD)
        except OSError as error:
            raise self._unreadable(error) from None
        return start.decode(_encoding(start), errors="replace").lstrip("\ufeff")

    @cached_property
    def text(self) -> str:
        """The whole text, with its own line ends.

        Raises:
            DataError: unreadable, not UTF-8 (or UTF-16 with its mark), or too large.
        """
        try:
            if self.path.stat().st_size > _LARGEST:
                raise DataError(
                    f"{self.label} is larger than {_LARGEST:,} bytes, "
                    "so it is not one viewer's own ratings"
                )
            content = self.path.read_bytes()
        except OSError as error:
            raise self._unreadable(error) from None
        try:
            return content.decode(_encoding(content)).lstrip("\ufeff")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise DataError(
                f"{self.label}, line {line}: not UTF-8 text; save the file as UTF-8"
            ) from None

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names in the first row; empty if that is no row of a table."""
        if self.head.lstrip().startswith(("[", "{", "PK\x03\x04")):
            return ()
        try:
            reader = csv.reader(io.StringIO(self.head, newline=""), delimiter=self._separator)
            return tuple(name.strip() for name in next(reader, []))
        except csv.Error:
            return ()

    def own_ratings(
        self, cleaning: Cleaning, parse: Callable[[Record, str], OwnRating | None]
    ) -> Iterator[OwnRating]:
        """The films of a table; malformed rows are left out and reported to `cleaning`.

        `parse` translates a row, given its place for messages; `None` for a row that is no film. It
        raises `ValueError` with the reason if the row is malformed.

        Raises:
            DataError: a quote never closes, or more lines are malformed than `cleaning` allows.
        """
        width = len(self.columns)
        for line, fields in quoted_records(self.label, self.text, self._separator, cleaning):
            if line == 1 or not any(fields):
                continue
            try:
                if len(fields) != width:
                    raise ValueError(f"{len(fields)} fields instead of {width}")
                stripped = (field.strip() for field in fields)
                record = Record(zip(self.columns, stripped, strict=True))
                own = parse(record, f"{self.label}, line {line}")
            except ValueError as error:
                cleaning.bad_line(self.label, line, str(error))
            else:
                if own is not None:
                    yield own

    def _unreadable(self, error: OSError) -> DataError:
        return DataError(f"{self.label} cannot be read: {error.strerror or error}")

    @property
    def _separator(self) -> str:
        """The most frequent one in the first line: spreadsheets of some countries write ";"."""
        header = self.head.partition("\n")[0]
        return max(",;\t", key=header.count)


def _encoding(content: bytes) -> str:
    return "utf-16" if content.startswith(_UTF_16) else "utf-8"


def rating(text: str, scale: tuple[float, float]) -> float:
    """A rating on a scale, with a decimal point or comma; `ValueError` for other text."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if "_" in text or not scale[0] <= value <= scale[1]:
        raise ValueError(f"rating {text!r} is not a number from {scale[0]:g} to {scale[1]:g}")
    return value


def year(text: str) -> int | None:
    """A year of release; `None` for an empty field, `ValueError` for other text."""
    if not text:
        return None
    if not re.fullmatch(r"(?:18|19|20|21)\d\d(?:\.0)?", text, re.ASCII):
        raise ValueError(f"year {text!r} is not a year")
    return int(text[:4])


def imdb_id(text: str) -> str:
    """The id of "tt0114709", "114709" or an address, as "tt0114709"; "" without one."""
    match = re.search(r"tt(\d{1,9})\b", text, re.ASCII) or re.fullmatch(
        r"(\d{1,9})(?:\.0)?", text, re.ASCII
    )
    return f"tt{match[1].lstrip('0').zfill(7)}" if match and int(match[1]) else ""


def plain_id(text: str) -> str:
    """An id without the ".0" that spreadsheets add to numbers."""
    return text.removesuffix(".0")


def seconds(text: str, cleaning: Cleaning, place: str) -> int:
    """Unix seconds of an ISO date or time (in UTC without an offset) or of Unix seconds.

    Other text is reported to `cleaning` with its place in a file, and is 0, an unknown time: a
    rating without its time is still a rating.
    """
    if not text:
        return 0
    if re.fullmatch(r"\d{5,10}(?:\.\d*)?", text, re.ASCII):
        time = int(float(text))
    else:
        try:
            date = datetime.fromisoformat(text)
        except ValueError:
            time = -1
        else:
            time = int(date.replace(tzinfo=date.tzinfo or UTC).timestamp())
    if not 0 <= time <= _LATEST:
        cleaning.count(
            "unreadable times, treated as unknown",
            example=f"{place}: {text!r} is neither an ISO date from 1970 on nor Unix seconds",
        )
        return 0
    return time
