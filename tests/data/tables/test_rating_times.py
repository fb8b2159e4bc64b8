"""One reader of times: what numbers and text mean, over a whole column."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from matinee.data.tables.date_texts import read_date
from matinee.data.tables.rating_times import TIME_FORMS, TimeColumn, read_times
from matinee.errors import OptionError

MOMENT = "2000-12-31 22:12:40"


def read(texts: list[str], form: str | None = None) -> list[str]:
    """The times as dates; "-" for unknown, "impossible", "missing"."""
    times, block = read_times(texts, form)
    assert len(times.seconds) == len(texts)
    words = []
    for second, missing, impossible in zip(
        times.seconds.tolist(), block.missing, block.impossible, strict=True
    ):
        date = f"{datetime.fromtimestamp(second, UTC):%Y-%m-%d %H:%M:%S}" if second else "-"
        words.append("missing" if missing else "impossible" if impossible else date)
    return [word.removesuffix(" 00:00:00") for word in words]


@pytest.mark.parametrize(
    "number",
    [
        *("978300760", "978300760000", "978300760000000", "978300760000000000"),
        *("9.7830076e8", "978300760.5", "978300760.0", "20001231221240", " 978300760 "),
    ],
)
def test_units_are_told_by_size(number: str) -> None:
    assert read([number]) == [MOMENT]
    assert read([number, "1.1.2001", "0", "-5"])[0] == MOMENT


def test_numbers_come_as_numbers_too() -> None:
    for column in (pl.Series([978300760000, 0]), pl.Series([978300760.5, None])):
        reader = TimeColumn()
        assert reader.settled(reader.read(column).codes).seconds.tolist() == [978300760, 0]


@pytest.mark.parametrize(
    ("texts", "dates"),
    [
        (["20190131", "20200201"], ["2019-01-31", "2020-02-01"]),
        (["20190131", "2019"], ["2019-01-31", "2019-01-01"]),
        (["1999", "2001"], ["1999-01-01", "2001-01-01"]),
        (["43496", "43497"], ["2019-01-31", "2019-02-01"]),
        (["43496.5"], ["2019-01-31 12:00:00"]),
        (["201901311015"], ["2019-01-31 10:15:00"]),
        (["20191331"], ["1970-08-22 16:42:11"]),
        (["1/2/2019", "31/1/2019"], ["2019-02-01", "2019-01-31"]),
        (["1/2/2019", "1/31/2019"], ["2019-01-02", "2019-01-31"]),
        (["1/2/2019", "1/31/2019", "31/1/2019"], ["-", "2019-01-31", "2019-01-31"]),
        (["1/2/2019", "3/4/2019"], ["-", "-"]),
        (["5/5/2019"], ["2019-05-05"]),
        (["1999", "43496"], ["1970-01-01 00:33:19", "1970-01-01 12:04:56"]),
        (["", "NA", "nan", r"\\N"[1:]], ["missing"] * 4),
        (["yesterday", "-5", "9999999999", "inf", "2000-13-45", "1960-01-01"], ["impossible"] * 6),
    ],
)
def test_a_column_is_read_as_a_whole(texts: list[str], dates: list[str]) -> None:
    assert read(texts) == dates


@pytest.mark.parametrize(
    ("form", "texts", "dates"),
    [
        (
            "unix",
            ["500", "978300760000", "2019-01-31"],
            ["1970-01-01 00:08:20", MOMENT, "impossible"],
        ),
        ("date", ["20190131", "2019", "43496"], ["2019-01-31", "2019-01-01", "impossible"]),
        ("day-first", ["1/2/2019", "1/13/2019"], ["2019-02-01", "impossible"]),
        (
            "month-first",
            ["1/2/2019", "13/1/2019", "20190131"],
            ["2019-01-02", "impossible", "2019-01-31"],
        ),
        ("year", ["2019", "1"], ["2019-01-01", "impossible"]),
        ("excel", ["43496", "5"], ["2019-01-31", "impossible"]),
        ("none", ["43496", "x"], ["-", "-"]),
    ],
)
def test_a_form_decides(form: str, texts: list[str], dates: list[str]) -> None:
    assert form in TIME_FORMS
    assert read(texts, form) == dates
    assert not read_times(texts, form)[0].doubts


def test_an_unknown_form_is_an_error() -> None:
    with pytest.raises(OptionError, match="unknown form of times 'noon'; known: unix"):
        TimeColumn("noon")


def test_what_is_taken_for_granted_is_said() -> None:
    assert "days as 20190131" in read_times(["20190131"])[0].remark
    assert "days of a spreadsheet" in read_times(["43496"])[0].remark
    assert read_times(["978300760", "2019-01-31"])[0].remark == ""
    (doubt,) = read_times(["636844896000000000"])[0].doubts  # counted from the year 1
    assert doubt.count == 1
    (doubt,) = read_times(["978300760", "500"])[0].doubts
    assert (doubt.count, doubt.first, doubt.text) == (1, 1, "500")
    (doubt,) = read_times(["31.1.2019", "1/2/2019"])[0].doubts
    assert (doubt.count, doubt.first, doubt.text) == (1, 1, "1 February or 2 January")


@pytest.mark.parametrize(
    "text",
    [
        *("2019-01-31", "20190131", "2019-W05-4", "2019-031", "2019/1/31", "31.1.2019", "31.01.19"),
        *("31 Jan 2019", "31-Jan-19", "Jan 31, 2019", "January 31st, 2019", "31. January 2019"),
        *("01 31, 2019", "Thu, 31 Jan 2019", "Thu Jan 31 2019", "2019-01-31T00:00:00Z"),
        *("2019-01-31T01:00:00+01:00", "2019-01-31 01:00:00 +0100", "2019-01-31t00:00:00z"),
        *("2019-01-31T01:00:00,5+01", "20190131T000000Z", "Thu, 31 Jan 2019 00:00:00 GMT"),
        *("Thu Jan 31 00:00:00 +0000 2019", "Jan 31 2019 12:00 AM", "2019-01-31 00:00 UTC"),
        *("31/1/2019", "1/31/2019", "31-1-2019 00:00", "31.1.2019, 0:00"),
    ],
)
def test_dates_are_read_in_every_form(text: str) -> None:
    reading = read_date(text)
    assert reading is not None
    assert {each for each in reading if each is not None} == {1548892800}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "noon",
        "31 Foo 2019",
        "32.1.2019",
        "1/2",
        "10:15",
        "13 PM",
        "99/99/2019",
        "Jan 31 2019 13:00 PM",
    ],
)
def test_other_text_is_no_date(text: str) -> None:
    assert read_date(text) is None
