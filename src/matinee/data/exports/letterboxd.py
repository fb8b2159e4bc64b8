"""Letterboxd: a zip of CSV files without ids; films have a title and a year."""

from __future__ import annotations

from collections.abc import Sequence

from matinee.data.cleaning import Cleaning
from matinee.data.exports._fields import rating, year
from matinee.data.exports._tables import ExportFile, Record
from matinee.data.exports.export import Export, OwnRating, of_other_films
from matinee.errors import DataError

__all__ = ["EXPECTED", "read"]

EXPECTED = "a Letterboxd export (its zip, folder or ratings.csv: Date,Name,Year,Letterboxd URI,...)"

_SCALE = (0.5, 5.0)
_FILM = {"Date", "Name", "Year", "Letterboxd URI"}
_SEEN = {"watched.csv", "likes/films.csv"}


def read(files: Sequence[ExportFile], cleaning: Cleaning) -> Export | None:
    """Current ratings, then rated diary entries of other films, then films seen without a rating.

    The watchlist, lists and deleted ratings are not read. `None` if no file is from Letterboxd.

    Raises:
        DataError: the only file is a watchlist.
    """

    def parse(record: Record, place: str) -> OwnRating:
        if not record["Name"]:
            raise ValueError("the film has no name")
        value = record["Rating"]
        return OwnRating(
            title=record["Name"],
            year=year(record["Year"]),
            value=rating(value) if value else None,
            # In the diary the address is that of the entry.
            page="" if "Watched Date" in record else record["Letterboxd URI"],
            place=place,
        )

    def parse_rated(record: Record, place: str) -> OwnRating:
        rating(record["Rating"])
        return parse(record, place)

    ours = [file for file in files if set(file.columns) >= _FILM]
    if ours and len(files) == 1 and "watchlist" in ours[0].name.lower():
        raise DataError(
            f"{ours[0].label} is a Letterboxd watchlist, films not seen yet; "
            "use ratings.csv or the whole export"
        )
    rated: list[OwnRating] = []
    diary: list[OwnRating] = []
    seen: list[OwnRating] = []
    for file in (each for each in ours if "/" not in each.name or each.name in _SEEN):
        if "Watched Date" in file.columns:
            diary += file.own_ratings(cleaning, parse, "Date")
        elif "Rating" in file.columns:
            rated += file.own_ratings(cleaning, parse_rated, "Date")
        elif file.name in _SEEN or len(files) == 1:
            seen += file.own_ratings(cleaning, parse, "Date")
    # A film seen again has an entry each time: the latest rating is the current one.
    by_time = sorted((own for own in diary if own.value is not None), key=lambda own: own.time)
    rated += of_other_films(by_time, rated)
    unrated = [own for own in diary if own.value is None] + seen
    rows = (*rated, *of_other_films(unrated, rated))
    return Export.of("Letterboxd", rows, _SCALE) if ours else None
