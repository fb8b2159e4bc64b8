"""A plain CSV of one viewer's ratings: MovieLens's layouts, matinee's own export, any other table.

Columns are found by name, in any order, case and spacing: a rating, and at least one of a film id,
a title (with the year behind it, or in a column of its own), an IMDb id and a TMDB id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from matinee.data.cleaning import Cleaning
from matinee.data.exports._tables import (
    ExportFile,
    Record,
    imdb_id,
    plain_id,
    rating,
    seconds,
    year,
)
from matinee.data.exports.export import Export, OwnRating
from matinee.data.spelling import split_year
from matinee.errors import DataError

__all__ = ["EXPECTED", "read"]

EXPECTED = "a CSV with a column rating and one of movieId, title, imdb_id or tmdb_id"

_NAMES = {
    "rating": ("rating", "myrating", "yourrating", "stars"),
    "film": ("movieid", "filmid", "itemid", "movielensid"),
    "title": ("title", "name", "movie", "film"),
    "year": ("year", "releaseyear"),
    "imdb": ("imdbid", "imdb", "const", "tconst"),
    "tmdb": ("tmdbid", "tmdb"),
    "time": ("timestamp", "time", "date", "ratedat", "daterated"),
    "viewer": ("userid", "user", "viewerid", "viewer"),
}
_FILM = ("film", "title", "imdb", "tmdb")
_WIDEST = (0.0, 100.0)


def read(files: Sequence[ExportFile], cleaning: Cleaning) -> Export | None:
    """The ratings, and films with an empty rating as seen; `None` if no file is such a table.

    The `movies.csv` and `links.csv` beside a MovieLens `ratings.csv` add titles and ids.

    Raises:
        DataError: ratings of several viewers.
    """
    tables = [(file, _columns(file)) for file in files]
    rated = [
        (file, columns)
        for file, columns in tables
        if "rating" in columns and any(each in columns for each in _FILM)
    ]
    if not rated:
        return None
    facts: dict[str, OwnRating] = {}
    for file, columns in tables:
        if "film" in columns and "rating" not in columns and "viewer" not in columns:
            for own in _rows(file, columns, cleaning):
                facts[own.movielens_id] = _completed(own, facts)
    rows = [
        _completed(own, facts) for file, columns in rated for own in _rows(file, columns, cleaning)
    ]
    return Export("plain table", tuple(rows), None)


def _columns(file: ExportFile) -> dict[str, str]:
    """The columns of a file by their meaning."""
    spelt = {re.sub(r"[^a-z]", "", name.lower()): name for name in reversed(file.columns)}
    columns = {
        meaning: next((spelt[each] for each in names if each in spelt), "")
        for meaning, names in _NAMES.items()
    }
    return {meaning: name for meaning, name in columns.items() if name}


def _rows(file: ExportFile, columns: Mapping[str, str], cleaning: Cleaning) -> Iterator[OwnRating]:
    viewers: set[str] = set()

    def parse(record: Record, place: str) -> OwnRating:
        field = {meaning: record[name] for meaning, name in columns.items()}
        viewer = field.get("viewer", "")
        viewers.add(viewer)
        if len(viewers) > 1:
            raise DataError(
                f"{place}: ratings of a second viewer, {viewer!r}; expected those of one"
            )
        value, title, year_behind = field.get("rating", ""), field.get("title", ""), None
        if "year" not in columns:
            title, year_behind = split_year(title)
        own = OwnRating(
            title=title,
            year=year(field.get("year", "")) or year_behind,
            imdb_id=imdb_id(field.get("imdb", "")),
            tmdb_id=plain_id(field.get("tmdb", "")),
            movielens_id=plain_id(field.get("film", "")),
            value=rating(value, _WIDEST) if value else None,
            time=seconds(field.get("time", ""), cleaning, place),
        )
        if not (own.title or own.imdb_id or own.tmdb_id or own.movielens_id):
            raise ValueError("the film has neither title nor id")
        return own

    return file.own_ratings(cleaning, parse)


def _completed(own: OwnRating, facts: Mapping[str, OwnRating]) -> OwnRating:
    """The row with facts that another table has for its film id."""
    fact = facts.get(own.movielens_id, own)
    return replace(
        own,
        title=own.title or fact.title,
        year=own.year or fact.year,
        imdb_id=own.imdb_id or fact.imdb_id,
        tmdb_id=own.tmdb_id or fact.tmdb_id,
    )
