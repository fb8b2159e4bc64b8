"""What every format has in common: recognition, zips, encodings, bad rows."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from matinee.data.cleaning import Cleaning
from matinee.data.exports import read_export
from matinee.errors import DataError

Write = Callable[[str, str | bytes], Path]
HEADER = "Date,Name,Year,Letterboxd URI,Rating"
ALIEN = "2019-01-15,Alien,1979,https://boxd.it/1,4.5"


@pytest.mark.parametrize(
    ("name", "format_"),
    [("letterboxd", "Letterboxd"), ("imdb.csv", "IMDb"), ("trakt", "Trakt")],
)
def test_a_format_is_known_by_its_content(fixtures: Path, name: str, format_: str) -> None:
    assert read_export(fixtures / name).format == format_


def test_the_name_of_a_file_says_nothing(fixtures: Path, tmp_path: Path) -> None:
    shutil.copy(fixtures / "imdb.csv", tmp_path / "ratings-movies.json")
    assert read_export(tmp_path / "ratings-movies.json").format == "IMDb"


def test_a_zip_reads_like_its_folder(fixtures: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "export"), "zip", fixtures / "letterboxd")
    assert read_export(Path(archive)) == read_export(fixtures / "letterboxd")


def test_a_folder_within_the_zip_is_looked_through(fixtures: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "export"), "zip", fixtures, "letterboxd")
    assert read_export(Path(archive)) == read_export(fixtures / "letterboxd")


def test_a_bad_row_in_a_zip_is_named_by_member_and_line(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("ratings.csv", f"{HEADER}\n{ALIEN}\n2019-01-15,Jaws,1975,x,six\n")
    cleaning = Cleaning()
    assert len(read_export(path, cleaning).rows) == 1
    (finding,) = cleaning.findings
    assert finding.examples == (
        f"{path}/ratings.csv, line 3: rating 'six' is no number from 0.5 to 5",
    )


def test_a_zip_that_reaches_outside_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("../ratings.csv", f"{HEADER}\n{ALIEN}\n")
    with pytest.raises(DataError, match="outside its folder"):
        read_export(path)


def test_a_zip_that_was_cut_off_is_told_as_one(fixtures: Path, tmp_path: Path) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "export"), "zip", fixtures / "letterboxd"))
    archive.write_bytes(archive.read_bytes()[:400])
    with pytest.raises(DataError, match="is not a whole zip file"):
        read_export(archive)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_line_ends_commas_and_breaks_in_fields_are_read(
    written: Write, encoding: str, line_end: str
) -> None:
    rows = [HEADER, '2019-01-15,"Amélie, or:\nthe ""fate""",2001,https://boxd.it/1,4.5', ALIEN, ""]
    path = written("ratings.csv", line_end.join(rows).encode(encoding))
    first, second = read_export(path, Cleaning(strict=True)).rows
    assert first.title == 'Amélie, or:\nthe "fate"'
    assert (second.title, second.year, second.value) == ("Alien", 1979, 4.5)


def test_semicolons_of_a_spreadsheet_are_read(written: Write) -> None:
    table = f"{HEADER}\n{ALIEN}\n".replace(",", ";")
    assert read_export(written("ratings.csv", table)).rows[0].title == "Alien"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2019-01-15,Alien,1979,https://boxd.it/1", "4 fields instead of 5"),
        ("2019-01-15,Alien,1979,https://boxd.it/1,", "rating ''"),
        ("2019-01-15,Alien,1979,https://boxd.it/1,9", "rating '9'"),
        ("2019-01-15,Alien,1979,https://boxd.it/1,nan", "rating 'nan'"),
        ("2019-01-15,Alien,MCMLXXIX,https://boxd.it/1,4", "year 'MCMLXXIX' is no year"),
        ("2019-01-15,,1979,https://boxd.it/1,4", "the film has no name"),
        ('2019-01-15,"Al"ien,1979,https://boxd.it/1,4', "expected after"),
    ],
)
def test_a_bad_row_is_left_out_and_named(written: Write, row: str, reason: str) -> None:
    path = written("ratings.csv", f"{HEADER}\n{row}\n{ALIEN}\n")
    cleaning = Cleaning()
    assert [each.title for each in read_export(path, cleaning).rows] == ["Alien"]
    (finding,) = cleaning.findings
    assert finding.count == 1
    assert finding.examples[0].startswith(f"{path}, line 2: ")
    assert reason in finding.examples[0]


def test_the_line_of_a_bad_row_counts_breaks_in_fields(written: Write) -> None:
    path = written("r.csv", f'{HEADER}\n2019-01-15,"A\n\nB",1979,x,4\n2019-01-15,C,1979,x,9\n')
    with pytest.raises(DataError, match=r"line 5: rating '9'"):
        read_export(path, Cleaning(strict=True))


def test_an_unreadable_time_leaves_the_rating(written: Write) -> None:
    path = written("ratings.csv", f"{HEADER}\n{ALIEN.replace('2019-01-15', 'yesterday')}\n")
    cleaning = Cleaning()
    assert read_export(path, cleaning).rows[0].time == 0
    assert cleaning.findings[0].kind == "unreadable times, taken as unknown"


def test_a_quote_never_closed_stops_the_reading(written: Write) -> None:
    path = written("ratings.csv", f'{HEADER}\n{ALIEN}\n2019-01-15,"Jaws,1975,x,4\n{ALIEN}\n')
    with pytest.raises(DataError, match="line 3: a quote opens here and never closes"):
        read_export(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b,c\n1,2,3\n", r"begins with the columns a, b, c; expected one of: a Letterboxd"),
        ("", "holds no export of a known format; expected one of"),
        ('{"some": "object"}', "holds no export of a known format"),
        (b"\x00\x01\x02", "expected one of"),
        (f"{HEADER}\n", "holds no film that was rated or seen"),
        (f"{HEADER}\n".encode() + b"2019-01-15,Am\xe9lie,2001,x,4\n", "line 2: not UTF-8 text"),
    ],
)
def test_a_wrong_file_is_one_line(written: Write, content: str | bytes, said: str) -> None:
    with pytest.raises(DataError, match=said) as caught:
        read_export(written("file.csv", content))
    assert "\n" not in str(caught.value)


def test_a_path_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no file or folder .*nowhere\.zip"):
        read_export(tmp_path / "nowhere.zip")


def test_an_empty_folder_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"Trakt's ratings-movies\.json"):
        read_export(tmp_path)
