"""Every format: recognition, zips, encodings, malformed rows."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from pathlib import Path

import pytest
from tests.data.exports.conftest import Write

from matinee.data.cleaning import Cleaning
from matinee.data.exports import read_export
from matinee.errors import DataError

HEADER = "Date,Name,Year,Letterboxd URI,Rating"
ALIEN = "2019-01-15,Alien,1979,https://boxd.it/1,4.5"


@pytest.mark.parametrize(
    ("name", "format_"),
    [("letterboxd", "Letterboxd"), ("imdb.csv", "IMDb"), ("trakt", "Trakt")],
)
def test_a_format_is_recognised_by_its_content(fixtures: Path, name: str, format_: str) -> None:
    assert read_export(fixtures / name).format == format_


def test_the_name_of_a_file_does_not_matter(fixtures: Path, tmp_path: Path) -> None:
    shutil.copy(fixtures / "imdb.csv", tmp_path / "ratings-movies.json")
    assert read_export(tmp_path / "ratings-movies.json").format == "IMDb"


def test_a_zip_reads_like_its_folder_or_the_only_folder_in_it(
    fixtures: Path, tmp_path: Path
) -> None:
    for place in ((fixtures / "letterboxd", None), (fixtures, "letterboxd")):
        archive = shutil.make_archive(str(tmp_path / "export"), "zip", *place)
        assert read_export(Path(archive)) == read_export(fixtures / "letterboxd")


def test_a_malformed_row_in_a_zip_is_reported_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("ratings.csv", f"{HEADER}\n{ALIEN}\n2019-01-15,Jaws,1975,x,six\n")
    cleaning = Cleaning()
    assert len(read_export(path, cleaning).rows) == 1
    (finding,) = cleaning.findings
    assert finding.examples == (
        f"{path}/ratings.csv, line 3: rating 'six' is not a number; write it as 4.5",
    )


def test_a_zip_with_a_path_outside_its_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("../ratings.csv", f"{HEADER}\n{ALIEN}\n")
    with pytest.raises(DataError, match="outside its folder"):
        read_export(path)


def test_a_truncated_zip_is_recognised(fixtures: Path, tmp_path: Path) -> None:
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
    ("table", "reason"),
    [
        *(
            (f"{HEADER}\n2019-01-15,{row}\n{ALIEN}\n", reason)
            for row, reason in (
                ("Alien,1979,https://boxd.it/1", "4 fields instead of 5"),
                ("Alien,1979,https://boxd.it/1,", "rating '' is not a number"),
                ("Alien,1979,https://boxd.it/1,inf", "rating 'inf' is not a number"),
                ("Alien,1979,https://boxd.it/1,9/10", "rating '9/10' is not a number"),
                ("Alien,MCMLXXIX,https://boxd.it/1,4", "year 'MCMLXXIX' is not a year"),
                (",1979,https://boxd.it/1,4", "the film has no name"),
                ('"Al"ien,1979,https://boxd.it/1,4', "expected after"),
            )
        ),
        *(
            (f"Const,Your Rating\n{row}\ntt0073195,8\n", reason)
            for row, reason in (
                ("nm0000001,8", "Const 'nm0000001' is not the IMDb id of a title"),
                ("tt0078748,1_1", "rating '1_1' is not a number"),
                ("tt0078748,", "rating '' is not a number"),
            )
        ),
        *(
            (f"title,year,rating\n{row}\nJaws,1975,4\n", reason)
            for row, reason in (
                (",,4", "the film has neither title nor id"),
                ("Alien,1979,good", "rating 'good' is not a number"),
                ("Alien,79,4", "year '79' is not a year"),
            )
        ),
    ],
)
def test_a_malformed_row_is_left_out_and_reported(written: Write, table: str, reason: str) -> None:
    path = written("ratings.csv", table)
    cleaning = Cleaning()
    assert len(read_export(path, cleaning).rows) == 1
    (finding,) = cleaning.findings
    assert finding.count == 1
    assert finding.examples[0].startswith(f"{path}, line 2: ")
    assert reason in finding.examples[0]


def test_line_breaks_in_fields_count_as_lines(written: Write) -> None:
    path = written("r.csv", f'{HEADER}\n2019-01-15,"A\n\nB",1979,x,4\n2019-01-15,C,1979,x,?\n')
    with pytest.raises(DataError, match=r"line 5: rating '\?'"):
        read_export(path, Cleaning(strict=True))


def test_a_rating_with_an_unreadable_time_is_read(written: Write) -> None:
    path = written("ratings.csv", f"{HEADER}\n{ALIEN.replace('2019-01-15', 'yesterday')}\n")
    cleaning = Cleaning()
    assert read_export(path, cleaning).rows[0].time == 0
    (finding,) = cleaning.findings
    assert str(finding) == (
        f"1 impossible times, taken as unknown ({path}, line 2: 'yesterday' is no time)"
    )


def test_a_quote_without_end_is_an_error(written: Write) -> None:
    path = written("ratings.csv", f'{HEADER}\n{ALIEN}\n2019-01-15,"Jaws,1975,x,4\n{ALIEN}\n')
    with pytest.raises(DataError, match="line 3: a quote opens here and never closes"):
        read_export(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b,c\n1,2,3\n", r"begins with the columns a, b, c; expected one of: a Letterboxd"),
        ("", "is not an export of a known format; expected one of"),
        ('{"some": "object"}', "begins with the columns some; expected one of"),
        ("title,rating\nAlien,9/10\n", r"no film .*line 2: rating '9/10' is not a number"),
        ("title,rating\nAlien,good\n", r"no film .*line 2: rating 'good' is not a number"),
        (b"\x00\x01\x02", "expected one of"),
        (f"{HEADER}\n", "has no film that was rated or seen"),
        (f"{HEADER}\n".encode("utf-16")[:-1], r"is not whole UTF-16 text .*; save as"),
    ],
)
def test_a_wrong_file_is_an_error_of_one_line(
    written: Write, content: str | bytes, message: str
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read_export(written("file.csv", content))
    assert "\n" not in str(caught.value)


def test_a_missing_path_and_an_empty_folder_are_errors(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no file or folder .*nowhere\.zip"):
        read_export(tmp_path / "nowhere.zip")
    with pytest.raises(DataError, match=r"Trakt's ratings-movies\.json"):
        read_export(tmp_path)


def test_windows_text_gzip_blank_lines_and_empty_columns_are_read(written: Write) -> None:
    table = "\n\ntitle|rating||\nAmélie|4||\n\nAlien|5\n Jaws |3||||\nEmma\n"
    cleaning = Cleaning()
    path = written("mine.txt", gzip.compress(table.encode("cp1252")))
    rows = read_export(path, cleaning).rows
    assert [(row.title, row.value) for row in rows] == [("Amélie", 4), ("Alien", 5), ("Jaws", 3)]
    assert [str(each) for each in cleaning.findings] == [
        f"1 files that are not UTF-8, read as Windows-1252 ({path})",
        f"1 malformed lines left out ({path}, line 8: 1 fields instead of 2)",
    ]


def test_a_damaged_gzip_file_is_refused(written: Write) -> None:
    with pytest.raises(DataError, match="damaged gzip"):
        read_export(written("mine.csv.gz", gzip.compress(b"title,rating\nAlien,4\n")[:-12]))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_read_and_said(written: Write, encoding: str) -> None:
    cleaning = Cleaning()
    path = written("mine.csv", "title,rating\nAmélie,4\n".encode(encoding))
    assert read_export(path, cleaning).rows[0].title == "Amélie"
    assert str(cleaning.findings[0]) == f"1 files without a mark, read as UTF-16 ({path})"


def test_an_error_in_a_zip_names_the_member(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("mine.csv.gz", gzip.compress(b"title,rating\nAlien,4\n")[:-12])
    with pytest.raises(DataError, match=r"export\.zip/mine\.csv\.gz is a damaged gzip file"):
        read_export(path)
