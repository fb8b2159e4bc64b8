"""A table of ratings in any dialect is read as it was written, or refused by name.

Nothing is lost, merged or changed without a finding. `DIALECTS=10000` tries as many examples.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.data.cleaning import Cleaning, Finding
from matinee.data.tables.lines import BLOCK
from matinee.data.tables.missing import MISSING
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import DataError

_EXAMPLES = int(os.environ.get("DIALECTS", "100"))
_HUGE = (2**31, 2**53, 2**63, 10**20)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)

_LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S"))
_IDS = st.one_of(
    st.integers(0, 9).map(str),
    st.integers(0, 10**6).map(str),
    st.sampled_from(_HUGE).flatmap(lambda n: st.integers(n - 2, n + 2)).map(str),
    st.integers(0, 99).map("{:04d}".format),
    st.integers(1, 10**7).map("tt{:07d}".format),
    st.integers(-9, -1).map(str),
    st.text("abcÄé ,;|:\t\"'-_/0#.", min_size=1, max_size=8),
    st.text(_LETTERS, min_size=1, max_size=6),
).filter(
    lambda text: (
        text == text.strip()
        and text not in MISSING
        and not re.fullmatch(r"(0|[1-9][0-9]*)\.0+", text)
    )  # is the number before the point
)

_SCALES: dict[str, Sequence[float]] = {
    "stars": (1, 2, 3, 4, 5),
    "half stars": tuple(n / 2 for n in range(1, 11)),
    "0 to 5": (0, 1, 2, 3, 4, 5),
    "ten": tuple(range(1, 11)),
    "half points of ten": tuple(n / 2 for n in range(1, 21)),
    "per cent": tuple(range(101)),
    "thumbs": (0, 1),
    "up and down": (-1, 1),
    "from -10": tuple(n / 4 for n in range(-40, 41)),
}


def _day(time: datetime) -> datetime:
    return time.replace(hour=0, minute=0, second=0)


_TIMES: dict[str, tuple[Callable[[datetime], str], Callable[[datetime], datetime]]] = {
    "seconds": (lambda t: f"{(t - _EPOCH) // timedelta(seconds=1)}", lambda t: t),
    "milliseconds": (lambda t: f"{(t - _EPOCH) // timedelta(milliseconds=1)}", lambda t: t),
    "nanoseconds": (lambda t: f"{(t - _EPOCH) // timedelta(seconds=1)}000000000", lambda t: t),
    "floats": (lambda t: f"{(t - _EPOCH) // timedelta(seconds=1)}.5", lambda t: t),
    "ISO": (lambda t: t.isoformat(), lambda t: t),
    "ISO with a blank": (lambda t: f"{t:%Y-%m-%d %H:%M:%S}", lambda t: t),
    "ISO, basic": (lambda t: f"{t:%Y%m%dT%H%M%SZ}", lambda t: t),
    "ISO dates": (lambda t: f"{t:%Y-%m-%d}", _day),
    "compact dates": (lambda t: f"{t:%Y%m%d}", _day),
    "compact moments": (lambda t: f"{t:%Y%m%d%H%M%S}", lambda t: t),
    "years": (lambda t: f"{t:%Y}", lambda t: _day(t).replace(month=1, day=1)),
    "days of a spreadsheet": (lambda t: f"{(t - _EPOCH).days + 25_569}", _day),
    "day, month, year": (lambda t: f"{t.day}.{t.month}.{t.year}", _day),
    "day first": (lambda t: f"{t:%d/%m/%Y %H:%M:%S}", lambda t: t),
    "month first": (lambda t: f"{t.month}/{t.day}/{t.year}", _day),
    "in words": (lambda t: f"{t.day} {t:%b %Y}", _day),
}
_NAMES = {
    "user": ("userId", "user_id", "User ID", "viewer", "username", "user_id:token", "reviewerID"),
    "item": ("movieId", "item_id", "Film", "movie", "asin", "item_id:token", "product/productId"),
    "rating": ("rating", "Rating (1-5)", "stars", "Your Rating", "my_score", "rating:float"),
    "time": ("timestamp", "Date", "time", "rated_at", "timestamp:float", "unixReviewTime"),
}
_WORDS = ("x y", "7.25", "", "a, b; c|d\te", 'say "hi"', "two\nlines", "007", "1,5")
_OTHERS = ("average_rating", "vote_count", "comment", "price", "", "helpful")


@dataclass(frozen=True)
class Dialect:
    """How the table is written."""

    separator: str
    quoting: int
    names: tuple[str, ...] | None
    order: tuple[int, ...]
    extra: int
    encoding: str
    end: str
    last_end: bool
    packing: str
    suffix: str
    above: str


@dataclass(frozen=True)
class Case:
    """A table, and what a reader should find in it."""

    rows: tuple[tuple[str, str, float, datetime], ...]
    scale: str
    times: str
    comma: bool
    dialect: Dialect
    filling: int
    block: int

    @property
    def all_rows(self) -> list[tuple[str, str, float, datetime]]:
        """Plain rows, so that a sample of the first ones tells nothing of the others."""
        value = _SCALES[self.scale][-1]
        plain = [(str(10**7 + n), "8", value, _MOMENT) for n in range(self.filling)]
        return [*plain, *self.rows]

    @property
    def expected(self) -> list[tuple[str, str, float, int]]:
        stands_for = _TIMES[self.times][1] if self.times else lambda _: _EPOCH
        return [
            (user, item, float(np.float32(value)), int((stands_for(time) - _EPOCH).total_seconds()))
            for user, item, value, time in self.all_rows
        ]

    def content(self) -> bytes:
        """The bytes of the file."""
        records = [] if self.dialect.names is None else [list(self.dialect.names)]
        for at, (user, item, value, time) in enumerate(self.all_rows):
            number = f"{value:g}".replace(".", "," if self.comma else ".")
            record = [user, item, number]
            if self.times:
                record.append(_TIMES[self.times][0](time))
            plain = self.dialect.quoting == csv.QUOTE_NONE
            words = _WORDS[:1] if plain else _WORDS
            others = [words[(at + n) % len(words)] for n in range(self.dialect.extra)]
            records.append([*record, *others])
        lines = [
            _line([record[at] for at in self.dialect.order], self.dialect) for record in records
        ]
        text = self.dialect.end.join([*filter(None, [self.dialect.above]), *lines])
        text += self.dialect.end if self.dialect.last_end else ""
        raw = text.encode(self.dialect.encoding)
        if self.dialect.packing == "gzip":
            return gzip.compress(raw, 1)
        if self.dialect.packing == "zip":
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                archive.writestr("mine/ratings.csv", raw)
                archive.writestr("__MACOSX/mine/._ratings.csv", b"\0\1")
            return packed.getvalue()
        return raw


def _line(record: Sequence[str], dialect: Dialect) -> str:
    if dialect.quoting == csv.QUOTE_NONE:
        return dialect.separator.join(record)
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=dialect.separator,
        quoting=csv.QUOTE_ALL if dialect.quoting == csv.QUOTE_ALL else csv.QUOTE_MINIMAL,
        lineterminator="\n",
    )
    writer.writerow(record)
    return text.getvalue().removesuffix("\n")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    scale = draw(st.sampled_from(list(_SCALES)))
    times = draw(st.sampled_from(["", *_TIMES]))
    moments = st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
    row = st.tuples(_IDS, _IDS, st.sampled_from(_SCALES[scale]), moments.map(_to_seconds))
    rows = draw(st.lists(row, min_size=1, max_size=12, unique_by=lambda each: each[:2]))
    separator = draw(st.sampled_from([",", ";", "\t", "|", "::"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    fields = [field for each in rows for field in each[:2]]
    if separator == "::" or (separator == "\t" and draw(st.booleans())):
        quoting = csv.QUOTE_NONE
        rows = [each for each in rows if not any(separator[0] in field for field in each[:2])]
        # Nobody can tell whether quotes at both ends enclose an id or belong to it.
        rows = [each for each in rows if not any(_is_enclosed(field) for field in each[:2])]
        if not rows:
            rows = [("1", "2", _SCALES[scale][-1], _MOMENT)]
    columns = 3 + bool(times)
    named = draw(st.booleans())
    extra = draw(st.integers(0, 3)) if named else 0
    order = tuple(draw(st.permutations(range(columns + extra)))) if named else tuple(range(columns))
    names = None
    if named:
        known = [draw(st.sampled_from(_NAMES[role])) for role in list(_NAMES)[:columns]]
        names = (*known, *draw(st.permutations(_OTHERS))[:extra])
        if "Rating (1-5)" in known and draw(st.booleans()):
            names = tuple(name.upper() for name in names)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]))
    dialect = Dialect(
        separator,
        quoting,
        names,
        order,
        extra,
        _able(encoding, "".join(fields)),
        end=draw(st.sampled_from([*["\n", "\r\n"] * 4, "\r"])),
        last_end=draw(st.booleans()),
        packing=draw(st.sampled_from(["", "gzip", "zip"])),
        suffix=draw(st.sampled_from([".csv", ".tsv", ".txt", ".dat", ".data", ""])),
        above=draw(st.sampled_from(["", "", "", "My ratings", *_stated(separator)])),
    )
    comma = separator != "," and draw(st.booleans())
    filling = draw(st.sampled_from([0, 0, 0, 250]))
    block = draw(st.sampled_from([64, 512, BLOCK, BLOCK]))
    return Case(tuple(rows), scale, times, comma, dialect, filling, block)


def _is_enclosed(field: str) -> bool:
    return len(field) > 1 and field[0] == field[-1] == '"'


def _stated(separator: str) -> list[str]:
    return [f"sep={separator}"] if len(separator) == 1 else []


def _to_seconds(time: datetime) -> datetime:
    return time.replace(microsecond=0)


def _able(encoding: str, text: str) -> str:
    """The encoding, or UTF-8 where it lacks letters or could be told from UTF-8 by nobody."""
    if encoding == "cp1252":
        try:
            raw = text.encode(encoding)
        except UnicodeEncodeError:
            return "utf-8"
        try:
            return "utf-8" if raw.decode("utf-8") and not text.isascii() else encoding
        except UnicodeDecodeError:
            return encoding
    return encoding


@settings(max_examples=_EXAMPLES)
@given(cases())
def test_a_table_in_any_dialect_is_read_as_written_or_refused_by_name(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"ratings{case.dialect.suffix}"
        file.write_bytes(case.content())
        data, refusal = None, ""
        try:
            data = read_ratings(file, cleaning=Cleaning(), block=case.block)
        except DataError as error:
            refusal = str(error)
    if data is None:
        assert str(file) in refusal
        assert "\n" not in refusal
        return
    low, high = data.interactions.scale
    assert all(low <= value <= high for value in data.interactions.values)
    found = [(*row[:2], row[2], row[3]) for row in data.interactions.to_frame().iter_rows()]
    _check(found, case.expected, data.findings)


def _check(
    found: list[tuple[str, str, float, int]],
    expected: list[tuple[str, str, float, int]],
    findings: Sequence[Finding],
) -> None:
    """The rows are as written, but for those that findings count."""
    said = {each.kind: each.count for each in findings}
    left_out = sum(count for kind, count in said.items() if "left out" in kind or "passed" in kind)
    assert len(found) >= len(expected) - left_out
    by_pair = {row[:2]: row[2:] for row in expected}
    assert len({row[:2] for row in found}) == len(found)
    doubtful = sum(count for kind, count in said.items() if "times" in kind or "dates" in kind)
    wrong_times = 0
    for row in found:
        value, time = by_pair[row[:2]]
        assert row[2] == value
        wrong_times += row[3] != time
    assert wrong_times <= doubtful
