"""The one reader of times: Unix seconds and their fractions, dates, years, days of spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.data.tables.date_texts import read_date
from matinee.data.tables.missing import MISSING
from matinee.errors import OptionError

__all__ = ["TIME_FORMS", "Doubt", "TimeBlock", "TimeColumn", "Times", "known_times", "read_times"]
__all__ += ["record_doubts", "record_unknown"]

TIME_FORMS = {
    "unix": "seconds, milliseconds, microseconds or nanoseconds since 1970, by their size",
    "date": "dates; a number is a day as 20190131, or a year",
    "day-first": "dates; 5/1/2019 is the fifth of January",
    "month-first": "dates; 5/1/2019 is the first of May",
    "year": "years",
    "excel": "days of a spreadsheet, as 43496",
    "none": "no times: all are unknown",
}
"""What the times of a table can be said to be."""

_LATEST = 4_102_444_800
"""The year 2100; no rating is later."""
_EARLIEST = 757_382_400
"""The year 1994; smaller numbers are rather something else than Unix seconds."""
_PER_SECOND = (1, 10**3, 10**6, 10**9)
_SMALLEST = (0, 10**11, 10**14, 10**17)
"""Smallest number in each of these units."""
_FORMATS = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S%.f%#z")
_DAY = "%Y-%m-%d"
_A_DAY = 86_400
_SHEET_EPOCH, _SHEET_END = 25_569, 73_051
"""1970 and 2100 as days from 30 December 1899."""
_LONGEST_DATE = 80
"""Characters; longer text is no date."""
_FIELDS = ("day_first", "month_first")

_MICRO = 10**6
_NO_TIME = np.iinfo(np.int64).min
_OPEN = -(1 << 60)
"""From here down: dates in two readings. From -1 down to here: numbers, in millionths."""
_WAY_OUT = "--times says what they are"
_EITHER_ORDER = (
    "dates with day or month first, taken as unknown; "
    "--times day-first or --times month-first says which"
)


class TimeBlock(NamedTuple):
    """Times of a block: codes for `TimeColumn.settled`, and masks, all `[n]`."""

    codes: NDArray[np.int64]
    missing: NDArray[np.bool_]
    impossible: NDArray[np.bool_]


@dataclass(frozen=True)
class Doubt:
    """Times that can mean two things: a kind of finding, their number, the first and its text."""

    kind: str
    count: int
    first: int
    text: str


@dataclass(frozen=True)
class Times:
    """The times of a whole column.

    Attributes:
        seconds: `int64[n]` Unix seconds, 0 where unknown.
        remark: what the numbers were taken for, as a sentence; "" for plain Unix seconds and dates.
        doubts: what could be read otherwise.
    """

    seconds: NDArray[np.int64]
    remark: str = ""
    doubts: tuple[Doubt, ...] = ()


class TimeColumn:
    """Reads a column of times block by block; what a number means is decided over all of them.

    Numbers are seconds, milliseconds, microseconds or nanoseconds by their size; those that would
    be from before 1994 are days as 20190131, years, or days of a spreadsheet if all of them are,
    else seconds, which is said. Text is a number or a date, see `read_date`. Day and month are in
    the order that all dates allow, else the time is unknown, which is said too.

    Args:
        form: one of `TIME_FORMS`, to decide by; other times are then impossible.

    Raises:
        OptionError: an unknown form.
    """

    def __init__(self, form: str | None = None) -> None:
        if form is not None and form not in TIME_FORMS:
            raise OptionError(f"unknown form of times {form!r}; known: {', '.join(TIME_FORMS)}")
        self.form = form
        self._orders = {"day-first": False, "month-first": False}
        """Whether some date can only be read in an order."""
        self._open: list[tuple[int, int]] = []
        """The readings of dates whose order is not known, day first and month first."""

    def read(self, column: pl.Series) -> TimeBlock:
        """The times of a block; impossible is what is no number or date from 1970 to 2100."""
        nothing = np.broadcast_to(np.False_, len(column))
        if self.form == "none":
            return TimeBlock(np.zeros(len(column), dtype=np.int64), nothing, nothing)
        if column.dtype.is_integer() and not column.null_count() and len(column):
            lowest, highest = column.min(), column.max()
            plain = self.form in (None, "unix")
            if plain and lowest >= _EARLIEST and highest <= _LATEST:  # type: ignore[operator]
                return TimeBlock(column.cast(pl.Int64).to_numpy(), nothing, nothing)
        missing = _missing(column)
        codes = self._codes(column)
        impossible = ~missing & (codes == _NO_TIME)
        return TimeBlock(np.where(missing | impossible, 0, codes), missing, impossible)

    def settled(self, codes: NDArray[np.int64]) -> Times:
        """All times of the column, decided; changes `codes` in place."""
        if not len(codes) or codes.min() >= 0:
            return Times(codes)
        dates = np.flatnonzero(codes <= _OPEN)
        numbers = np.flatnonzero((codes > _OPEN) & (codes < 0))
        remark, doubts = "", []
        if len(numbers):
            values = (-1 - codes[numbers]) / _MICRO
            codes[numbers], remark, kind = _meaning(values)
            if kind:
                doubts.append(Doubt(kind, len(numbers), int(numbers[0]), f"{values[0]:.15g}"))
        if len(dates):
            readings = np.array(self._open, dtype=np.int64)[_OPEN - codes[dates]]
            order = self._order()
            codes[dates] = 0 if order is None else readings[:, order]
            if order is None:
                either = " or ".join(
                    f"{datetime.fromtimestamp(each, UTC):%-d %B}" for each in readings[0]
                )
                doubts.append(Doubt(_EITHER_ORDER, len(dates), int(dates[0]), either))
        return Times(codes, remark, tuple(doubts))

    def _order(self) -> int | None:
        """0 if all dates can have the day first, 1 if the month, `None` if that is not known."""
        if self.form in self._orders:
            return list(self._orders).index(self.form)
        day_first, month_first = self._orders.values()
        return None if day_first == month_first else int(month_first)

    def _codes(self, column: pl.Series) -> NDArray[np.int64]:
        """Unix seconds, `_NO_TIME`, or below 0 what waits for the decision about the column."""
        if column.dtype == pl.Date or isinstance(column.dtype, pl.Datetime):
            seconds = column.cast(pl.Datetime("ms")).dt.timestamp("ms") // 1000
            return _from_1970(seconds)
        if column.dtype == pl.String:
            texts = column.str.strip_chars()
            numbers = texts.cast(pl.Float64, strict=False).to_numpy()
            codes = self._of_numbers(numbers)
            words = np.flatnonzero(np.isnan(numbers))
            if len(words):
                codes[words] = self._of_texts(texts.gather(words))
            return codes
        if column.dtype.is_numeric():
            return self._of_numbers(column.cast(pl.Float64).to_numpy())
        return np.full(len(column), _NO_TIME)

    def _of_numbers(self, numbers: NDArray[np.float64]) -> NDArray[np.int64]:
        """Codes of numbers; NaN is no time."""
        if self.form in (None, "unix"):
            return _sized(numbers, compact=self.form is None)
        seconds = np.full(len(numbers), np.nan)
        if self.form == "excel":
            seconds = _of_days(numbers)
        else:
            if self.form != "year":
                seconds = _of_compact(numbers)
            seconds = np.where(np.isnan(seconds), _of_years(numbers), seconds)
        return _coded(np.where(numbers == 0, 0, seconds))

    def _of_texts(self, texts: pl.Series) -> NDArray[np.int64]:
        if self.form in ("unix", "year", "excel"):
            return np.full(len(texts), _NO_TIME)
        quick = _iso_dates(texts)
        codes = _from_1970(quick)
        slow = texts.filter(quick.is_null())
        if len(slow):
            code_of = {text: self._of_text(text) for text in slow.drop_nulls().unique().to_list()}
            codes[quick.is_null().to_numpy()] = [code_of.get(text, _NO_TIME) for text in slow]
        return codes

    def _of_text(self, text: str) -> int:
        reading = read_date(text) if len(text) <= _LONGEST_DATE else None
        if reading is None:
            return _NO_TIME
        if self.form in self._orders:
            reading = reading._replace(**dict.fromkeys(_FIELDS, reading[self._order() or 0]))
        known = [each for each in reading if each is not None]
        if not known or not all(0 <= each <= _LATEST for each in known):
            return _NO_TIME
        if len(known) == 1:
            self._orders["day-first" if reading.day_first is not None else "month-first"] = True
        elif known[0] != known[1]:
            self._open.append((known[0], known[1]))
            return _OPEN - len(self._open) + 1
        return known[0]


def read_times(texts: Sequence[str], form: str | None = None) -> tuple[Times, TimeBlock]:
    """The times of a whole column of text, and masks of those that are missing or impossible.

    Raises:
        OptionError: an unknown form.
    """
    column = TimeColumn(form)
    block = column.read(pl.Series(texts, dtype=pl.String))
    return column.settled(block.codes), block


def known_times(
    column: pl.Series, cleaning: Cleaning, place: Callable[[int], str], form: str | None = None
) -> NDArray[np.int64]:
    """Unix seconds of a whole column, 0 where unknown; `cleaning` records what was not plain.

    `place` names a row in a message: "r.csv, line 3".

    Raises:
        OptionError: an unknown form.
        DataError: in strict reading.
    """
    reader = TimeColumn(form)
    block = reader.read(column)
    record_unknown(block, column, cleaning, place)
    times = reader.settled(block.codes)
    record_doubts(times, cleaning, place)
    return times.seconds


def record_unknown(
    block: TimeBlock, column: pl.Series, cleaning: Cleaning, place: Callable[[int], str]
) -> None:
    """Counts the missing and impossible times of a block."""
    cleaning.count("ratings without a time, taken as unknown", int(block.missing.sum()))
    if block.impossible.any():
        first = int(np.flatnonzero(block.impossible)[0])
        example = f"{place(first)}: {str(column[first])[:40]!r} is no time"
        kind = "impossible times, taken as unknown"
        cleaning.count(kind, int(block.impossible.sum()), example)


def record_doubts(times: Times, cleaning: Cleaning, place: Callable[[int], str]) -> None:
    """Counts the doubtful times of a column."""
    for each in times.doubts:
        cleaning.count(each.kind, each.count, f"{place(each.first)}: {each.text}")


def _missing(column: pl.Series) -> NDArray[np.bool_]:
    if column.dtype == pl.String:
        names = column.str.strip_chars().is_in(["", *MISSING])
        return names.fill_null(value=True).to_numpy()
    if column.dtype.is_float():
        column = column.fill_nan(None)
    return column.is_null().to_numpy()


def _sized(numbers: NDArray[np.float64], *, compact: bool) -> NDArray[np.int64]:
    """Codes of numbers by their size; `compact` allows 201901311015 and 20190131101500."""
    with np.errstate(invalid="ignore"):
        seconds = numbers.copy()
        for smallest, per_second in zip(_SMALLEST[1:], _PER_SECOND[1:], strict=True):
            larger = numbers >= smallest
            seconds[larger] = np.floor(numbers[larger] / per_second)
        early = (seconds > 0) & (seconds < _EARLIEST)
        if compact:
            for digits, per_day in ((12, 10**4), (14, 10**6)):
                written = (numbers >= 10 ** (digits - 1)) & (numbers < 10**digits)
                if written.any():
                    found = _of_compact_times(numbers[written], digits, per_day)
                    seconds[written] = np.where(np.isnan(found), seconds[written], found)
                    early[written] &= np.isnan(found)
    codes = _coded(np.where(early, 0, seconds))
    if compact:
        codes[early] = -1 - np.rint(seconds[early] * _MICRO).astype(np.int64)
    else:
        codes[early] = seconds[early].astype(np.int64)
    return codes


def _of_compact_times(
    numbers: NDArray[np.float64], digits: int, per_day: int
) -> NDArray[np.float64]:
    """Unix seconds of 201901311015 or 20190131101500; NaN for other numbers."""
    days = _of_compact(np.floor(numbers / per_day))
    clock = (numbers % per_day) * (100 if digits == 12 else 1)
    hour, minute, second = clock // 10**4, clock // 100 % 100, clock % 100
    fine = (hour < 24) & (minute < 60) & (second < 60) & (numbers % 1 == 0)
    return np.where(fine, days + hour * 3600 + minute * 60 + second, np.nan)


def _meaning(values: NDArray[np.float64]) -> tuple[NDArray[np.int64], str, str]:
    """Unix seconds of numbers that would be early ones; what they were taken for; a doubt."""
    dates, years, days = _of_compact(values), _of_years(values), _of_days(values)
    either = np.where(np.isnan(dates), years, dates)
    if not np.isnan(either).any():
        kind = "years" if np.isnan(dates).all() else "days as 20190131"
        return either.astype(np.int64), f"times are numbers taken for {kind}; {_WAY_OUT}", ""
    if not np.isnan(days).any():
        text = f"times are numbers taken for days of a spreadsheet; {_WAY_OUT}"
        return days.astype(np.int64), text, ""
    doubt = f"times before 1994, taken for Unix seconds; {_WAY_OUT}"
    return values.astype(np.int64), "", doubt


def _of_compact(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unix seconds of days as 20190131, from 1970 to 2100; NaN for other numbers."""
    seconds = np.full(len(numbers), np.nan)
    with np.errstate(invalid="ignore"):
        likely = (numbers >= 19_700_101) & (numbers < 21_000_101) & (numbers % 1 == 0)
    texts = pl.Series(numbers[likely].astype(np.int64)).cast(pl.String)
    days = texts.str.to_date("%Y%m%d", strict=False).cast(pl.Int32).cast(pl.Float64)
    seconds[likely] = days.fill_null(float("nan")).to_numpy() * _A_DAY
    return seconds


def _of_years(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unix seconds of the first day of the years 1970 to 2099; NaN for other numbers."""
    with np.errstate(invalid="ignore"):
        fine = (numbers >= 1970) & (numbers < 2100) & (numbers % 1 == 0)
    years = np.where(fine, numbers, 1970).astype(np.int64)
    starts = (years - 1970).astype("datetime64[Y]").astype("datetime64[s]").astype(np.int64)
    return np.where(fine, starts.astype(np.float64), np.nan)


def _of_days(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unix seconds of days of a spreadsheet; NaN for numbers outside 1970 to 2100."""
    with np.errstate(invalid="ignore"):
        fine = (numbers >= _SHEET_EPOCH) & (numbers < _SHEET_END)
    return np.where(fine, np.rint((numbers - _SHEET_EPOCH) * _A_DAY), np.nan)


def _coded(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    with np.errstate(invalid="ignore"):
        fine = (seconds >= 0) & (seconds <= _LATEST)
    return np.where(fine, np.where(fine, seconds, 0).astype(np.int64), _NO_TIME)


def _from_1970(seconds: pl.Series) -> NDArray[np.int64]:
    return _coded(seconds.cast(pl.Float64).fill_null(float("nan")).to_numpy())


def _iso_dates(texts: pl.Series) -> pl.Series:
    """Seconds of the usual ISO dates, all at once; null for other text."""
    iso = (
        texts.str.replace(r"^(\d{4})[/.](\d\d)[/.](\d\d)", "$1-$2-$3")
        .str.replace(r"^(\d{4}-\d\d-\d\d)[T ]+", "$1 ")
        .str.replace(r"\s*(?:Z|UTC)$", "+00:00")
    )
    readings = [pl.col("t").str.to_date(_DAY, strict=False).cast(pl.Datetime("ms"))]
    for form in _FORMATS:
        parsed = pl.col("t").str.to_datetime(form, time_unit="ms", strict=False)
        readings.append(
            parsed.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if "z" in form else parsed
        )
    when = pl.DataFrame({"t": iso}).select(pl.coalesce(readings)).to_series()
    return when.dt.timestamp("ms") // 1000
