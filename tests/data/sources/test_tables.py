from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from matinee.data.sources._tables import read_table, read_text, require
from matinee.errors import DataError

COLUMNS = {"id": pl.Int64, "title": pl.String, "stars": pl.Float64}


def table(tmp_path: Path, content: bytes, **options: str | bool) -> pl.DataFrame:
    file = tmp_path / "films.tsv"
    file.write_bytes(content)
    header, encoding = bool(options.get("header")), str(options.get("encoding", "utf-8"))
    return read_table(file, COLUMNS, separator="\t", header=header, encoding=encoding)


def test_rows_are_read_as_they_stand(tmp_path: Path) -> None:
    content = b'1\t"Alien" 2\t4.5\n2\t\t3\n\n'
    assert table(tmp_path, content).rows() == [(1, '"Alien" 2', 4.5), (2, "", 3.0)]


def test_a_header_line_ends_and_a_mark_at_the_start_do_not_matter(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfid\ttitle\tstars\r\n1\tAlien\t4\r\n2\tBrazil\t5\r\n"
    assert table(tmp_path, content, header=True).rows() == [(1, "Alien", 4.0), (2, "Brazil", 5.0)]


def test_latin_1_is_read_where_it_is_expected(tmp_path: Path) -> None:
    assert table(tmp_path, b"1\tAm\xe9lie\t4\n", encoding="latin-1")["title"].item() == "Amélie"
    with pytest.raises(DataError, match=r"films\.tsv, line 2: not utf-8 text"):
        table(tmp_path, b"1\tAlien\t4\n2\tAm\xe9lie\t4\n")


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (b"2\tBrazil", "line 2: 2 fields instead of 3"),
        (b"2\tBrazil\t4\t9", "line 2: 4 fields instead of 3"),
        (b"", "line 2: 1 fields instead of 3"),
        (b"x\tBrazil\t4", "line 2: id is 'x', not a whole number"),
        (b"\tBrazil\t4", "line 2: id is '', not a whole number"),
        (b"2.5\tBrazil\t4", "line 2: id is '2.5', not a whole number"),
        (b"2\tBrazil\tfour", "line 2: stars is 'four', not a number"),
        (b"9" * 30 + b"\tBrazil\t4", "not a whole number"),
    ],
)
def test_a_malformed_line_is_named_with_the_reason(
    second: bytes, said: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=said) as raised:
        table(tmp_path, b"1\tAlien\t5\n" + second + b"\n3\tCasablanca\t5\n")
    assert "films.tsv" in str(raised.value)


def test_lines_are_counted_with_the_header(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 3: 1 fields"):
        table(tmp_path, b"id\ttitle\tstars\n1\tAlien\t5\n2\n", header=True)


def test_a_missing_file_and_an_empty_one_are_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no file .*nothing\.tsv"):
        read_text(tmp_path / "nothing.tsv")
    with pytest.raises(DataError, match=r"cannot be read"):
        read_text(tmp_path)
    with pytest.raises(DataError, match=r"films\.tsv holds no rows"):
        table(tmp_path, b"\n")


def test_the_first_row_that_breaks_a_rule_is_named(tmp_path: Path) -> None:
    frame = pl.DataFrame({"stars": [5.0, 7.0, float("nan")]})
    file = tmp_path / "films.tsv"
    require(frame, file, pl.col("stars") >= 0, "never said")
    with pytest.raises(DataError, match=r"films\.tsv, line 3: too many stars"):
        require(frame, file, pl.col("stars") <= 5, "too many stars", first_line=2)
    with pytest.raises(DataError, match="line 3: no number"):
        require(frame, file, ~pl.col("stars").is_nan(), "no number")
