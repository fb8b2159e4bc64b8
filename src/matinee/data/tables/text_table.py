"""Tables in text files: encoding, separator and header found out, read a block of lines at a time.

A block goes through polars with the types its first lines promise. A block that does not keep the
promise is read again, record by record, so that every defect has its line.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, cast

import numpy as np
import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.tables.columns import Columns
from matinee.data.tables.rating_rows import Block
from matinee.errors import DataError

__all__ = ["Lines", "TextTable", "lines_of"]

_BLOCK = 16 << 20
"""Bytes read at a time: enough for polars to use every core, little beside the arrays."""
_LONGEST_LINE = 1 << 24
"""Bytes; a small gzip file can unpack to a line without an end."""
_MOST_UTF16 = 1 << 30
"""Bytes of it that are turned to UTF-8, all at once."""
_SAMPLE = 200
_SEPARATORS = (",", "\t", ";", "|")
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_WHOLE = re.compile(r"0|[1-9]\d{0,17}")
_SHORT = re.compile(r"0|[1-9]\d{0,8}")


class Lines(NamedTuple):
    """Some lines of a file that follow each other."""

    first: int
    """Number of the first one."""
    text: bytes
    """In UTF-8."""
    height: int
    """How many there are."""


@dataclass(frozen=True)
class TextTable:
    """A file of separated values whose form has been found out.

    Attributes:
        file: where it is.
        separator: one character.
        names: its columns; "1", "2" ... where the file has no header.
        named: whether the first line is a header.
        sample: the first records below it.
        height: about how many rows there are, going by the first block; fewer where it is packed.
    """

    file: Path
    separator: str
    names: tuple[str, ...]
    named: bool
    sample: tuple[tuple[str, ...], ...]
    height: int

    @property
    def source(self) -> str:
        return str(self.file)

    @classmethod
    def of(cls, file: Path) -> TextTable:
        """Look at the beginning of a file.

        Raises:
            DataError: it cannot be read, or its beginning is no table.
        """
        block = next(lines_of(file, Cleaning(limit=0)), Lines(1, b"", 0))
        first = block.text
        lines = [line for line in first[: 1 << 20].split(b"\n")[:_SAMPLE] if line.strip()]
        text = b"\n".join(lines).decode("utf-8", "replace")
        if b"\0" in first[: 1 << 16]:
            raise DataError(f"{file} is not a text file; give CSV, TSV, JSON lines or Parquet")
        if b"\r" in first and b"\n" not in first.rstrip():
            raise DataError(
                f"{file}: lines end in a carriage return alone, or there is one line only; "
                "save it with line feeds and at least one row"
            )
        if not text.strip():
            raise DataError(f"{file} is empty; a table of ratings has a viewer and a film a line")
        separator, records = max(
            ((each, _parsed(text, each)) for each in _SEPARATORS),
            key=lambda found: _regularity(found[1]),
        )
        width = len(records[0])
        if width < 2:
            raise DataError(
                f"{file}, line 1: one column only; "
                "separate columns by a comma, a tab, a semicolon or a bar"
            )
        named = not any(_NUMBER.fullmatch(field) for field in records[0])
        names = [each.strip() for each in records[0]] if named else map(str, range(1, width + 1))
        return cls(
            file,
            separator,
            _different(file, tuple(names)),
            named,
            tuple(map(tuple, records))[named:],
            height=block.height * file.stat().st_size // len(first),
        )

    def blocks(self, columns: Columns, cleaning: Cleaning) -> Iterator[Block]:
        """The named columns, a block at a time; malformed lines are told and left out."""
        wanted = sorted({self.names.index(name) for name in columns.taken.values()})
        types = self._types(columns)
        for lines in lines_of(self.file, cleaning):
            rows = _below_header(lines) if self.named and lines.first == 1 else lines
            if rows.text:
                frame = self._fast(rows, types, wanted, columns)
                yield (frame, rows.first) if frame is not None else self._slow(rows, cleaning)

    def _types(self, columns: Columns) -> dict[str, type[pl.DataType]]:
        """What the sample promises of every column; text where it promises nothing."""
        types: dict[str, type[pl.DataType]] = dict.fromkeys(self.names, pl.String)
        for name in (columns.user, columns.item, columns.time):
            if name and self._all(name, _WHOLE):
                types[name] = pl.Int32 if self._all(name, _SHORT) else pl.Int64
        if columns.rating:
            types[columns.rating] = pl.Float32
        if columns.time and types[columns.time] == pl.Int32:
            types[columns.time] = pl.Int64
        return types

    def _all(self, name: str, pattern: re.Pattern[str]) -> bool:
        at = self.names.index(name)
        fields = [record[at] for record in self.sample if len(record) == len(self.names)]
        return bool(fields) and all(pattern.fullmatch(field) for field in fields)

    def _fast(
        self,
        rows: Lines,
        types: dict[str, type[pl.DataType]],
        wanted: Sequence[int],
        columns: Columns,
    ) -> pl.DataFrame | None:
        """The rows as polars reads them; `None` where a line may be defective."""
        text = rows.text
        if text.endswith(b'"'):
            text += b"\n"  # polars panics where nothing follows a quote that opens
        try:
            frame = pl.read_csv(
                text,
                has_header=False,
                schema=types,
                columns=list(wanted),
                separator=self.separator,
            )
        except pl.exceptions.PolarsError:
            return None
        promised = [name for name in frame.columns if types[name] != pl.String]
        if columns.user:
            promised.append(columns.user)
        # With every line one row, rows can be numbered by lines.
        if frame.height != rows.height or any(frame[name].null_count() for name in promised):
            return None
        rating = columns.rating
        return frame if rating is None or frame[rating].is_finite().all() else None

    def _slow(self, rows: Lines, cleaning: Cleaning) -> Block:
        """The rows record by record, as text; malformed ones are told with their line."""
        kept: list[list[str]] = []
        lines: list[int] = []
        reader = csv.reader(
            io.StringIO(rows.text.decode("utf-8"), newline=""),
            delimiter=self.separator,
            strict=True,
        )
        while True:
            line = rows.first + reader.line_num
            try:
                record = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                if "end of data" in str(error) or "limit" in str(error):
                    raise DataError(
                        f"{self.file}, line {line}: a quote opens here and never closes; "
                        "close it or remove it"
                    ) from None
                cleaning.bad_line(self.file, line, f"a misplaced quote ({error})")
                continue
            if not any(field.strip() for field in record):
                cleaning.found("empty lines left out", example=f"{self.file}, line {line}: empty")
            elif len(record) != len(self.names):
                reason = f"{len(record)} fields instead of {len(self.names)}"
                cleaning.bad_line(self.file, line, reason)
            else:
                kept.append(record)
                lines.append(line)
        schema = dict.fromkeys(self.names, pl.String)
        frame = pl.DataFrame(kept, schema=schema, orient="row")
        return frame, np.array(lines, dtype=np.int64)


def lines_of(file: Path, cleaning: Cleaning) -> Iterator[Lines]:
    """A text file as UTF-8 in blocks of whole lines.

    A block ends outside quotes, unless quotes are left open for several blocks.

    Raises:
        DataError: the file is missing, unreadable or damaged.
    """
    line, said = 1, False
    try:
        with _opened(file) as stream, closing(_ahead(_whole_lines(stream, file))) as blocks:
            for block in blocks:
                text, said = _utf8(file, block, cleaning, said=said)
                ends = _ends(text)
                yield Lines(line, text, ends + (not text.endswith(b"\n")))
                line += ends
    except FileNotFoundError:
        raise DataError(f"there is no file {file}") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{file} is a damaged gzip file ({error}); get it again") from None
    except UnicodeDecodeError as error:
        raise DataError(
            f"{file} is not whole UTF-16 text ({error.reason}); save as UTF-8"
        ) from None
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}") from None


def _ahead(blocks: Iterator[bytes]) -> Generator[bytes]:
    """The same blocks; each is read, and unpacked, while the one before it is parsed."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, blocks, b"")
        while block := coming.result():
            coming = reader.submit(next, blocks, b"")
            yield block


def _whole_lines(stream: IO[bytes], file: Path) -> Iterator[bytes]:
    """Blocks that end with a line, outside quotes; none is empty."""
    rest = b""
    while block := stream.read(_BLOCK):
        # To the end of its line, so that mostly nothing is left over to be copied.
        end = stream.readline(_LONGEST_LINE)
        if len(end) == _LONGEST_LINE:
            raise DataError(
                f"{file} has a line of more than {_LONGEST_LINE:,} bytes, so it is no table of "
                "ratings or films"
            )
        block = rest + (block + end)
        cut = _last_end(block)
        whole, rest = block[:cut], block[cut:]
        if whole:
            yield whole
    if rest:
        yield rest


def _below_header(lines: Lines) -> Lines:
    """What comes below the first line that is not blank."""
    start = len(lines.text) - len(lines.text.lstrip())
    end = lines.text.find(b"\n", start) + 1
    if not end:
        return Lines(lines.first, b"", 0)
    above = lines.text.count(b"\n", 0, end)
    return Lines(lines.first + above, lines.text[end:], lines.height - above)


def _ends(block: bytes) -> int:
    """Line ends in it; `bytes.count` takes four times as long where there are many."""
    return int(np.count_nonzero(np.frombuffer(block, dtype=np.uint8) == ord("\n")))


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    """The file unpacked, as UTF-8 or what has no mark, its mark skipped."""
    with file.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw
        start = stream.read(3)
        stream.seek(3 if start == codecs.BOM_UTF8 else 0)
        if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            text = stream.read(_MOST_UTF16 + 1)
            if len(text) > _MOST_UTF16:
                raise DataError(
                    f"{file} is more than {_MOST_UTF16:,} bytes of UTF-16; save as UTF-8"
                )
            stream = io.BytesIO(text.decode("utf-16").encode())
        yield stream


def _last_end(block: bytes) -> int:
    """Where the last line that ends outside quotes ends; 0 where none does."""
    end = block.rfind(b"\n") + 1
    if b'"' not in block:  # much faster than counting none
        return end
    inside = block.count(b'"', 0, end) % 2
    cut = end
    while cut and inside:
        before = block.rfind(b"\n", 0, cut - 1) + 1
        inside ^= block.count(b'"', before, cut) % 2
        cut = before
    return cut or (end if len(block) > 4 * _BLOCK else 0)


def _utf8(file: Path, text: bytes, cleaning: Cleaning, *, said: bool) -> tuple[bytes, bool]:
    if text.isascii():
        return text, said
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        if not said:
            cleaning.found("files that are not UTF-8, read as Windows-1252", example=str(file))
        try:
            return text.decode("cp1252").encode(), True
        except UnicodeDecodeError:
            return text.decode("latin-1").encode(), True
    return text, said


def _parsed(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)) or [[]]
    except csv.Error:
        return [[]]


def _regularity(records: list[list[str]]) -> tuple[bool, float, int]:
    """How much records look like rows of a table."""
    width, count = Counter(map(len, records)).most_common(1)[0]
    return width > 1, count / len(records), width


def _different(file: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise DataError(f"{file}, line 1: two columns are called {twice[0]!r}; rename one")
    return names
