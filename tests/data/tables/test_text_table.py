"""The form of text files: separators, headers, quotes, what stands above a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from matinee.data.cleaning import Cleaning
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import DataError

ROWS = [("196", "242", 3.0), ("186", "302", 4.5), ("22", "377", 1.0)]
PLAIN = "196,242,3\n186,302,4.5\n22,377,1\n"
HEADER = "userId,movieId,rating\n"


def rows(
    text: str, folder: Path, name: str = "r.csv"
) -> tuple[list[tuple[str, str, float]], list[str]]:
    (folder / name).write_text(text)
    data = read_ratings(folder / name, cleaning=Cleaning())
    found = [row[:3] for row in data.interactions.to_frame().iter_rows()]
    return found, [each.kind for each in data.findings]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|", "::", " "])
@pytest.mark.parametrize("header", ["", HEADER])
@pytest.mark.parametrize("name", ["u.data", "ratings.dat", "ratings", "r.txt", "x.inter"])
def test_a_file_of_any_name_and_separator_is_read(
    separator: str, header: str, name: str, tmp_path: Path
) -> None:
    assert rows((header + PLAIN).replace(",", separator), tmp_path, name) == (ROWS, [])


def test_any_number_of_blanks_separates(tmp_path: Path) -> None:
    text = "  196   242 3\n186 302  4.5  \n22 377 1\n"
    assert rows(text, tmp_path, "r.txt") == (ROWS, [])
    assert rows(text + "1 2\n", tmp_path, "r.txt") == (ROWS, ["malformed lines left out"])


def test_two_colons_and_single_ones_in_a_title(tmp_path: Path) -> None:
    text = "1::Mission: Impossible (1996)::4\n1::Alien (1979)::5\n2::Alien (1979)::3\n"
    assert rows(text, tmp_path)[0][0] == ("1", "Mission: Impossible (1996)", 4)


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("sep=,\n" + HEADER + PLAIN, []),
        ("sep=;\n" + (HEADER + PLAIN).replace(",", ";"), []),
        ("My ratings\n" + HEADER + PLAIN, ["lines above the table passed over"]),
        ("My ratings\n\n2024,,\n" + PLAIN, ["lines above the table passed over"]),
        ("# exported\n" + HEADER + PLAIN, ["lines above the table passed over"]),
        ("0,1,2\n" + PLAIN, ["lines above the table passed over"]),
        ("\n\n" + HEADER + PLAIN, []),
    ],
)
def test_what_stands_above_a_table_is_passed_over(
    text: str, findings: list[str], tmp_path: Path
) -> None:
    assert rows(text, tmp_path) == (ROWS, findings)


def test_a_row_that_could_be_a_header_of_numbers_is_a_row_among_its_like(tmp_path: Path) -> None:
    found, findings = rows("0,1,2\n0,2,3\n1,1,4\n", tmp_path)
    assert found == [("0", "1", 2), ("0", "2", 3), ("1", "1", 4)]
    assert findings == []


@pytest.mark.parametrize(
    "text",
    [
        "user,item,rating,\n196,242,3,\n186,302,4.5,\n22,377,1,\n",
        "user,item,rating,,\n196,242,3,,\n186,302,4.5,,\n22,377,1,,\n",
        "user,item,rating\n196,242,3,,\n186,302,4.5,,\n22,377,1,,\n",
        "user,item,rating\n196,242,3\n186,302,4.5\n22,377,1,,\n",
        "user,item,rating,,\n196,242,3\n186,302,4.5,\n22,377,1,,\n",
        ",user,item,rating\n0,196,242,3\n1,186,302,4.5\n2,22,377,1\n",
        '"user","item","rating"\n"1",196,242,3\n"2",186,302,4.5\n"3",22,377,1\n',
        "user,,item,,rating\n196,a,242,b,3\n186,a,302,b,4.5\n22,a,377,b,1\n",
    ],
    ids=["one", "two", "rows alone", "one row", "ragged", "index", "names of rows", "in between"],
)
def test_columns_without_a_name_are_passed_over(text: str, tmp_path: Path) -> None:
    assert rows(text, tmp_path) == (ROWS, [])


def test_quotes_in_tabs_are_text_unless_all_enclose_fields(tmp_path: Path) -> None:
    head = "user\titem\ttitle\trating\n"
    text = head + '1\t10\t"Crocodile" Dundee (1986)\t4\n2\t11\t"Weird Al (2022)\t3\n'
    (tmp_path / "r.tsv").write_text(text)
    data = read_ratings(tmp_path / "r.tsv", cleaning=Cleaning(strict=True))
    assert list(data.catalog.titles) == ['"Crocodile" Dundee', '"Weird Al']
    text = head + '1\t10\t"Say ""Hi""\n(2001)"\t4\n2\t11\t"Alien"\t3\n'
    (tmp_path / "r.tsv").write_text(text)
    data = read_ratings(tmp_path / "r.tsv", cleaning=Cleaning(strict=True))
    assert list(data.catalog.titles) == ['Say "Hi"', "Alien"]


def test_two_quotes_that_open_nothing_do_not_join_rows(tmp_path: Path) -> None:
    found, findings = rows('1\t7\t1\n"\t8\t2\n2"\t9\t3\n', tmp_path)
    assert found == [("1", "7", 1), ('"', "8", 2), ('2"', "9", 3)]
    assert findings == []


@pytest.mark.parametrize("at", [1, 300])
def test_a_quote_that_never_closes_in_tabs_costs_nothing(at: int, tmp_path: Path) -> None:
    films = ['"Q' if row == at else str(row) for row in range(400)]
    lines = [f"{row}\t{film}\t{1 + row % 5}" for row, film in enumerate(films)]
    (tmp_path / "r.tsv").write_text("user\titem\trating\n" + "\n".join(lines))
    data = read_ratings(tmp_path / "r.tsv", cleaning=Cleaning(strict=True), block=512)
    assert len(data.interactions) == 400
    assert '"Q' in data.interactions.item_ids


def test_words_in_lines_are_no_table(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"line 1: one column only; separate columns by a comma"):
        rows("one two three\nfour five\n", tmp_path)
