"""A plain CSV of one viewer's ratings: MovieLens's layouts, matinee's export, a handmade one.

Columns are found by name, whatever their order, case and spacing: rating, and at least one of a
film id, a title (the year may stand behind it), an IMDb id or a TMDB id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from matinee.data.cleaning import Cleaning
from matinee.data.exports._fields import imdb_id, plain_id, rating, seconds, year
from matinee.data.exports._files import ExportFile, Record
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
    """The ratings, and films with an empty rating as seen; `None` where no file is such a table.

    Beside a MovieLens `ratings.csv`, titles and ids are taken from `movies.csv` and `links.csv`.

    Raises:
        DataError: ratings of several viewers.
    """
    tables = {file.label: (file, _columns(file)) for file in files}
    rated = [
        (file, columns)
        for file, columns in tables.values()
        if "rating" in columns and any(each in columns for each in _FILM)
    ]
    if not rated:
        return None
    facts: dict[str, OwnRating] = {}
    for file, columns in tables.values():
        if "film" in columns and "rating" not in columns and "viewer" not in columns:
            for row in _rows(file, columns, cleaning):
                facts[row.movielens_id] = _completed(row, facts)
    rows = [
        _completed(row, facts) for file, columns in rated for row in _rows(file, columns, cleaning)
    ]
    return Export("plain table", tuple(rows), None)


def _columns(file: ExportFile) -> dict[str, str]:
    """The names this file has for the columns that are known."""
    spelt = {re.sub(r"[^a-z]", "", name.lower()): name for name in reversed(file.columns)}
    found = {
        known: next((spelt[each] for each in names if each in spelt), "")
        for known, names in _NAMES.items()
    }
    return {known: name for known, name in found.items() if name}


def _rows(file: ExportFile, columns: dict[str, str], cleaning: Cleaning) -> Iterator[OwnRating]:
    viewer = None
    for record in file.records(cleaning):
        its_viewer = record[columns.get("viewer", "")]
        if viewer not in (None, its_viewer):
            raise DataError(
                f"{file.label}, line {record.line}: ratings of a second viewer, {its_viewer!r}; "
                "expected those of one"
            )
        viewer = its_viewer
        try:
            yield _row(file, columns, record, cleaning)
        except ValueError as error:
            cleaning.bad_line(file.label, record.line, str(error))


def _row(
    file: ExportFile, columns: dict[str, str], record: Record, cleaning: Cleaning
) -> OwnRating:
    field = {known: record[name] for known, name in columns.items()}
    given, title, released = field.get("rating", ""), field.get("title", ""), field.get("year", "")
    behind = None
    if "year" not in columns:
        title, behind = split_year(title)
    row = OwnRating(
        title=title,
        year=year(released) or behind,
        imdb_id=imdb_id(field.get("imdb", "")),
        tmdb_id=plain_id(field.get("tmdb", "")),
        movielens_id=plain_id(field.get("film", "")),
        value=rating(given, _WIDEST) if given else None,
        time=seconds(field.get("time", ""), cleaning, f"{file.label}, line {record.line}"),
    )
    if not (row.title or row.imdb_id or row.tmdb_id or row.movielens_id):
        raise ValueError("the film has neither title nor id")
    return row


def _completed(row: OwnRating, facts: dict[str, OwnRating]) -> OwnRating:
    """With what another table says about the film of this id."""
    fact = facts.get(row.movielens_id)
    if fact is None:
        return row
    return replace(
        row,
        title=row.title or fact.title,
        year=row.year or fact.year,
        imdb_id=row.imdb_id or fact.imdb_id,
        tmdb_id=row.tmdb_id or fact.tmdb_id,
    )
