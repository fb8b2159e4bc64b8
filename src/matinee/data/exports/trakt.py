"""Trakt: JSON arrays with one object a film, and ids of several sites."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from matinee.data.cleaning import Cleaning
from matinee.data.exports._tables import ExportFile, imdb_id, rating, seconds
from matinee.data.exports.export import Export, OwnRating, of_other_films
from matinee.errors import DataError

__all__ = ["EXPECTED", "read"]

EXPECTED = "Trakt's ratings-movies.json"

_SCALE = (1.0, 10.0)
_SEPARATOR = re.compile(r"[\s,]*")
_WATCHED = ("plays", "last_watched_at", "watched_at")
_TIMES = ("rated_at", "last_watched_at", "watched_at")


def read(files: Sequence[ExportFile], cleaning: Cleaning) -> Export | None:
    """Rated films, then films watched without a rating; `None` if no file is from Trakt.

    Series, episodes, the watchlist and lists are not read.
    """
    rated: list[OwnRating] = []
    watched: list[OwnRating] = []
    ours = [file for file in files if _is_trakt(file)]
    for file in ours:
        for line, entry in _entries(file):
            try:
                own = _own_rating(entry, cleaning, f"{file.label}, line {line}")
            except ValueError as error:
                cleaning.bad_line(file.label, line, str(error))
                continue
            if own is not None:
                (watched if own.value is None else rated).append(own)
    rows = (*rated, *of_other_films(watched, rated))
    return Export("Trakt", rows, _SCALE) if ours else None


def _is_trakt(file: ExportFile) -> bool:
    start = file.head.lstrip()
    return start.startswith("[") and re.search(r'"movie"\s*:', start) is not None


def _entries(file: ExportFile) -> Iterator[tuple[int, object]]:
    """Every element of the array, with its first line."""
    text, decoder = file.text, json.JSONDecoder()
    try:
        if not isinstance(json.loads(text), list):
            raise DataError(f"{file.label} is not an array of JSON; expected {EXPECTED}")
        at = text.index("[") + 1
        line, counted = 1, 0
        while text[at := _skip_separator(text, at)] != "]":
            line, counted = line + text.count("\n", counted, at), at
            entry, at = decoder.raw_decode(text, at)
            yield line, entry
    except json.JSONDecodeError as error:
        raise DataError(
            f"{file.label}, line {error.lineno}: not JSON ({error.msg}); expected {EXPECTED}"
        ) from None
    except RecursionError:
        raise DataError(f"{file.label} is nested too deep; expected {EXPECTED}") from None


def _skip_separator(text: str, at: int) -> int:
    separator = _SEPARATOR.match(text, at)
    return separator.end() if separator else at


def _own_rating(entry: object, cleaning: Cleaning, place: str) -> OwnRating | None:
    """The film of an entry; `None` for a series, or a film that was neither rated nor watched."""
    if not isinstance(entry, Mapping) or "movie" not in entry:
        if isinstance(entry, Mapping) and entry.get("type", "movie") != "movie":
            return None
        raise ValueError("not an object with a movie in it")
    movie, value = entry["movie"], entry.get("rating")
    if not isinstance(movie, Mapping) or not isinstance(ids := movie.get("ids"), Mapping):
        raise ValueError("the movie has no ids")
    title, year = movie.get("title"), movie.get("year")
    own = OwnRating(
        title=title.strip() if isinstance(title, str) else "",
        year=year if isinstance(year, int) and 1800 <= year < 2200 else None,
        imdb_id=imdb_id(str(ids.get("imdb") or "")),
        tmdb_id=str(ids.get("tmdb") or ""),
        value=None if value is None else rating(str(value), _SCALE),
        time=seconds(str(next(filter(None, map(entry.get, _TIMES)), "")), cleaning, place),
    )
    if not (own.title or own.imdb_id or own.tmdb_id):
        raise ValueError("the movie has neither title nor id")
    is_watchlist = value is None and not any(key in entry for key in _WATCHED)
    return None if is_watchlist else own
