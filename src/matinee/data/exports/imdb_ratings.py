"""IMDb: one CSV of ratings from 1 to 10, each with the id of its title.

Title types and genres are written in the language of the account, so only ids, titles and years
are looked at; series and episodes are simply not found among films.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matinee.data.cleaning import Cleaning
from matinee.data.exports._fields import imdb_id, rating, seconds, year
from matinee.data.exports._files import ExportFile, Record
from matinee.data.exports.export import Export, OwnRating

__all__ = ["EXPECTED", "read"]

EXPECTED = "IMDb ratings (a CSV with the columns Const and Your Rating)"

_SCALE = (1.0, 10.0)


def read(files: Sequence[ExportFile], cleaning: Cleaning) -> Export | None:
    """Every rated title; `None` where no file is IMDb's.

    IMDb's lists, the watchlist among them, have the same columns and a position: what is not
    rated there was not necessarily seen, and is passed over.
    """
    ours = [file for file in files if {"Const", "Your Rating"} <= set(file.columns)]
    if not ours:
        return None
    rows = [row for file in ours for row in _rows(file, cleaning)]
    return Export("IMDb", tuple(rows), _SCALE)


def _rows(file: ExportFile, cleaning: Cleaning) -> Iterator[OwnRating]:
    is_list = "Position" in file.columns
    for record in file.records(cleaning):
        if is_list and not record["Your Rating"]:
            continue
        try:
            yield _row(file, record, cleaning)
        except ValueError as error:
            cleaning.bad_line(file.label, record.line, str(error))


def _row(file: ExportFile, record: Record, cleaning: Cleaning) -> OwnRating:
    const = record["Const"]
    if not const.startswith("tt") or not imdb_id(const):
        raise ValueError(f"Const {const!r} is no IMDb id of a title")
    original = record["Original Title"]
    return OwnRating(
        title=record["Title"],
        year=year(record["Year"]),
        imdb_id=imdb_id(const),
        value=rating(record["Your Rating"], _SCALE),
        time=seconds(record["Date Rated"], cleaning, f"{file.label}, line {record.line}"),
        original_title="" if original == record["Title"] else original,
    )
