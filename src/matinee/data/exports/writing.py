"""Writes a viewer's ratings to a file that `read_export` can read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from matinee.errors import OptionError
from matinee.files import write_file

__all__ = ["FORMATS", "RatedFilm", "export_history"]

FORMATS = ("csv", "json")
_COLUMNS = ("film_id", "title", "year", "imdb_id", "tmdb_id", "rating", "time")


@dataclass(frozen=True)
class RatedFilm:
    """One rating of a viewer; an unknown fact is `None`, 0 or an empty string."""

    film_id: str
    title: str
    year: int | None
    imdb_id: str
    tmdb_id: str
    rating: float
    time: int


def export_history(rated: Sequence[RatedFilm], target: Path | TextIO, format: str) -> None:  # noqa: A002 - the word of the command line
    """Writes ratings as "csv" or "json": ISO times in UTC, unknown fields empty or null.

    An existing file is replaced, or not changed if writing fails.

    Raises:
        OptionError: an unknown format.
        FailureError: the file cannot be written.
    """
    if format not in FORMATS:
        raise OptionError(f"format must be one of {', '.join(FORMATS)}, not {format!r}")
    text = _as_csv(rated) if format == "csv" else _as_json(rated)
    if isinstance(target, Path):
        write_file(target, text.encode())
    else:
        target.write(text)


def _as_csv(rated: Sequence[RatedFilm]) -> str:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(_COLUMNS)
    for each in rated:
        value = repr(float(each.rating)).removesuffix(".0")
        fields = asdict(each) | {"rating": value, "time": _iso(each.time)}
        table.writerow([fields[column] for column in _COLUMNS])
    return text.getvalue()


def _as_json(rated: Sequence[RatedFilm]) -> str:
    films = [asdict(each) | {"time": _iso(each.time)} for each in rated]
    return json.dumps(films, ensure_ascii=False, indent=2) + "\n"


def _iso(time: int) -> str | None:
    return datetime.fromtimestamp(time, UTC).isoformat().replace("+00:00", "Z") if time else None
