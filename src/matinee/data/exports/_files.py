"""The files of an export, and CSV as sites and spreadsheets write it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from matinee.data.cleaning import Cleaning
from matinee.data.tables.records import quoted_records
from matinee.errors import DataError

__all__ = ["ExportFile", "Record"]

_LARGEST = 256 << 20
_HEAD = 1 << 16
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Record:
    """One row of a table: its first line in the file, and its fields by column, stripped."""

    line: int
    fields: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields.get(column, "")


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
            raise DataError(f"{self.label} cannot be read: {error.strerror or error}") from None
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
            raise DataError(f"{self.label} cannot be read: {error.strerror or error}") from None
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

    def records(self, cleaning: Cleaning) -> Iterator[Record]:
        """The rows below the header; malformed ones are left out and counted.

        Raises:
            DataError: a quote never closes, or more lines are malformed than `cleaning` allows.
        """
        width = len(self.columns)
        for line, fields in quoted_records(self.label, self.text, self._separator, cleaning):
            if line == 1 or not any(fields):
                continue
            if len(fields) != width:
                reason = f"{len(fields)} fields instead of {width}"
                cleaning.bad_line(self.label, line, reason)
                continue
            stripped = (field.strip() for field in fields)
            yield Record(line, dict(zip(self.columns, stripped, strict=True)))

    @property
    def _separator(self) -> str:
        """The most frequent one in the first line: spreadsheets of some countries write ";"."""
        header = self.head.partition("\n")[0]
        return max(",;\t", key=header.count)


def _encoding(content: bytes) -> str:
    return "utf-16" if content.startswith(_UTF_16) else "utf-8"
