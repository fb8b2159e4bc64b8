"""Writes a viewer's ratings to a file that `read_export` can read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import numpy as np

from matinee.data.tables.columns import SCALE, scale_text
from matinee.errors import OptionError
from matinee.files import write_file

__all__ = ["FORMATS", "RatedFilm", "export_history"]

FORMATS = ("csv", "json")
_FACTS = ("film_id", "title", "year", "imdb_id", "tmdb_id")


@dataclass(frozen=True)
class RatedFilm:
    """One rating of a viewer; an unknown fact is `None`, 0 or an empty string.

    Attributes:
        rating: on `scale`, or how often they watched the film.
        time: Unix seconds.
        scale: lowest and highest rating; `None` if unknown.
        is_count: whether `rating` is a count.
    """

    film_id: str
    title: str
    year: int | None
    imdb_id: str
    tmdb_id: str
    rating: float
    time: int
    scale: tuple[float, float] | None = None
    is_count: bool = False

    def fields(self) -> dict[str, object]:
        """What a file says, by column: `count`, or `rating` with its scale as text."""
        facts = {name: getattr(self, name) for name in _FACTS}
        # Shortest decimals of single precision, in which data sets are read: 3.7, not 3.7000000477.
        single = np.float32(self.rating)
        value = float(str(single)) if single == self.rating else self.rating
        rated = {"rating": value, SCALE: self.scale and scale_text(self.scale)}
        return facts | ({"count": value} if self.is_count else rated) | {"time": _iso(self.time)}


_NOTHING = RatedFilm("", "", None, "", "", 0.0, 0)


def export_history(rated: Sequence[RatedFilm], target: Path | TextIO, format: str) -> None:  # noqa: A002 - the word of the command line
    """Writes ratings as "csv" or "json": ISO times in UTC, unknown fields empty or null.

    Their scale is a column of its own, `rating_scale`, which `read_export` reads and other sites
    ignore.

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
    rows = [each.fields() for each in rated]
    table = csv.DictWriter(text, list(rows[0] if rows else _NOTHING.fields()))
    table.writeheader()
    for row in rows:
        table.writerow({name: _plain(value) for name, value in row.items()})
    return text.getvalue()


def _plain(value: object) -> object:
    return repr(value).removesuffix(".0") if isinstance(value, float) else value


def _as_json(rated: Sequence[RatedFilm]) -> str:
    films = [each.fields() for each in rated]
    return json.dumps(films, ensure_ascii=False, indent=2) + "\n"


def _iso(time: int) -> str | None:
    return datetime.fromtimestamp(time, UTC).isoformat().replace("+00:00", "Z") if time else None
