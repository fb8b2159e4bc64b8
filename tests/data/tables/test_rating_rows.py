"""Ids, marks for "not rated", scales and times of the rows of a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.tables.rating_table import read_ratings
from matinee.data.vocabulary import LONGEST_ID
from matinee.errors import DataError, OptionError

HEADER = "userId,movieId,rating,timestamp\n"
DAY = 1_000_000_000
GOOD = f"{HEADER}1,10,4.0,{DAY}\n1,20,3.5,{DAY + 1}\n"
GOOD_ROWS = [("1", "10", 4.0, DAY), ("1", "20", 3.5, DAY + 1)]


def read(text: str, folder: Path) -> Dataset:
    return read_ratings(written(text, folder), cleaning=Cleaning())


def written(text: str, folder: Path, name: str = "r.csv") -> Path:
    (folder / name).write_text(text)
    return folder / name


def rows_of(data: Dataset) -> list[tuple[str, str, float, int]]:
    return list(data.interactions.to_frame().iter_rows())


@pytest.mark.parametrize("late", [0, 300])
def test_ids_with_leading_zeros_stay_apart_wherever_they_stand(late: int, tmp_path: Path) -> None:
    plain = [f"{row % 40},{row % 30},{1 + row % 5}" for row in range(late)]
    text = "\n".join(
        ["user,item,rating", *plain, "007,9103,4", "7,09103,5", "0007,9103,1", "+7,9103,2"]
    )
    ratings = read(text, tmp_path).interactions
    assert {"7", "007", "0007", "+7"} <= set(ratings.user_ids.ids.tolist())
    assert {"9103", "09103"} <= set(ratings.item_ids.ids.tolist())
    assert ratings.values[-4:].tolist() == [4, 5, 1, 2]


@pytest.mark.parametrize(
    "word", ["nan", "NaN", "NULL", "None", "NA", "<NA>", r"\N", "null", "#N/A"]
)
def test_words_for_missing_are_no_ids(word: str, tmp_path: Path) -> None:
    data = read(GOOD + f"{word},10,4,{DAY}\n3,{word},4,{DAY}\n", tmp_path)
    assert rows_of(data) == GOOD_ROWS
    (finding,) = data.findings
    assert (finding.kind, finding.count) == ("malformed lines left out", 2)
    assert "no viewer id" in finding.examples[0]
    assert "no film id" in finding.examples[1]


def test_an_id_that_could_not_be_stored_is_left_out_by_name(tmp_path: Path) -> None:
    longest = "x" * LONGEST_ID
    data = read(GOOD + f"{longest},10,4,{DAY}\n{longest}y,10,4,{DAY}\n", tmp_path)
    assert longest in data.interactions.user_ids
    (finding,) = data.findings
    assert "line 5: viewer id 'xxxxxxxxxxxxxxxxxxxx'... has 129 characters" in finding.examples[0]


def test_the_year_is_part_of_a_film_without_an_id(tmp_path: Path) -> None:
    text = (
        "user,title,year,rating\nann,Les Misérables,1998,5\nann,Les Misérables,2012,1\n"
        "bob,Les Misérables,2012.0,2\nbob,Fargo (1996),1996,4\nbob,Solaris,,3\n"
    )
    data = read(text, tmp_path)
    assert data.findings == ()
    assert [(row[1], row[2]) for row in rows_of(data)] == [
        *(("Les Misérables (1998)", 5), ("Les Misérables (2012)", 1), ("Les Misérables (2012)", 2)),
        *(("Fargo (1996)", 4), ("Solaris", 3)),
    ]
    assert [film.label for film in data.catalog.films()] == [
        *("Fargo (1996)", "Les Misérables (1998)", "Les Misérables (2012)", "Solaris"),
    ]


def test_a_viewers_own_rating_is_taken_before_everybodys(tmp_path: Path) -> None:
    text = "user_id,movie_id,rating,user_rating\n1,10,7.8,2\n1,11,6.1,9\n2,10,7.8,10\n"
    data = read(text, tmp_path)
    assert data.interactions.values.tolist() == [2, 9, 10]
    assert "rating from 'user_rating'" in data.notes[0]


def test_a_header_can_state_the_scale(tmp_path: Path) -> None:
    data = read("User,Movie,Rating (1-10)\nann,Fargo,5\nbob,Fargo,2\n", tmp_path)
    assert data.interactions.scale == (1.0, 10.0)
    assert "scale 1 to 10, by the column's name" in data.notes


def test_marks_for_not_rated_are_counted_apart(tmp_path: Path) -> None:
    lines = [f"{row},{row % 9},{(-1, 1, 5, 8, 10)[row % 5]}" for row in range(600)]
    file = written("user,item,rating\n" + "\n".join(lines), tmp_path)
    data = read_ratings(file, cleaning=Cleaning(limit=0))
    assert data.interactions.scale == (1.0, 10.0)
    (finding,) = data.findings
    assert (finding.kind, finding.count) == ('ratings of -1 left out as "not rated"', 120)
    assert "line 2; --scale -1 10 keeps them" in finding.examples[0]
    kept = read_ratings(file, scale=(-1, 10), cleaning=Cleaning())
    assert (len(kept.interactions), kept.findings) == (600, ())


def test_counts_are_no_ratings(tmp_path: Path) -> None:
    lines = [f"{row},1,{1 + (row % 7 == 0) * row}" for row in range(400)]
    file = written("user,item,rating\n" + "\n".join(lines), tmp_path)
    with pytest.raises(
        DataError,
        match=r"'rating' looks like counts, from 1 to .*--column count='rating', or with --scale",
    ):
        read_ratings(file, cleaning=Cleaning())
    assert read_ratings(file, scale=(1, 400), cleaning=Cleaning()).interactions.scale == (
        1.0,
        400.0,
    )


@pytest.mark.parametrize(
    ("times", "seconds", "note"),
    [
        (["20190131", "2019"], [1548892800, 1546300800], "taken for days as 20190131"),
        (["2018", "2019"], [1514764800, 1546300800], "taken for years"),
        (["43496", "43496.5"], [1548892800, 1548936000], "taken for days of a spreadsheet"),
    ],
)
def test_what_numbers_mean_is_decided_over_the_whole_column(
    times: list[str], seconds: list[int], note: str, tmp_path: Path
) -> None:
    lines = [f"{row},10,4,{time}\n" for row, time in enumerate(times)]
    data = read_ratings(written(HEADER + "".join(lines), tmp_path), cleaning=Cleaning(), block=20)
    assert data.interactions.times.tolist() == seconds
    assert data.findings == ()
    assert any(note in each and "--times" in each for each in data.notes)


def test_doubtful_times_are_said_and_asked_about(tmp_path: Path) -> None:
    file = written(HEADER + "1,10,4,1/2/2019\n2,10,4,500\n", tmp_path)
    data = read_ratings(file, cleaning=Cleaning())
    assert data.interactions.times.tolist() == [0, 500]
    early, either = data.findings
    assert early.kind == "times before 1994, taken for Unix seconds; --times says what they are"
    assert "line 3: 500" in early.examples[0]
    assert either.kind.endswith("--times day-first or --times month-first says which")
    assert "line 2: 1 February or 2 January" in either.examples[0]
    times = read_ratings(file, times="month-first", cleaning=Cleaning()).interactions.times
    assert times.tolist() == [1546387200, 0]
    with pytest.raises(OptionError, match="unknown form of times 'noon'; known: unix, date"):
        read_ratings(file, times="noon", cleaning=Cleaning())
