"""One reader of delimited text: both of its halves agree, and name what is malformed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matinee.data.cleaning import Cleaning
from matinee.data.tables.delimited import blocks_of, read_table
from matinee.data.tables.layout import Layout, Quotes, header_of, layout_of_texts
from matinee.errors import DataError

FIELDS = st.text(st.characters(codec="utf-8", exclude_characters="\t\r\n\ufeff"), max_size=5)
TYPED = Layout({"id": pl.Int32, "title": pl.String, "stars": pl.Float64}, "\t")
QUOTED = replace(TYPED, separator=",", quotes=Quotes.WITHIN_LINES)

Row = tuple[object, ...]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "films.tsv"


def rows_of(
    file: Path, layout: Layout, cleaning: Cleaning | None = None, *, size: int = 1000
) -> list[tuple[int, Row]]:
    """Lines and rows."""
    return [
        (block.line(number), row)
        for block in blocks_of(file, layout, cleaning or Cleaning(strict=True), size=size)
        for number, row in enumerate(block.frame.rows())
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    table=st.lists(st.tuples(FIELDS, FIELDS).filter(any), max_size=20),
    size=st.integers(1, 40),
    last_line_end=st.booleans(),
)
def test_rows_are_the_same_for_every_block_size(
    table: list[tuple[str, str]], size: int, file: Path, *, last_line_end: bool
) -> None:
    text = "\n".join("\t".join(row) for row in [("a", "b"), *table])
    file.write_bytes((text + "\n" * last_line_end).encode())
    expected = list(enumerate(table, start=2))
    assert rows_of(file, layout_of_texts(file, "\t"), size=size) == expected


@pytest.mark.parametrize(
    ("layout", "content", "rows"),
    [
        (TYPED, b'1\t"Alien" 2\t4.5\n2\t\t3\n\n', [(1, '"Alien" 2', 4.5), (2, "", 3.0)]),
        (TYPED, b"1\tAlien\t4\r\n2\tBrazil\t5", [(1, "Alien", 4.0), (2, "Brazil", 5.0)]),
        (QUOTED, b'1,"Alien, ""2""",4\n2,,3\n', [(1, 'Alien, "2"', 4.0), (2, "", 3.0)]),
        (
            replace(QUOTED, quotes=Quotes.ACROSS_LINES),
            b'1,"Alien\n2",4\n2,Brazil,3\n',
            [(1, "Alien\n2", 4.0), (2, "Brazil", 3.0)],
        ),
        (replace(TYPED, header=True), b"\xef\xbb\xbfid\tt\ts\n1\tAlien\t4\n", [(1, "Alien", 4.0)]),
        (
            replace(TYPED, separator="::"),
            b"1::A\tB::4\n2::C::3\n",
            [(1, "A\tB", 4.0), (2, "C", 3.0)],
        ),
        (
            replace(TYPED, separator="::", open_column="title"),
            b"1::Signal :: Noise::4\n2::C::3\n",
            [(1, "Signal :: Noise", 4.0), (2, "C", 3.0)],
        ),
        (replace(TYPED, otherwise="latin-1"), b"1\tAm\xe9lie\t4\n", [(1, "Amélie", 4.0)]),
    ],
)
def test_every_layout_is_read(layout: Layout, content: bytes, rows: list[Row], file: Path) -> None:
    file.write_bytes(content)
    assert [row for _, row in rows_of(file, layout)] == rows


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"2\tBrazil", "2 fields instead of 3"),
        (b"2\tBrazil\t4\t9", "4 fields instead of 3"),
        (b"x\tBrazil\t4", "id is 'x', not a whole number of at most nine digits"),
        (b"\tBrazil\t4", "id is '', not a whole number"),
        (b"2.5\tBrazil\t4", "id is '2.5', not a whole number"),
        (b"9999999999\tBrazil\t4", "id is '9999999999', not a whole number"),
        (b"2\tBrazil\tfour", "stars is 'four', not a number"),
        (b"2\tBrazil\tnan", "stars is 'nan', not a number"),
        (b"2\tBrazil\xff\t4", "not UTF-8 text"),
    ],
)
@pytest.mark.parametrize("size", [1, 1000])
def test_a_malformed_line_is_left_out_and_named(
    line: bytes, reason: str, size: int, file: Path
) -> None:
    file.write_bytes(b"1\tAlien\t5\n" + line + b"\n3\tCasablanca\t5\n")
    cleaning = Cleaning()
    good = rows_of(file, TYPED, cleaning, size=size)
    assert good == [(1, (1, "Alien", 5.0)), (3, (3, "Casablanca", 5.0))]
    (finding,) = cleaning.findings
    assert finding.examples[0].startswith(f"{file}, line 2: {reason}")
    with pytest.raises(DataError, match=f"line 2: {reason}"):
        rows_of(file, TYPED, Cleaning(limit=0), size=size)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'2,"Brazil,4', "2 fields instead of 3"),
        (b'2,Brazil,"', "stars is '', not a number"),
        (b"2,Brazil\r,4,", "4 fields instead of 3"),
        (b'2,"' + b"x" * 200_000 + b'",five', "field larger than field limit"),
    ],
)
def test_a_stray_quote_within_lines_costs_that_line_alone(
    line: bytes, reason: str, file: Path
) -> None:
    for end in (b"\n3,Casablanca,5\n", b""):
        file.write_bytes(b"1,Alien,5\n" + line + end)
        cleaning = Cleaning()
        good = rows_of(file, QUOTED, cleaning)
        assert [number for number, _ in good] == ([1, 3] if end else [1])
        assert f"line 2: {reason}" in str(cleaning.findings[0])


def test_a_stray_quote_across_lines_is_named(file: Path) -> None:
    layout = replace(QUOTED, quotes=Quotes.ACROSS_LINES)
    for row, reason in (
        (b'2,"Bra"zil,4\n', "a misplaced quote"),
        (b'2,"Brazil,4\n', "a quote opens here and never closes"),
    ):
        file.write_bytes(b"1,Alien,5\n" + row)
        with pytest.raises(DataError, match=f"line 2: {reason}"):
            rows_of(file, layout, Cleaning(limit=0))


def test_a_short_line_is_malformed_where_its_last_field_is_text(file: Path) -> None:
    file.write_bytes(b"1,Alien\n2,\n3\n4,Brazil\n")
    layout = Layout({"id": pl.Int32, "title": pl.String}, ",", Quotes.ACROSS_LINES)
    for guessed in (False, True):
        cleaning = Cleaning()
        good = rows_of(file, replace(layout, guessed=guessed), cleaning)
        assert [line for line, _ in good] == [1, 2, 4]
        assert "line 3: 1 fields instead of 2" in str(cleaning.findings[0])


def test_a_block_that_breaks_a_guess_comes_as_text(file: Path) -> None:
    file.write_bytes(b"1\tAlien\t4\nx\tBrazil\tgood\n")
    guess = replace(TYPED, guessed=True)
    (block,) = blocks_of(file, guess, Cleaning(strict=True))
    assert block.frame.rows() == [("1", "Alien", "4"), ("x", "Brazil", "good")]


def test_only_chosen_columns_are_read(file: Path) -> None:
    file.write_bytes(b"1\tAlien\t4\n2\tBrazil\n")
    cleaning = Cleaning()
    (block,) = blocks_of(file, TYPED, cleaning, {"title"})
    assert block.frame.rows() == [("Alien",)]
    assert len(cleaning.findings) == 1


def test_rows_that_break_a_rule_are_malformed_lines(file: Path) -> None:
    file.write_bytes(b"1\tAlien\t4\n\n2\tBrazil\t9\n3\tUp\t1\n4\tM\t8\n")
    cleaning = Cleaning()
    (block,) = blocks_of(file, TYPED, cleaning)
    assert block.where(pl.col("stars") < 5).lines.tolist() == [1, 4]  # type: ignore[union-attr]
    good = block.without(pl.col("stars") > 5, file, "too many stars", cleaning)
    assert good.frame["id"].to_list() == [1, 3]
    assert cleaning.findings[0].examples == (
        f"{file}, line 3: too many stars",
        f"{file}, line 5: too many stars",
    )


def test_a_table_is_read_whole_with_its_lines(file: Path) -> None:
    layout = replace(TYPED, header=True)
    file.write_bytes(b"id\ttitle\tstars\n1\tAlien\t4\nbad\n2\t\t3\n")
    table = read_table(file, layout, Cleaning())
    assert table.frame.rows() == [(1, "Alien", 4.0), (2, "", 3.0)]
    assert (table.line(0), table.line(1)) == (2, 4)
    file.write_bytes(b"id\ttitle\tstars\n")
    assert read_table(file, layout, Cleaning()).frame.schema == TYPED.types


@pytest.mark.parametrize(
    ("content", "separator", "names"),
    [
        (b'"a",b c\r\n1,2\r\n', ",", ("a", "b c")),
        (b'"a"\tb\n', "\t", ('"a"', "b")),
        (b"", ",", ()),
        (b"x" * 200_000, ",", ("x" * (1 << 16),)),
    ],
)
def test_a_header_is_read(
    content: bytes, separator: str, names: tuple[str, ...], file: Path
) -> None:
    file.write_bytes(content)
    assert header_of(file, separator) == names


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; its first line must name the columns"),
        (b"a\ta\n", "line 1: column names must differ and not be empty"),
        (b"a\t\n", "line 1: column names must differ and not be empty"),
        (b"a\tb\n", "line 1: there is no column c"),
    ],
)
def test_a_header_without_the_needed_names_is_refused(
    content: bytes, message: str, file: Path
) -> None:
    file.write_bytes(content)
    with pytest.raises(DataError, match=message):
        layout_of_texts(file, "\t", ("a", "c"))
