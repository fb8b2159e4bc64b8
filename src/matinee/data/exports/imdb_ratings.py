"""IMDb: one CSV of ratings from 1 to 10, each with the id of its title.

Title types and genres are in the language of the account, so only ids, titles and years are read.
Series and episodes are simply not found among films.
"""

from __future__ import annotations

from collections.abc import Sequence

from matinee.data.cleaning import Cleaning
from matinee.data.exports._tables import ExportFile, Record, imdb_id, rating, seconds, year
from matinee.data.exports.export import Export, OwnRating

__all__ = ["EXPECTED", "read"]

EXPECTED = "IMDb ratings (a CSV with the columns Const and Your Rating)"

_SCALE = (1.0, 10.0)


def read(files: Sequence[ExportFile], cleaning: Cleaning) -> Export | None:
    """Every rated title; `None` if no file is from IMDb.

    IMDb's lists, such as the watchlist, have the same columns and a position. A title without a
    rating in a list was not necessarily seen, so it is left out.
    """

    def parse(record: Record, place: str) -> OwnRating | None:
        if not record["Your Rating"] and "Position" in record:
            return None
        const, title, original = record["Const"], record["Title"], record["Original Title"]
        if not const.startswith("tt") or not imdb_id(const):
            raise ValueError(f"Const {const!r} is not the IMDb id of a title")
        return OwnRating(
            title=title,
            year=year(record["Year"]),
            imdb_id=imdb_id(const),
            value=rating(record["Your Rating"], _SCALE),
            time=seconds(record["Date Rated"], cleaning, place),
            original_title="" if original == title else original,
        )

    ours = [file for file in files if {"Const", "Your Rating"} <= set(file.columns)]
    rows = tuple(row for file in ours for row in file.own_ratings(cleaning, parse))
    return Export("IMDb", rows, _SCALE) if ours else None
