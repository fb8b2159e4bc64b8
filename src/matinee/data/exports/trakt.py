"""Trakt: JSON arrays with one object a film, and ids of several sites."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from matinee.data.cleaning import Cleaning
from matinee.data.exports._fields import Dated, rating, with_times
from matinee.data.exports._tables import ExportFile
from matinee.data.exports.export import Export, OwnRating, of_other_films
from matinee.data.tables.film_facts import imdb_id_of

__all__ = ["EXPECTED", "read"]

EXPECTED = "Trakt's ratings-movies.json"

_SCALE = (1.0, 10.0)
_KINDS = ("movie", "episode", "season", "show")
_WATCHED = ("plays", "last_watched_at", "watched_at")
_TIMES = ("rated_at", "last_watched_at", "watched_at")


def read(files: Sequence[ExportFile], cleaning: Cleaning) -> Export | None:
    """Rated films, then films watched without a rating; `None` if no file is from Trakt.

    Series, seasons and episodes are no films; the watchlist and lists are not read.
    """
    rated: list[OwnRating] = []
    watched: list[OwnRating] = []
    ours = [file for file in files if _is_trakt(file)]
    for file in ours:
        dated = []
        for line, entry in file.objects(cleaning, EXPECTED):
            try:
                each = _own_rating(entry, f"{file.label}, line {line}")
            except ValueError as error:
                cleaning.bad_line(file.label, line, str(error))
            else:
                if each is not None:
                    dated.append(each)
        for own in with_times(dated, cleaning):
            (watched if own.value is None else rated).append(own)
    rows = (*rated, *of_other_films(watched, rated))
    return Export.of("Trakt", rows, _SCALE) if ours else None


def _is_trakt(file: ExportFile) -> bool:
    return file.is_json and re.search(r'"(?:movie|show)"\s*:\s*\{', file.head) is not None


def _own_rating(entry: object, place: str) -> Dated | None:
    """The film or series of an entry; `None` if it was neither rated nor watched."""
    kind = next((each for each in _KINDS if isinstance(entry, Mapping) and each in entry), None)
    if not isinstance(entry, Mapping) or kind is None:
        raise ValueError("not an object with a movie in it")
    thing, value = entry[kind], entry.get("rating")
    if value is None and not any(key in entry for key in _WATCHED):
        return None  # of a watchlist
    if not isinstance(thing, Mapping) or not isinstance(ids := thing.get("ids", {}), Mapping):
        raise ValueError(f"the {kind} has no ids")
    title, year = thing.get("title"), thing.get("year")
    own = OwnRating(
        title=title.strip() if isinstance(title, str) else "",
        year=year if isinstance(year, int) and 1800 <= year < 2200 else None,
        imdb_id=imdb_id_of(str(ids.get("imdb") or "")),
        tmdb_id=str(ids.get("tmdb") or ""),
        value=None if value is None else rating(str(value)),
        is_film=kind == "movie",
        place=place,
    )
    if own.is_film and not (own.title or own.imdb_id or own.tmdb_id):
        raise ValueError("the movie has neither title nor id")
    return Dated(own, str(next(filter(None, map(entry.get, _TIMES)), "")))
