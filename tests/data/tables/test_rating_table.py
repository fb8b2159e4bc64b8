from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.fetching.cache import Cache
from matinee.data.sources import load
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import DataError, InputError, OptionError

Rows = list[tuple[str, str, float, int]]
HEADER = "userId,movieId,rating,timestamp\n"
DAY = 1_000_000_000
GOOD = HEADER + "".join(
    f"{row},{DAY + at}\n" for at, row in enumerate(("1,10,4.0", "1,20,3.5", "2,10,0.5", "2,30,5.0"))
)


def read(text: str | bytes, folder: Path, name: str = "r.csv") -> Dataset:
    return read_ratings(written(text, folder, name), cleaning=Cleaning())


def written(text: str | bytes, folder: Path, name: str = "r.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def rows_of(data: Dataset) -> Rows:
    return list(data.interactions.to_frame().iter_rows())


GOOD_ROWS: Rows = [
    *(("1", "10", 4, DAY), ("1", "20", 3.5, DAY + 1)),
    *(("2", "10", 0.5, DAY + 2), ("2", "30", 5, DAY + 3)),
]


def test_a_table_becomes_interactions_and_notes_its_columns(tmp_path: Path) -> None:
    data = read(GOOD, tmp_path)
    assert rows_of(data) == GOOD_ROWS
    assert data.interactions.scale == (0.5, 5.0)
    assert data.findings == ()
    assert data.notes == (
        "columns: user from 'userId', item from 'movieId', rating from 'rating', time from 'timestamp'",  # noqa: E501 - one sentence
        "scale 0.5 to 5, guessed from the ratings",
        "3 of 3 films have no title: called by their ids",
    )
    assert data.catalog.titles[1] == "Film 20"


@pytest.mark.parametrize(
    "header",
    [
        "userId,movieId,rating,timestamp",
        "user_id,item_id,rating,timestamp",
        "USER_ID,ITEM_ID,RATING,TIMESTAMP",
        "userID,itemID,rating,timestamp",
        "user,item,rating,time",
        "customer,film,stars,date",
        "Viewer,Movie,Score,When",
        "user_id:token,item_id:token,rating:float,timestamp:float",
        "reviewer-id,product id,Overall,unixReviewTime",
    ],
)
def test_every_convention_is_known(header: str, tmp_path: Path) -> None:
    assert rows_of(read(GOOD.replace(HEADER.strip(), header), tmp_path)) == GOOD_ROWS


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("header", [HEADER, ""])
def test_separator_and_header_are_guessed(separator: str, header: str, tmp_path: Path) -> None:
    text = (header + GOOD.removeprefix(HEADER)).replace(",", separator)
    assert rows_of(read(text, tmp_path, "r.txt")) == GOOD_ROWS


@pytest.mark.parametrize(
    "form",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: gzip.compress(text.encode()),
        lambda text: gzip.compress(text.encode("utf-16")),
        lambda text: text.replace(",10,", ',"10",').encode(),
    ],
    ids=["mark", "utf-16", "crlf", "no last line end", "gzip", "gzip of utf-16", "quotes"],
)
def test_every_form_of_text_reads_the_same(form: Callable[[str], bytes], tmp_path: Path) -> None:
    data = read(form(GOOD), tmp_path)
    assert rows_of(data) == GOOD_ROWS
    assert data.findings == ()


def test_text_that_is_not_utf8_is_read_and_recorded(tmp_path: Path) -> None:
    text = "user,item,rating,title\n1,10,4,Amélie\n2,10,3,Amélie\n2,11,5,“Heat”\n"
    data = read(text.encode("cp1252"), tmp_path)
    assert list(data.catalog.titles) == ["Amélie", "“Heat”"]
    assert [finding.kind for finding in data.findings] == [
        "files that are not UTF-8, read as Windows-1252"
    ]


def test_a_title_may_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    text = 'user,item,rating,title\n1,10,4,"Good, the ""Bad""\nand the Ugly, The"\n1,11,x,b\n'
    data = read(text, tmp_path)
    assert data.catalog.titles[0] == 'Good, the "Bad"\nand the Ugly, The'
    assert "r.csv, line 4: rating 'x' is not a finite number" in str(data.findings[0])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",10,4,100", "no viewer id"),
        ("  ,10,4,100", "no viewer id"),
        ("1,,4,100", "no film id"),
        ("1,10,,100", "no rating"),
        ("1,10,good,100", "rating 'good' is not a finite number"),
        ("1,10,nan,100", "rating 'nan' is not a finite number"),
        ("1,10,inf,100", "rating 'inf' is not a finite number"),
        ("1,10,1e999,100", "rating '1e999' is not a finite number"),
        ("1,10,4", "3 fields instead of 4"),
        ("1,10,4,100,5", "5 fields instead of 4"),
        ('1,10,"4"5,100', "a misplaced quote"),
    ],
)
@pytest.mark.parametrize("before", [1, 3])
def test_a_malformed_line_is_left_out_and_named(
    line: str, reason: str, before: int, tmp_path: Path
) -> None:
    lines = GOOD.splitlines()
    lines.insert(before, line)
    data = read("\n".join(lines), tmp_path)
    assert rows_of(data) == GOOD_ROWS
    (finding,) = data.findings
    assert (finding.kind, finding.count) == ("malformed lines left out", 1)
    (example,) = finding.examples
    assert example.startswith(f"{tmp_path / 'r.csv'}, line {before + 1}: {reason}")


def test_empty_lines_are_counted_and_the_numbers_of_others_stay_right(tmp_path: Path) -> None:
    data = read(GOOD.replace("1,20", "\n,,,\n1,20") + "3,10,bad,1\n", tmp_path)
    assert rows_of(data) == GOOD_ROWS
    empty, malformed = data.findings
    assert (empty.kind, empty.count) == ("empty lines left out", 2)
    assert "line 3: empty" in empty.examples[0]
    assert "line 8: rating 'bad'" in malformed.examples[0]


def test_lines_are_right_in_a_table_of_several_blocks(tmp_path: Path) -> None:
    lines = [f"{row % 7},{row},{1 + row % 5},{row}" for row in range(200)]
    lines[150] = "1,2,none,3"
    file = written(HEADER + "\n".join(lines), tmp_path)
    data = read_ratings(file, cleaning=Cleaning(), block=64)
    assert len(data.interactions) == 199
    assert "line 152: rating 'none'" in data.findings[0].examples[0]


def test_a_rating_off_the_scale_is_left_out_and_named(tmp_path: Path) -> None:
    lines = [f"{row},{row % 9},{1 + row % 5},1" for row in range(300)]
    lines[200] = "200,2,50,1"
    data = read(HEADER + "\n".join(lines), tmp_path)
    assert data.interactions.scale == (1.0, 5.0)
    assert len(data.interactions) == 299
    assert "200" not in data.interactions.user_ids
    assert "line 202: rating 50 is outside 1 to 5" in data.findings[0].examples[0]


def test_a_chosen_scale_applies(tmp_path: Path) -> None:
    data = read_ratings(written(GOOD, tmp_path), scale=(1, 5), cleaning=Cleaning())
    assert rows_of(data) == [row for row in GOOD_ROWS if row[2] >= 1]
    assert "line 4: rating 0.5 is outside 1 to 5" in data.findings[0].examples[0]
    assert "scale 1 to 5, as given" in data.notes


@pytest.mark.parametrize(
    ("written_as", "seconds"),
    [
        ("964982703", 964982703),
        ("964982703000", 964982703),
        ("964982703000000", 964982703),
        ("964982703.75", 964982703),
        ("2000-07-30", 964915200),
        ("2000-07-30 18:45:03", 964982703),
        ("2000-07-30T18:45:03", 964982703),
        ("2000-07-30T18:45:03.500", 964982703),
        ("2000-07-30T18:45:03Z", 964982703),
        ("2000-07-30T20:45:03+02:00", 964982703),
        ("2000/07/30 18:45:03", 964982703),
    ],
)
def test_times_are_read_in_every_form(written_as: str, seconds: int, tmp_path: Path) -> None:
    data = read(f"user,item,rating,date\n1,10,4,{written_as}\n2,10,3,{written_as}\n", tmp_path)
    assert data.interactions.times.tolist() == [seconds, seconds]
    assert data.findings == ()


@pytest.mark.parametrize("time", ["-5", "9999999999", "yesterday", "2000-13-45"])
def test_an_impossible_time_is_unknown_and_recorded(time: str, tmp_path: Path) -> None:
    data = read(GOOD + f"3,30,2,{time}\n", tmp_path)
    assert rows_of(data) == [*GOOD_ROWS, ("3", "30", 2, 0)]
    (finding,) = data.findings
    assert finding.kind == "impossible times, taken as unknown"
    assert f"line 6: '{time}' is no time" in finding.examples[0]


def test_a_missing_time_is_unknown_and_counted(tmp_path: Path) -> None:
    data = read(GOOD + "3,30,2,\n", tmp_path)
    assert rows_of(data)[-1] == ("3", "30", 2, 0)
    assert str(data.findings[0]).startswith("1 ratings without a time")


def test_the_last_of_repeated_ratings_by_time_then_row_counts(tmp_path: Path) -> None:
    text = HEADER + "1,10,1,5\n1,10,2,9\n1,10,3,7\n2,10,4,3\n2,10,5,3\n3,11,1,1\n"
    data = read_ratings(written(text, tmp_path), times="unix", cleaning=Cleaning())
    assert rows_of(data) == [("1", "10", 2, 9), ("2", "10", 5, 3), ("3", "11", 1, 1)]
    (finding,) = data.findings
    assert (finding.kind, finding.count) == ("repeated ratings, the last kept", 3)


def test_without_ratings_every_row_counts_one(tmp_path: Path) -> None:
    data = read("user_id,item_id,timestamp\n1,10,5\n2,11,6\n", tmp_path)
    assert data.interactions.values.tolist() == [1, 1]
    assert data.interactions.scale == (0.0, 1.0)
    assert "no rating column: every row counts 1" in data.notes
    data = read("user_id,item_id,timestamp\n1,10,5\n2,11,6\n1,10,7\n", tmp_path)
    added = "1 rows repeat a viewer and a film: --implicit adds them up"
    assert f"no rating column: every row counts 1; {added}" in data.notes


@pytest.mark.parametrize(
    ("text", "values", "users", "items"),
    [
        ("1;2;3,5\n2;3;4,0\n", [3.5, 4], "1 2", "2 3"),  # a decimal comma
        ('1,a,3\n2,5"disk,4\n', [3, 4], "1 2", '5"disk a'),  # a quote inside a field
        ("b,011,4\na,09,2\n", [4, 2], "a b", "011 09"),  # leading zeros
        ("10,b,4\n9,a,2\n9000000000,c,1\n", [4, 2, 1], "9 10 9000000000", "a b c"),
    ],
)
def test_values_are_as_written_and_ids_in_numerical_or_alphabetical_order(
    text: str, values: list[float], users: str, items: str, tmp_path: Path
) -> None:
    header = "user;item;rating\n" if ";" in text else "user,item,rating\n"
    ratings = read(header + text, tmp_path).interactions
    assert ratings.values.tolist() == values
    assert ratings.user_ids.ids.tolist() == users.split()
    assert ratings.item_ids.ids.tolist() == items.split()
    assert ratings.to_frame()["user_id"].to_list() == re.findall(r"^\w+", text, re.MULTILINE)


def test_a_late_id_of_text_keeps_films_together(tmp_path: Path) -> None:
    lines = [f"{row},{row % 5},{1 + row % 5}" for row in range(300)]
    file = written("user,item,rating\n" + "\n".join([*lines, "x1,extra,5"]), tmp_path)
    data = read_ratings(file, cleaning=Cleaning(), block=512)
    assert sorted(data.interactions.item_ids.ids.tolist()) == ["0", "1", "2", "3", "4", "extra"]


def test_columns_can_be_chosen(tmp_path: Path) -> None:
    file = written(GOOD.replace(HEADER, "a,b,c,d\n"), tmp_path)
    columns = {"user": "a", "item": "b", "rating": "c", "time": "d"}
    assert rows_of(read_ratings(file, columns=columns, cleaning=Cleaning())) == GOOD_ROWS


def test_titles_years_and_genres_come_from_a_second_table(tmp_path: Path) -> None:
    films = 'movieId,title,genres\n10,"Usual Suspects, The (1995)",Crime|Thriller\n40,Up (2009),\n'
    data = read_ratings(
        written(GOOD, tmp_path), films=written(films, tmp_path, "f.csv"), cleaning=Cleaning()
    )
    film = data.catalog.film(0)
    assert (film.label, film.genres) == ("The Usual Suspects (1995)", ("Crime", "Thriller"))
    assert data.catalog.item_ids.ids.tolist() == ["10", "20", "30", "40"]
    assert data.interactions.item_ids is data.catalog.item_ids
    assert "2 of 3 films have no title: called by their ids" in data.notes


def test_titles_are_ids_in_a_table_without_ids(tmp_path: Path) -> None:
    data = read('user,title,stars,genre\n1,Heat (1995),4,"Crime, Drama"\n2,Up,3,\n', tmp_path)
    assert data.interactions.item_ids.ids.tolist() == ["Heat (1995)", "Up"]
    assert data.catalog.film(0).label == "Heat (1995)"
    assert data.catalog.film(0).genres == ("Crime", "Drama")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("r.csv", "", "is empty"),
        ("r.csv", "\n\n", "is empty"),
        ("r.csv", "just some words\nwithout columns\n", "line 1: one column only"),
        ("r.csv", HEADER, "holds no rows that can be used"),
        ("r.csv", "a,b,c\nx,y,3\n", "which column is the user and the item; .*'a', 'b'"),
        ("r.csv", "user,b,c\nx,y,3\n", r"is the item; .*columns=\{\"item\""),
        ("r.csv", "user,user,item\nx,y,3\n", "two columns are called 'user'"),
        ("r.csv", HEADER + '1,10,4,1\n1,"20,3,1\n2,1,1,1\n', "line 3: a quote opens here"),
        ("r.csv", GOOD + '3,10,4,"', "line 6: a quote opens here and never closes"),
        ("r.csv", b"\x00\x01\x02\x03" * 50, "is not a text file"),
        ("r.csv", HEADER + "1,10,4\n" * 101, "line 102: 3 fields .* more than 100 malformed"),
        ("r.csv.gz", gzip.compress(GOOD.encode() * 50, mtime=0)[:-30], "is a damaged gzip file"),
        ("r.csv.gz", b"\x1f\x8bnot gzip at all", "is a damaged gzip file"),
        ("r.parquet", "not parquet", "is not a whole Parquet file"),
        ("r.jsonl", "nothing\n", "line 1: not a JSON object a line"),
        ("r.json", '[{"user": 1,', "is not whole JSON"),
        ("r.json", "[1, 2]", "is not a list of JSON objects"),
        ("r.jsonl", '{"a": 1, "b": 2}\n', "cannot tell which column is the user and the item"),
        ("r.csv", "user,item,rating\n1,2,x\n", "holds no rows that can be used"),
        ("r.csv", b"\xff\xfeu", "is not whole UTF-16 text"),
        ("r.csv", GOOD.replace("\n", "\r"), "lines end in a carriage return alone"),
        ("r.json", "[]", "is empty"),
    ],
)
def test_an_unreadable_table_names_the_cause(
    name: str, text: str | bytes, words: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=words) as raised:
        read(text, tmp_path, name)
    assert str(tmp_path / name) in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["no.csv", "no.parquet", "no.jsonl", "no.csv.gz"])
def test_a_missing_file_is_an_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no file"):
        read_ratings(tmp_path / name, cleaning=Cleaning())


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"columns": {"viewer": "x"}}, OptionError, "unknown kind of column 'viewer'; known: user"),
        ({"columns": {"user": "who"}}, DataError, "has no column 'who' for the user; it has 'user"),
        ({"scale": (5, 1)}, OptionError, r"scale \(5, 1\)"),
    ],
)
def test_wrong_options_are_errors(
    options: dict[str, Any], error: type[InputError], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=message):
        read_ratings(written(GOOD, tmp_path), **options, cleaning=Cleaning())


def test_a_list_and_a_folder_are_no_tables(tmp_path: Path) -> None:
    for no_table, message in (([1, 2], "a list is no table"), (tmp_path, "is a folder")):
        with pytest.raises(DataError, match=message):
            read_ratings(no_table, cleaning=Cleaning())


def test_strict_reading_stops_at_the_first_defect(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 6: no rating"):
        read_ratings(written(GOOD + "9,9,,1\n", tmp_path), cleaning=Cleaning(strict=True))


def test_load_accepts_the_path_of_a_table_or_of_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    file = written(GOOD, folder, "Ratings.CSV")
    for path in (file, folder):
        data = load(str(path), Cache(tmp_path))
        assert rows_of(data) == GOOD_ROWS
        assert data.name == str(path)
    written(GOOD, folder, "also-ratings.csv")
    with pytest.raises(DataError, match=r"Ratings\.CSV, also.* could each hold the ratings; name"):
        load(str(folder), Cache(tmp_path))
