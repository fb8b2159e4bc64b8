"""IMDb: one CSV of ratings from 1 to 10, each with the id of its title.

Title types are in the language of the account (see `is_film`).
"""

from __future__ import annotations

from collections.abc import Sequence

from matinee.data.cleaning import Cleaning
from matinee.data.exports._fields import is_film, rating, year
from matinee.data.exports._tables import ExportFile, Record
from matinee.data.exports.export import Export, OwnRating
from matinee.data.tables.film_facts import imdb_id_of

__all__ = ["EXPECTED", "read"]

EXPECTED = "IMDb ratings (a CSV with the columns Const and Your Rating)"

_SCALE = (1.0, 10.0)


def read(files: Sequence[ExportFile], cleaning: Cleaning) -> Export | None:
    """Every rated title, and which are no films; `None` if no file is from IMDb.

    IMDb's lists, such as the watchlist, have the same columns and a position. A title without a
    rating in a list was not necessarily seen, so it is left out.
    """

    def parse(record: Record, place: str) -> OwnRating | None:
        if not record["Your Rating"] and "Position" in record:
            return None
        const, title, original = record["Const"], record["Title"], record["Original Title"]
        if not const.startswith("tt") or not imdb_id_of(const):
            raise ValueError(f"Const {const!r} is not the IMDb id of a title")
        return OwnRating(
            title=title,
            year=year(record["Year"]),
            imdb_id=imdb_id_of(const),
            value=rating(record["Your Rating"]),
            original_title="" if original == title else original,
            is_film=is_film(record["Title Type"]),
            place=place,
        )

    ours = [file for file in files if {"Const", "Your Rating"} <= set(file.columns)]
    rows = [row for file in ours for row in file.own_ratings(cleaning, parse, "Date Rated")]
    return Export.of("IMDb", rows, _SCALE) if ours else None
