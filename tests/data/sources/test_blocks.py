from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matinee.data.cleaning import Cleaning
from matinee.data.sources._blocks import blocks, tables
from matinee.errors import DataError

FIELDS = st.text(st.characters(codec="utf-8", exclude_characters="\t\r\n\ufeff"), max_size=5)


def rows(file: Path, size: int, cleaning: Cleaning | None = None) -> list[tuple[object, ...]]:
    parts = tables(file, "\t", cleaning or Cleaning(), size)
    return [row for part in parts for row in part.rows()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    table=st.lists(st.tuples(FIELDS, FIELDS), max_size=20),
    size=st.integers(1, 40),
    ends=st.booleans(),
    packed=st.booleans(),
)
def test_rows_are_the_same_whatever_the_block_size(
    table: list[tuple[str, str]], size: int, tmp_path: Path, *, ends: bool, packed: bool
) -> None:
    text = "\n".join("\t".join(row) for row in [("a", "b"), *table]) + ("\n" if ends else "")
    file = tmp_path / ("table.tsv.gz" if packed else "table.tsv")
    file.write_bytes(gzip.compress(text.encode(), 1) if packed else text.encode())
    expected = [(*row, line) for line, row in enumerate(table, start=2)]
    assert rows(file, size) == expected


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_malformed_lines_are_left_out_and_named(size: int, tmp_path: Path) -> None:
    file = tmp_path / "table.tsv"
    file.write_bytes(b"a\tb\r\n1\t2\r\n3\n4\t5\t6\n\n\xff\t7\n8\t9")
    cleaning = Cleaning()
    assert rows(file, size, cleaning) == [("1", "2", 2), ("8", "9", 7)]
    (finding,) = cleaning.findings
    assert [example.partition("table.tsv, ")[2] for example in finding.examples] == [
        "line 3: 1 fields instead of 2",
        "line 4: 3 fields instead of 2",
        "line 6: not utf-8 text",
    ]
    with pytest.raises(DataError, match="line 4: 3 fields"):
        rows(file, size, Cleaning(limit=1))


def test_a_file_of_a_header_alone_has_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "table.tsv"
    file.write_bytes(b"\xef\xbb\xbfa\tb")
    (table,) = tables(file, "\t", Cleaning())
    assert table.columns == ["a", "b", "line"]
    assert table.is_empty()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"a\ta\n", "line 1: the names of the columns must differ"),
        (b"\xff\n", "line 1: not utf-8 text"),
    ],
)
def test_a_header_that_is_none_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "table.tsv"
    file.write_bytes(content)
    with pytest.raises(DataError, match=said):
        rows(file, 100)


def test_a_missing_file_and_a_cut_off_one_are_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no file .*none\.tsv"):
        list(blocks(tmp_path / "none.tsv"))
    file = tmp_path / "cut.tsv.gz"
    file.write_bytes(gzip.compress(b"a\tb\n" * 1000)[:-10])
    with pytest.raises(DataError, match=r"cut\.tsv\.gz cannot be read"):
        list(blocks(file))
    file.write_bytes(b"no gzip")
    with pytest.raises(DataError, match=r"cut\.tsv\.gz cannot be read"):
        list(blocks(file))
