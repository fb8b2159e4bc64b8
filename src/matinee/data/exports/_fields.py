"""Rows of an export, and the numbers, years, ids and times in their fields."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from matinee.data.cleaning import Cleaning
from matinee.data.exports._files import ExportFile, Record
from matinee.data.exports.export import OwnRating

__all__ = ["imdb_id", "own_ratings", "plain_id", "rating", "seconds", "year"]

_LATEST = 4_102_444_800
"""The year 2100."""


def own_ratings(
    file: ExportFile, cleaning: Cleaning, parse: Callable[[Record, str], OwnRating | None]
) -> Iterator[OwnRating]:
    """The films of a table; a malformed row is reported to `cleaning` and left out.

    Args:
        file: the table.
        cleaning: collects malformed rows.
        parse: translates a row, given its place for messages; `None` for a row that is no film.
            It raises `ValueError` with the reason if the row is malformed.
    """
    for record in file.records(cleaning):
        try:
            own = parse(record, f"{file.label}, line {record.line}")
        except ValueError as error:
            cleaning.bad_line(file.label, record.line, str(error))
        else:
            if own is not None:
                yield own


def rating(text: str, scale: tuple[float, float]) -> float:
    """A rating on a scale, with a decimal point or comma.

    Raises:
        ValueError: not a number of the scale.
    """
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if "_" in text or not scale[0] <= value <= scale[1]:
        raise ValueError(f"rating {text!r} is not a number from {scale[0]:g} to {scale[1]:g}")
    return value


def year(text: str) -> int | None:
    """A year of release; `None` for an empty field.

    Raises:
        ValueError: other text.
    """
    if not text:
        return None
    if not re.fullmatch(r"(?:18|19|20|21)\d\d(?:\.0)?", text, re.ASCII):
        raise ValueError(f"year {text!r} is not a year")
    return int(text[:4])


def imdb_id(text: str) -> str:
    """The id of "tt0114709", "114709" or an address, as "tt0114709"; "" without one."""
    match = re.search(r"tt(\d{1,9})\b", text, re.ASCII) or re.fullmatch(
        r"(\d{1,9})(?:\.0)?", text, re.ASCII
    )
    return f"tt{match[1].lstrip('0').zfill(7)}" if match and int(match[1]) else ""


def plain_id(text: str) -> str:
    """An id without the ".0" that spreadsheets add to numbers."""
    return text.removesuffix(".0")


def seconds(text: str, cleaning: Cleaning, place: str) -> int:
    """Unix seconds of an ISO date or time (in UTC without an offset) or of Unix seconds.

    Other text is reported to `cleaning` with its place in a file, and is 0, an unknown time: a
    rating without its time is still a rating.
    """
    if not text:
        return 0
    if re.fullmatch(r"\d{5,10}(?:\.\d*)?", text, re.ASCII):
        time = int(float(text))
    else:
        try:
            date = datetime.fromisoformat(text)
        except ValueError:
            time = -1
        else:
            time = int(date.replace(tzinfo=date.tzinfo or UTC).timestamp())
    if not 0 <= time <= _LATEST:
        cleaning.count(
            "unreadable times, treated as unknown",
            example=f"{place}: {text!r} is neither an ISO date from 1970 on nor Unix seconds",
        )
        return 0
    return time
