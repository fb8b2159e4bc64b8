"""Text files as blocks of whole lines: unpacked, in UTF-8, with line numbers."""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO, NamedTuple, cast

import numpy as np

from matinee.data.cleaning import Cleaning
from matinee.data.fetching.archives import is_of_the_finder
from matinee.errors import DataError

__all__ = ["BLOCK", "FALLBACK_ENCODING", "Lines", "first_lines", "lines_of"]
__all__ += ["plain_or_packed"]

BLOCK = 16 << 20
"""Bytes per block: enough for polars to use every core, little beside the arrays."""
FALLBACK_ENCODING = "cp1252"
"""A guess for files that are not UTF-8; its use is a finding."""
_LONGEST_LINE = 1 << 24
"""Bytes. A small gzip file can unpack to a line without an end."""
_PIECE = 1 << 18
"""Bytes compared at a time, so that they stay in the processor's cache."""
_LARGEST_UTF16 = 1 << 30
"""Bytes of UTF-16, which is converted in one piece."""


class Lines(NamedTuple):
    """Consecutive lines.

    Attributes:
        first: number of the first.
        text: UTF-8, with a line feed behind each.
        height: how many.
        padded: whether a number may have a leading zero or sign; looked for on request alone.
    """

    first: int
    text: bytes
    height: int
    padded: bool = False


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
    numbers: str = "",
) -> Generator[Lines]:
    """The lines of a file, plain, gzip or alone in a zip, in blocks of `size` bytes.

    No line has `longest` bytes. A byte order mark decides the encoding, or zero bytes beside the
    first letters: UTF-16. Other text is UTF-8; lines that are not are read
    as `otherwise` (`None` leaves them as they are), and `cleaning` records `FALLBACK_ENCODING`.
    With `quotes`, line ends within quotes belong to a field: blocks end outside quotes, unless
    quotes stay open for several blocks. `numbers` is the separator of fields, where leading zeros
    are to be found.

    Raises:
        DataError: the file is missing, unreadable, damaged or without line ends.
    """
    line, guessed = 1, False
    try:
        with (
            _opened(file) as stream,
            closing(
                _read_ahead(
                    _checked(each, otherwise, numbers)
                    for each in _whole_lines(stream, file, size, longest, quotes=quotes)
                )
            ) as blocks,
        ):
            for text, foreign, height, padded in blocks:
                if foreign and otherwise == FALLBACK_ENCODING and not guessed:
                    guessed = True
                    kind = "files that are not UTF-8, read as Windows-1252"
                    cleaning.count(kind, example=str(file))
                yield Lines(line, text, height, padded)
                line += height
    except FileNotFoundError:
        raise DataError(f"there is no file {file}") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{file} is a damaged gzip file ({error}); get it again") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{file} is a zip that cannot be read ({error}); get it again") from None
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


class _Checked(NamedTuple):
    """Text in UTF-8, whether it was in another encoding, its lines, whether numbers are padded."""

    text: bytes
    foreign: bool
    height: int
    padded: bool


def _checked(block: bytes, otherwise: str | None, numbers: str) -> _Checked:
    text, foreign = _utf8(block, otherwise)
    padded = bool(numbers) and _has_padded_numbers(text, ord(numbers[-1]))
    return _Checked(text, foreign, _count_newlines(text), padded)


def _read_ahead(blocks: Iterator[_Checked]) -> Generator[_Checked]:
    """The same blocks; each is read, unpacked and checked while the one before it is parsed."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = reader.submit(next, blocks, None)
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
    with ExitStack() as stack:
        stream = cast("IO[bytes]", stack.enter_context(file.open("rb")))
        start = stream.read(4)
        stream.seek(0)
        if start[:2] == b"\x1f\x8b":
            stream = cast("IO[bytes]", stack.enter_context(gzip.GzipFile(fileobj=stream)))
        elif start == b"PK\x03\x04":
            stream = stack.enter_context(
                _only_member(stack.enter_context(zipfile.ZipFile(file)), file)
            )
        start = stream.read(4)
        marked = start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        # Two letters of ASCII without a mark.
        zeros = tuple(byte == 0 for byte in start)
        little, big = zeros == (False, True) * 2, zeros == (True, False) * 2
        wide = "utf-16-le" if little else "utf-16-be" if big else ""
        if marked or wide:
            text = start + stream.read(_LARGEST_UTF16 + 1)
            if len(text) > _LARGEST_UTF16:
                raise DataError(
                    f"{file} is more than {_LARGEST_UTF16:,} bytes of UTF-16; save as UTF-8"
                )
            stream = io.BytesIO(text.decode(wide or "utf-16").encode())
        else:
            stream.seek(3 if start[:3] == codecs.BOM_UTF8 else 0)
        yield stream


def _only_member(zipped: zipfile.ZipFile, file: Path) -> IO[bytes]:
    members = [each for each in zipped.namelist() if not each.endswith("/")]
    members = [each for each in members if not is_of_the_finder(each)]
    if len(members) != 1:
        raise DataError(f"{file} is a zip of {len(members)} files; unpack it and name one")
    return zipped.open(members[0])


def _utf8(block: bytes, otherwise: str | None) -> tuple[bytes, bool]:
    """The block in UTF-8 with plain line feeds; and whether it was in another encoding."""
    text = block.replace(b"\r\n", b"\n") if b"\r" in block else block
    if otherwise is None or text.isascii():
        return text, False
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return _foreign(text, otherwise), True
    return text, False


def _foreign(text: bytes, encoding: str) -> bytes:
    """Text in UTF-8 that was not; where most lines beyond ASCII were, the others alone change."""
    lines = text.split(b"\n")
    beyond = [at for at, line in enumerate(lines) if not line.isascii()]
    wrong = [at for at in beyond if not _is_utf8(lines[at])]
    for at in wrong if 2 * len(wrong) < len(beyond) else beyond:
        try:
            lines[at] = lines[at].decode(encoding).encode()
        except UnicodeDecodeError:
            lines[at] = lines[at].decode("latin-1").encode()
    return b"\n".join(lines)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _has_padded_numbers(text: bytes, separator: int) -> bool:
    """Whether a field may begin with a zero before another digit, or with a sign.

    Pairs of bytes are compared at once, at even and at odd places.
    """
    starts = [b"\n", bytes([separator])] + [b'"'] * (b'"' in text)
    padding = [each for each in (b"+", b"-0", b" 0") if each[:1] in text]
    if any(start + each in text for start in starts for each in padding):
        return True
    if text[:1] in b"+- " or (text[:1] == b"0" and text[1:2].isdigit()):
        return True
    return any(_has_zeros(text[at : at + _PIECE + 2], starts) for at in range(0, len(text), _PIECE))


def _has_zeros(piece: bytes, starts: list[bytes]) -> bool:
    """Whether a digit follows a zero that follows one of `starts`."""
    digits = np.frombuffer(piece, dtype=np.uint8)
    for offset in (0, 1):
        pairs = np.frombuffer(piece, "<u2", count=(len(piece) - offset) // 2, offset=offset)
        for start in starts:
            behind = np.flatnonzero(pairs == (ord("0") << 8 | start[0])) * 2 + offset + 2
            following = digits[behind[behind < len(digits)]]
            if ((following >= ord("0")) & (following <= ord("9"))).any():
                return True
    return False


def _count_newlines(text: bytes) -> int:
    """`bytes.count` takes four times as long where there are many; pieces stay in the cache."""
    codes = np.frombuffer(text, dtype=np.uint8)
    pieces = (codes[at : at + _PIECE] for at in range(0, len(codes), _PIECE))
    return sum(int(np.count_nonzero(piece == ord("\n"))) for piece in pieces)
