"""Trakt: JSON arrays, one object a film, with the ids of several sites."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from matinee.data.cleaning import Cleaning
from matinee.data.exports._fields import imdb_id, rating, seconds
from matinee.data.exports._files import ExportFile
from matinee.data.exports.export import Export, OwnRating
from matinee.errors import DataError

__all__ = ["EXPECTED", "read"]

EXPECTED = "Trakt's ratings-movies.json"

_SCALE = (1.0, 10.0)
_BETWEEN = re.compile(r"[\s,]*")
_WATCHED = ("plays", "last_watched_at", "watched_at")


def read(files: Sequence[ExportFile], cleaning: Cleaning) -> Export | None:
    """Rated films, then films watched without a rating; `None` where no file is Trakt's.

    Series and episodes, the watchlist and lists are left aside.
    """
    rated: list[OwnRating] = []
    watched: list[OwnRating] = []
    ours = [file for file in files if _is_trakt(file)]
    for file in ours:
        for line, entry in _entries(file):
            if not isinstance(entry, Mapping) or "movie" not in entry:
                if not isinstance(entry, Mapping) or entry.get("type", "movie") == "movie":
                    cleaning.bad_line(file.label, line, "not an object with a movie in it")
                continue
            try:
                row = _row(entry, cleaning, f"{file.label}, line {line}")
            except ValueError as error:
                cleaning.bad_line(file.label, line, str(error))
                continue
            if row.value is not None:
                rated.append(row)
            elif any(key in entry for key in _WATCHED):
                watched.append(row)
    known = {_identity(row) for row in rated}
    once = {_identity(row): row for row in watched}
    rest = [row for film, row in once.items() if film not in known]
    return Export("Trakt", tuple(rated + rest), _SCALE) if ours else None


def _is_trakt(file: ExportFile) -> bool:
    start = file.head.lstrip()
    return start.startswith("[") and re.search(r'"movie"\s*:', start) is not None


def _entries(file: ExportFile) -> Iterator[tuple[int, object]]:
    """Each element of the array, with the line it begins on.

    Raises:
        DataError: not JSON.
    """
    text, decoder = file.text, json.JSONDecoder()
    try:
        if not isinstance(json.loads(text), list):
            raise DataError(f"{file.label} is not an array of JSON; expected {EXPECTED}")
        at = text.index("[") + 1
        line, counted = 1, 0
        while text[at := _end(text, at)] != "]":
            line, counted = line + text.count("\n", counted, at), at
            entry, at = decoder.raw_decode(text, at)
            yield line, entry
    except json.JSONDecodeError as error:
        raise DataError(
            f"{file.label}, line {error.lineno}: not JSON ({error.msg}); expected {EXPECTED}"
        ) from None
    except RecursionError:
        raise DataError(f"{file.label} is nested too deep; expected {EXPECTED}") from None


def _end(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _row(entry: Mapping[str, object], cleaning: Cleaning, where: str) -> OwnRating:
    movie = entry["movie"]
    ids = movie.get("ids") if isinstance(movie, Mapping) else None
    if not isinstance(movie, Mapping) or not isinstance(ids, Mapping):
        raise ValueError("the movie has no ids")
    title, released = movie.get("title"), movie.get("year")
    given = entry.get("rating")
    time = entry.get("rated_at") or entry.get("last_watched_at") or entry.get("watched_at") or ""
    row = OwnRating(
        title=title.strip() if isinstance(title, str) else "",
        year=released if isinstance(released, int) and 1800 <= released < 2200 else None,
        imdb_id=imdb_id(str(ids.get("imdb") or "")),
        tmdb_id=str(ids.get("tmdb") or ""),
        value=None if given is None else rating(str(given), _SCALE),
        time=seconds(str(time), cleaning, where),
    )
    if not (row.title or row.imdb_id or row.tmdb_id):
        raise ValueError("the movie has neither title nor id")
    return row


def _identity(row: OwnRating) -> tuple[str, ...]:
    return (row.imdb_id or row.tmdb_id or f"{row.title} {row.year}",)
