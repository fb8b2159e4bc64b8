"""Dates in words and figures: ISO in every form, and what spreadsheets, scripts and sites write."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

__all__ = ["DateReading", "read_date"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = re.compile(
    r"(?:^|(?<=[\sT,]))(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*([AP]M)?"
    r"\s*(Z|UTC|GMT)?([+-]\d\d:?\d\d|[+-]\d\d)?(?=$|\s)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_MONTH = r"([a-z]{3})[a-z]*\.?"
_DATES = {
    "year-month-day": re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})"),
    "year-month": re.compile(r"(\d{4})[-/.](\d{1,2})"),
    "month-day-year": re.compile(r"(\d{1,2}) (\d{1,2}), (\d{4})"),
    "day.month.year": re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d\d)"),
    "either": re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4}|\d\d)"),
    "day-name-year": re.compile(rf"(\d{{1,2}})[ -.]*{_MONTH}[ -.,]*(\d{{4}}|\d\d)", re.IGNORECASE),
    "name-day-year": re.compile(
        rf"{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})", re.IGNORECASE
    ),
}
_OF_TWO_DIGITS = 100


class DateReading(NamedTuple):
    """Unix seconds of a text by its two orders of day and month; `None` for no such date.

    Both are equal where the text leaves no choice.
    """

    day_first: int | None
    month_first: int | None


def read_date(text: str) -> DateReading | None:
    """The date of a text, in UTC without an offset; `None` if it is none.

    Two figures before the year are day and month in either order, unless points are between them
    ("31.1.2019", day first) or a comma stands before the year ("1 31, 2019", month first).
    """
    try:
        iso = datetime.fromisoformat(_iso(text))
    except ValueError:
        pass
    else:
        return _certain(_seconds(iso))
    clock = _CLOCK.search(text)
    date = _WEEKDAY.sub(
        "", (_CLOCK.sub(" ", text, count=1) if clock else text).rstrip(" T,").lstrip()
    )
    date = re.sub(r"\s+", " ", date)
    for form, pattern in _DATES.items():
        if parts := pattern.fullmatch(date):
            return _READERS[form](*parts.groups(), clock)
    return None


def _iso(text: str) -> str:
    """A text as Python's reader of ISO dates wants it; ordinal dates as month and day."""
    text = re.sub(r"\s*(?:Z|UTC|GMT)$", "+00:00", text.upper())
    text = re.sub(r"\s+([+-]\d\d:?\d\d)$", r"\1", text)
    text = re.sub(r"([+-]\d\d)$", r"\1:00", text) if ":" in text else text
    text = text.replace(",", ".", 1) if re.search(r":\d\d,\d", text) else text
    ordinal = re.match(r"(\d{4})-(\d{3})(?=$|T)", text)
    if ordinal and 1 <= int(ordinal[2]) <= 366:
        day = datetime(int(ordinal[1]), 1, 1, tzinfo=UTC) + timedelta(days=int(ordinal[2]) - 1)
        text = f"{day:%Y-%m-%d}{text[8:]}"
    return text


def _seconds(date: datetime) -> int:
    return int((date.replace(tzinfo=date.tzinfo or UTC)).timestamp() // 1)


def _at(year: str, month: str, day: str, clock: re.Match[str] | None) -> int | None:
    """Unix seconds of a date of figures at a time of day; `None` if there is no such date."""
    number = int(year)
    if number < _OF_TWO_DIGITS:
        number += 1900 if number >= 70 else 2000
    try:
        date = datetime(number, int(month), int(day), tzinfo=UTC)
        if clock:
            hour, half = int(clock[1]), (clock[4] or "").upper()
            if half and not 1 <= hour <= 12:
                return None
            hour = hour % 12 + 12 * (half == "PM") if half else hour
            date = date.replace(hour=hour, minute=int(clock[2]), second=int(clock[3] or 0))
            if clock[6]:
                date = date.replace(tzinfo=_zone(clock[6]))
    except ValueError:
        return None
    return _seconds(date)


def _zone(offset: str) -> timezone:
    digits = offset[1:].replace(":", "").ljust(4, "0")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if offset[0] == "-" else ahead)


def _certain(seconds: int | None) -> DateReading | None:
    return None if seconds is None else DateReading(seconds, seconds)


def _either(first: str, second: str, year: str, clock: re.Match[str] | None) -> DateReading | None:
    reading = DateReading(_at(year, second, first, clock), _at(year, first, second, clock))
    return None if reading == (None, None) else reading


def _named(day: str, name: str, year: str, clock: re.Match[str] | None) -> DateReading | None:
    if name.lower() not in _MONTHS:
        return None
    return _certain(_at(year, str(_MONTHS.index(name.lower()) + 1), day, clock))


_READERS: dict[str, Callable[..., DateReading | None]] = {
    "year-month-day": lambda y, m, d, clock: _certain(_at(y, m, d, clock)),
    "year-month": lambda y, m, clock: _certain(_at(y, m, "1", clock)),
    "month-day-year": lambda m, d, y, clock: _certain(_at(y, m, d, clock)),
    "day.month.year": lambda d, m, y, clock: _certain(_at(y, m, d, clock)),
    "either": _either,
    "day-name-year": _named,
    "name-day-year": lambda name, d, y, clock: _named(d, name, y, clock),
}
