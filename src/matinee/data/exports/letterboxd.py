"""Letterboxd: a zip of CSV files without ids; films are named by title and year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matinee.data.cleaning import Cleaning
from matinee.data.exports._fields import rating, seconds, year
from matinee.data.exports._files import ExportFile, Record
from matinee.data.exports.export import Export, OwnRating
from matinee.errors import DataError

__all__ = ["EXPECTED", "read"]

EXPECTED = "a Letterboxd export (its zip, folder or ratings.csv: Date,Name,Year,Letterboxd URI,...)"

_SCALE = (0.5, 5.0)
_FILM = {"Date", "Name", "Year", "Letterboxd URI"}
_SEEN = {"watched.csv", "likes/films.csv"}


def read(files: Sequence[ExportFile], cleaning: Cleaning) -> Export | None:
    """The ratings in force, then rated diary entries of other films, then films only seen.

    The watchlist, lists and what was deleted are left aside. `None` where no file is Letterboxd's.

    Raises:
        DataError: a watchlist alone.
    """
    films = [file for file in files if set(file.columns) >= _FILM]
    if not films:
        return None
    alone = len(files) == 1
    if alone and "watchlist" in films[0].name.lower():
        raise DataError(
            f"{films[0].label} is a Letterboxd watchlist, films not seen yet; "
            "give ratings.csv or the whole export"
        )
    here = [file for file in films if "/" not in file.name or file.name in _SEEN]
    diary = [file for file in here if "Watched Date" in file.columns]
    ratings = [file for file in here if "Rating" in file.columns and file not in diary]
    seen = [file for file in here if "Rating" not in file.columns and (alone or file.name in _SEEN)]
    rated = [row for file in ratings for row in _rows(file, cleaning, must_rate=True)]
    known = {(row.title, row.year) for row in rated}
    entries = [row for file in diary for row in _rows(file, cleaning)]
    by_time = sorted((row for row in entries if row.value is not None), key=lambda row: row.time)
    # A film seen again has an entry each time: the last opinion is the one in force.
    rewatched = {(row.title, row.year): row for row in by_time}
    rated += [row for film, row in rewatched.items() if film not in known]
    only_seen = [row for row in entries if row.value is None]
    only_seen += [row for file in seen for row in _rows(file, cleaning)]
    known = {(row.title, row.year) for row in rated}
    once = {(row.title, row.year): row for row in only_seen}
    rest = [row for film, row in once.items() if film not in known]
    return Export("Letterboxd", tuple(rated + rest), _SCALE)


def _rows(file: ExportFile, cleaning: Cleaning, *, must_rate: bool = False) -> Iterator[OwnRating]:
    for record in file.records(cleaning):
        try:
            yield _row(file, record, cleaning, must_rate)
        except ValueError as error:
            cleaning.bad_line(file.label, record.line, str(error))


def _row(file: ExportFile, record: Record, cleaning: Cleaning, must_rate: bool) -> OwnRating:  # noqa: FBT001 - private
    if not record["Name"]:
        raise ValueError("the film has no name")
    given = record["Rating"]
    return OwnRating(
        title=record["Name"],
        year=year(record["Year"]),
        value=rating(given, _SCALE) if given or must_rate else None,
        time=seconds(record["Date"], cleaning, f"{file.label}, line {record.line}"),
    )
