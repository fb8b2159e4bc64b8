"""The files of an export: text, its records by column, and lists of JSON objects."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from matinee.data.cleaning import Cleaning
from matinee.data.exports._fields import Dated, with_times
from matinee.data.exports.export import OwnRating
from matinee.data.tables.lines import BLOCK, FALLBACK_ENCODING, Lines, lines_of
from matinee.data.tables.records import quoted_records
from matinee.errors import DataError

__all__ = ["ExportFile", "Record"]

_LARGEST = 256 << 20
_HEAD = 1 << 16
_SEPARATORS = ",;\t|"
_BETWEEN_OBJECTS = re.compile(r"[\s,]*")


class Record(dict[str, str]):
    """One row of a table: its fields by column, stripped; "" for one that is missing."""

    def __missing__(self, column: str) -> str:
        return ""


Parse = Callable[[Record, str], OwnRating | None]


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
        """The beginning of the text, to recognise a format.

        Raises:
            DataError: the file cannot be read.
        """
        with self._by_label(), closing(self._lines(Cleaning(), _HEAD)) as blocks:
            start = next(blocks, Lines(1, b"", 0))
        return start.text[:_HEAD].decode(errors="replace")

    @property
    def is_json(self) -> bool:
        """Whether it begins as a list of JSON, or as JSON objects one after the other."""
        return self.head.lstrip().startswith(("[", "{"))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names in the first row that is not blank, or the keys of the first JSON objects."""
        if self.is_json:
            return self._keys()
        try:
            reader = csv.reader(io.StringIO(self.head, newline=""), delimiter=self._separator)
            return tuple(next(filter(any, ([name.strip() for name in row] for row in reader)), ()))
        except csv.Error:
            return ()

    def text(self, cleaning: Cleaning) -> str:
        """The whole text; an encoding that had to be guessed is a finding.

        Raises:
            DataError: unreadable, or too large.
        """
        found, text = Cleaning(), bytearray()
        with self._by_label():
            for lines in self._lines(found):
                text += lines.text
                if len(text) > _LARGEST:
                    raise DataError(
                        f"{self.label} is larger than {_LARGEST:,} bytes, "
                        "so it is not one viewer's own ratings"
                    )
            with self.path.open("rb") as file:
                wide = file.read(2).count(0) == 1
        cleaning.count("files without a mark, read as UTF-16", int(wide), self.label)
        for finding in found.findings:
            cleaning.count(finding.kind, finding.count, self.label)
        return text.decode(errors="replace")

    def own_ratings(
        self, cleaning: Cleaning, parse: Parse, time: str = "", form: str | None = None
    ) -> list[OwnRating]:
        """The films of a table; malformed rows are left out and reported to `cleaning`.

        Args:
            cleaning: collects what is left out.
            parse: translates a row, given its place for messages, but for its time; `None` for a
                row that was not seen. It raises `ValueError` with the reason if the row is
                malformed.
            time: the column with the time.
            form: what the times are, a key of `TIME_FORMS`; decided by all of them by default.

        Raises:
            DataError: a quote never closes, or more lines are malformed than `cleaning` allows.
        """
        dated = []
        for line, record in self._records(cleaning):
            try:
                own = parse(record, f"{self.label}, line {line}")
            except ValueError as error:
                cleaning.bad_line(self.label, line, str(error))
            else:
                if own is not None:
                    dated.append(Dated(own, record[time]))
        return list(with_times(dated, cleaning, form))

    def objects(self, cleaning: Cleaning, expected: str) -> Iterator[tuple[int, object]]:
        """The elements of a list of JSON, or JSON objects one after the other, with their line.

        Raises:
            DataError: not JSON; it names the line, and what is `expected`.
        """
        text, decoder = self.text(cleaning).rstrip(), json.JSONDecoder()
        try:
            line, counted, at = 1, 0, _beginning(text)
            while (at := _next_object(text, at)) < len(text):
                line, counted = line + text.count("\n", counted, at), at
                element, at = decoder.raw_decode(text, at)
                yield line, element
        except json.JSONDecodeError as error:
            raise DataError(
                f"{self.label}, line {error.lineno}: not JSON ({error.msg}); expected {expected}"
            ) from None
        except RecursionError:
            raise DataError(f"{self.label} is nested too deep; expected {expected}") from None

    def _records(self, cleaning: Cleaning) -> Iterator[tuple[int, Record]]:
        if self.is_json:
            for line, element in self.objects(cleaning, "a list of objects"):
                if isinstance(element, dict):
                    yield line, Record({name: _text(value) for name, value in element.items()})
                else:
                    cleaning.bad_line(self.label, line, "not a JSON object")
            return
        names = self.columns
        width = max((at for at, name in enumerate(names, start=1) if name), default=0)
        headed = True
        for line, fields in quoted_records(
            self.label, self.text(cleaning), self._separator, cleaning
        ):
            if not any(map(str.strip, fields)):
                continue
            if headed:
                headed = False
            elif len(fields) < width or any(fields[width:]):  # spreadsheets add empty columns
                cleaning.bad_line(self.label, line, f"{len(fields)} fields instead of {width}")
            else:
                yield line, Record(zip(names, map(str.strip, fields), strict=False))

    def _lines(self, cleaning: Cleaning, size: int = BLOCK) -> Generator[Lines]:
        # JSON can be one long line.
        return lines_of(
            self.path, cleaning, otherwise=FALLBACK_ENCODING, size=size, longest=_LARGEST
        )

    @contextmanager
    def _by_label(self) -> Iterator[None]:
        """Errors of the reader name the file by its label: a member of a zip is unpacked aside."""
        try:
            yield
        except DataError as error:
            raise DataError(str(error).replace(str(self.path), self.label)) from None

    def _keys(self) -> tuple[str, ...]:
        keys: dict[str, None] = {}
        decoder, at = json.JSONDecoder(), _beginning(self.head)
        try:
            while (at := _next_object(self.head, at)) < len(self.head):
                element, at = decoder.raw_decode(self.head, at)
                keys |= dict.fromkeys(element if isinstance(element, dict) else ())
        except (json.JSONDecodeError, RecursionError):
            pass  # the end of the head is in the middle of an object
        return tuple(keys)

    @property
    def _separator(self) -> str:
        """The most frequent one in the first line: spreadsheets of some countries write ";"."""
        header = self.head.lstrip().partition("\n")[0]
        return max(_SEPARATORS, key=header.count)


def _beginning(text: str) -> int:
    """Where the first element of a list, or the first object, is looked for."""
    start = len(text) - len(text.lstrip())
    return start + text.startswith("[", start)


def _next_object(text: str, at: int) -> int:
    """Where the next element begins; the length of the text behind the last one."""
    between = _BETWEEN_OBJECTS.match(text, at)
    at = between.end() if between else at
    if text.startswith("]", at):
        if text[at + 1 :].strip():
            raise json.JSONDecodeError("text behind the list", text, at + 1)
        return len(text)
    if at == len(text) and text.lstrip().startswith("["):
        raise json.JSONDecodeError("the list never ends", text, at)
    return at


def _text(value: object) -> str:
    """A JSON value as a field; "" for null and for what holds other values."""
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()
