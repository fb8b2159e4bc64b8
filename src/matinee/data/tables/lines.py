"""Text files as blocks of whole lines: unpacked, in UTF-8, with line numbers."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, NamedTuple, cast

import numpy as np

from matinee.data.cleaning import Cleaning
from matinee.errors import DataError

__all__ = ["BLOCK", "FALLBACK_ENCODING", "Lines", "first_lines", "lines_of"]
__all__ += ["plain_or_packed"]

BLOCK = 16 << 20
"""Bytes per block: enough for polars to use every core, little beside the arrays."""
FALLBACK_ENCODING = "cp1252"
"""A guess for files that are not UTF-8; its use is a finding."""
_LONGEST_LINE = 1 << 24
"""Bytes. A small gzip file can unpack to a line without an end."""
_LARGEST_UTF16 = 1 << 30
"""Bytes of UTF-16, which is converted in one piece."""


class Lines(NamedTuple):
    """Consecutive lines: number of the first, UTF-8 text with a line feed behind each, count."""

    first: int
    text: bytes
    height: int


def plain_or_packed(folder: Path, name: str) -> Path | None:
    """The file of that name, else the same with ".gz"."""
    return next((each for each in (folder / name, folder / f"{name}.gz") if each.is_file()), None)


def lines_of(
    file: Path,
    cleaning: Cleaning,
    *,
    otherwise: str | None = None,
    quotes: bool = False,
    size: int = BLOCK,
    longest: int = _LONGEST_LINE,
) -> Generator[Lines]:
    """The lines of a file, plain or gzip, in blocks of `size` bytes; no line has `longest` bytes.

    A byte order mark decides the encoding. Without one, text is UTF-8; blocks that are not are read
    as `otherwise` (`None` leaves them as they are), and `cleaning` records `FALLBACK_ENCODING`.
    With `quotes`, line ends within quotes belong to a field: blocks end outside quotes, unless
    quotes stay open for several blocks.

    Raises:
        DataError: the file is missing, unreadable, damaged or without line ends.
    """
    line, guessed = 1, False
    try:
        with (
            _opened(file) as stream,
            closing(
                _read_ahead(_whole_lines(stream, file, size, longest, quotes=quotes))
            ) as blocks,
        ):
            for block in blocks:
                text, foreign = _utf8(block, otherwise)
                if foreign and otherwise == FALLBACK_ENCODING and not guessed:
                    guessed = True
                    kind = "files that are not UTF-8, read as Windows-1252"
                    cleaning.count(kind, example=str(file))
                height = _count_newlines(text)
                yield Lines(line, text, height)
                line += height
    except FileNotFoundError:
        raise DataError(f"there is no file {file}") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{file} is a damaged gzip file ({error}); get it again") from None
    except UnicodeDecodeError as error:
        raise DataError(
            f"{file} is not whole UTF-16 text ({error.reason}); save as UTF-8"
        ) from None
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror or error}") from None


def first_lines(file: Path, *, otherwise: str, quotes: bool = False, size: int = BLOCK) -> Lines:
    """The first block of a file, empty if the file is."""
    with closing(
        lines_of(file, Cleaning(), otherwise=otherwise, quotes=quotes, size=size)
    ) as blocks:
        return next(blocks, Lines(1, b"", 0))


def _read_ahead(blocks: Iterator[bytes]) -> Generator[bytes]:
    """The same blocks; each is read and unpacked while the one before it is parsed."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, blocks, b"")
        while block := coming.result():
            coming = reader.submit(next, blocks, b"")
            yield block


def _whole_lines(
    stream: IO[bytes], file: Path, size: int, longest: int, *, quotes: bool
) -> Iterator[bytes]:
    """Non-empty blocks that end with a line end."""
    rest = b""
    while block := stream.read(size):
        # Up to the end of its line, so that little or nothing remains to be copied.
        end = b"" if block.endswith(b"\n") else stream.readline(longest)
        if len(end) == longest:
            raise DataError(
                f"{file} has a line of more than {longest:,} bytes, so it is no table of "
                "ratings or films"
            )
        block = rest + (block + end)
        cut = _end_outside_quotes(block, 4 * size) if quotes and b'"' in block else len(block)
        if cut and block.endswith(b"\n"):
            yield block[:cut]
            rest = block[cut:]
        else:
            rest = block
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"


def _end_outside_quotes(block: bytes, patience: int) -> int:
    """Where the last line that ends outside quotes ends; 0 if none does and the block is short."""
    end = block.rfind(b"\n") + 1
    inside = block.count(b'"', 0, end) % 2
    cut = end
    while cut and inside:
        before = block.rfind(b"\n", 0, cut - 1) + 1
        inside ^= block.count(b'"', before, cut) % 2
        cut = before
    return cut or (end if len(block) > patience else 0)


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    """The unpacked file behind its byte order mark; UTF-16 is converted to UTF-8."""
    with file.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw
        start = stream.read(3)
        stream.seek(3 if start == codecs.BOM_UTF8 else 0)
        if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            text = stream.read(_LARGEST_UTF16 + 1)
            if len(text) > _LARGEST_UTF16:
                raise DataError(
                    f"{file} is more than {_LARGEST_UTF16:,} bytes of UTF-16; save as UTF-8"
                )
            stream = io.BytesIO(text.decode("utf-16").encode())
        yield stream


def _utf8(block: bytes, otherwise: str | None) -> tuple[bytes, bool]:
    """The block in UTF-8 with plain line feeds; and whether it was in another encoding."""
    text = block.replace(b"\r\n", b"\n") if b"\r" in block else block
    if otherwise is None or text.isascii():
        return text, False
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return text.decode(otherwise).encode(), True
        except UnicodeDecodeError:
            return text.decode("latin-1").encode(), True
    return text, False


def _count_newlines(text: bytes) -> int:
    """`bytes.count` takes four times as long where there are many."""
    return int(np.count_nonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n")))
