"""Numbers, years, ids and times as exports write them."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

from matinee.data.cleaning import Cleaning

__all__ = ["imdb_id", "number", "plain_id", "rating", "seconds", "year"]

_LATEST = 4_102_444_800
"""The year 2100."""


def number(text: str) -> float | None:
    """A finite number, with a point or a comma for decimals; `None` where it is none."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def rating(text: str, scale: tuple[float, float]) -> float:
    """A rating on a scale.

    Raises:
        ValueError: none, or outside the scale; says which.
    """
    value = number(text)
    if value is None or not scale[0] <= value <= scale[1]:
        raise ValueError(f"rating {text!r} is no number from {scale[0]:g} to {scale[1]:g}")
    return value


def year(text: str) -> int | None:
    """A year of release, `None` where the field is empty.

    Raises:
        ValueError: anything else.
    """
    if not text:
        return None
    if not re.fullmatch(r"(?:18|19|20|21)\d\d(?:\.0)?", text, re.ASCII):
        raise ValueError(f"year {text!r} is no year")
    return int(text[:4])


def imdb_id(text: str) -> str:
    """The id in "tt0114709", "114709" or an address, as the first; "" where there is none."""
    found = re.search(r"tt(\d{1,9})\b", text, re.ASCII) or re.fullmatch(
        r"(\d{1,9})(?:\.0)?", text, re.ASCII
    )
    return f"tt{found[1].lstrip('0').zfill(7)}" if found and int(found[1]) else ""


def plain_id(text: str) -> str:
    """An id without the ".0" that spreadsheets put behind numbers."""
    return text.removesuffix(".0")


def seconds(text: str, cleaning: Cleaning, where: str) -> int:
    """Unix seconds of an ISO date or time (UTC where it says no other) or of Unix seconds.

    What cannot be read is told to `cleaning` and 0, which is unknown: a rating without its time
    is still a rating.
    """
    if not text:
        return 0
    if re.fullmatch(r"\d{5,10}(?:\.\d*)?", text, re.ASCII):
        time = int(float(text))
    else:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            time = -1
        else:
            time = int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())
    if not 0 <= time <= _LATEST:
        cleaning.found(
            "unreadable times, taken as unknown",
            example=f"{where}: {text!r} is neither an ISO date from 1970 on nor Unix seconds",
        )
        return 0
    return time
