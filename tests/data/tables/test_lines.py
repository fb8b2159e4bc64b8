"""Blocks of whole lines, whatever the encoding, packing and size."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matinee.data.cleaning import Cleaning
from matinee.data.tables.lines import FALLBACK_ENCODING, lines_of
from matinee.errors import DataError


def text_of(file: Path, cleaning: Cleaning | None = None, otherwise: str | None = None) -> str:
    blocks = lines_of(file, cleaning or Cleaning(strict=True), otherwise=otherwise)
    return b"".join(block.text for block in blocks).decode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    lines=st.lists(st.text('ab"é', max_size=6), max_size=20),
    size=st.integers(1, 40),
    quotes=st.booleans(),
    packed=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_blocks_are_whole_lines_with_their_numbers(
    lines: list[str], size: int, tmp_path: Path, *, quotes: bool, packed: bool, end: str
) -> None:
    file = tmp_path / "lines.txt"
    content = end.join(lines).encode()
    file.write_bytes(gzip.compress(content, 1) if packed else content)
    blocks = list(lines_of(file, Cleaning(), quotes=quotes, size=size))
    whole = "\n".join(lines)
    assert b"".join(block.text for block in blocks).decode() == whole + "\n" * (
        bool(whole) and not whole.endswith("\n")
    )
    line = 1
    for block in blocks:
        assert block.text.endswith(b"\n")
        assert (block.first, block.height) == (line, block.text.count(b"\n"))
        line += block.height


def test_a_block_ends_outside_quotes_while_patience_lasts(tmp_path: Path) -> None:
    file = tmp_path / "quoted.csv"
    file.write_text('a\n"b\nc"\nd\n')
    blocks = [block.text for block in lines_of(file, Cleaning(), quotes=True, size=3)]
    assert blocks == [b"a\n", b'"b\nc"\n', b"d\n"]
    file.write_text('"' + "a\n" * 20)
    assert len(list(lines_of(file, Cleaning(), quotes=True, size=3))) > 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_every_encoding_becomes_utf8(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes("Amélie\n".encode(encoding))
    assert text_of(file, otherwise="latin-1") == "Amélie\n"


def test_the_fallback_encoding_is_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes("“Amélie”\n".encode(FALLBACK_ENCODING))
    cleaning = Cleaning()
    assert text_of(file, cleaning, otherwise=FALLBACK_ENCODING) == "“Amélie”\n"
    assert [str(finding) for finding in cleaning.findings] == [
        f"1 files that are not UTF-8, read as Windows-1252 ({file})"
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"a\tb\n" * 1000, mtime=0)[:-10], "is a damaged gzip file"),
        (b"\xff\xfea", "is not whole UTF-16 text"),
        (gzip.compress(b"1" * 5000, mtime=0), "has a line of more than 1,000 bytes"),
    ],
)
def test_damaged_files_are_named(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes(content)
    with pytest.raises(DataError, match=rf"lines\.txt {message}"):
        list(lines_of(file, Cleaning(), size=100, longest=1000))


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no file .*none\.txt"):
        text_of(tmp_path / "none.txt")
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        text_of(tmp_path)
