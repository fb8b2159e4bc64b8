"""Blocks of whole lines, whatever the encoding, packing and size."""

from __future__ import annotations

import gzip
import zipfile
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


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_told_by_its_zeros(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes("user,Amélie\n".encode(encoding))
    assert text_of(file) == "user,Amélie\n"


def test_a_file_alone_in_a_zip_is_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "lines.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("ml/lines.txt", "a\nb\n")
        archive.writestr("__MACOSX/ml/._lines.txt", b"\0")
    assert text_of(file) == "a\nb\n"
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("ml/more.txt", "c\n")
    with pytest.raises(DataError, match=r"lines\.zip is a zip of 2 files; unpack it and name one"):
        text_of(file)
    file.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(DataError, match=r"lines\.zip is a zip that cannot be read"):
        text_of(file)


def test_one_damaged_letter_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes("Amélie\nÖlü\nplain\n".encode() + b"caf\xe9\n")
    cleaning = Cleaning()
    assert text_of(file, cleaning, FALLBACK_ENCODING) == "Amélie\nÖlü\nplain\ncafé\n"
    file.write_bytes("Amélie\nÃ©\n".encode("cp1252"))
    assert text_of(file, Cleaning(), FALLBACK_ENCODING) == "Amélie\nÃ©\n"


@pytest.mark.parametrize(
    ("text", "padded"),
    [
        *[("1,2,0.5\n10,0,0\n", False), ("a,00\n", True), ("05,1\n", True), ("1,+5\n", True)],
        *[('1,"05"\n', True), ("1,2\n05,1\n", True), ("1,-05\n", True), ("1, 05\n", True)],
        *[("1,2019-01-05 00:00:00\n", False), ("1,1e-05\n", False), ("1.05,2\n", False)],
    ],
)
def test_leading_zeros_are_found_at_even_and_odd_places(
    text: str, *, padded: bool, tmp_path: Path
) -> None:
    for above in ("", "x\n", "xy\n"):
        file = tmp_path / "lines.txt"
        file.write_text(above + text)
        (block,) = lines_of(file, Cleaning(), numbers=",")
        assert block.padded is padded
