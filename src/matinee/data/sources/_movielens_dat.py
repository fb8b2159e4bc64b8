"""The editions of MovieLens whose fields "::" parts: 1M and 10M."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from matinee.data.catalog import Catalog, Film
from matinee.data.cleaning import Cleaning
from matinee.data.sources._movielens import catalog_of, film, keywords_by_film
from matinee.data.sources._rows import RATINGS, checked_rows
from matinee.data.sources._tables import read_text
from matinee.errors import DataError

__all__ = ["read_films", "read_ratings", "read_tags", "read_viewers"]

_SEPARATOR = "::"
_ID = re.compile("[0-9]{1,9}")
_TAGS: dict[str, type[pl.DataType]] = {
    "userId": pl.Int32,
    "movieId": pl.Int32,
    "tag": pl.String,
    "timestamp": pl.Int64,
}
_VIEWERS: dict[str, type[pl.DataType]] = {
    "user_id": pl.Int32,
    "gender": pl.String,
    "age": pl.Int32,
    "occupation": pl.Int32,
    "zip_code": pl.String,
}


def read_ratings(file: Path, cleaning: Cleaning) -> pl.DataFrame:
    """Ratings as the columns of `RATINGS`.

    Raises:
        DataError: the file is missing, or more of it is malformed than `cleaning` allows.
    """
    try:
        # The file holds numbers alone, so that no tab of its own can be taken for a separator.
        content = file.read_bytes().replace(_SEPARATOR.encode(), b"\t")
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}") from None
    try:
        frame = pl.read_csv(
            content, separator="\t", has_header=False, schema=RATINGS, quote_char=None
        )
    except pl.exceptions.PolarsError:
        frame = None
    if frame is None or any(column.null_count() for column in frame):
        return checked_rows(file, RATINGS, _records(file, "utf-8"), cleaning)
    return frame


def read_films(
    file: Path, encoding: str, cleaning: Cleaning, tags: pl.DataFrame | None = None
) -> Catalog:
    """The films of movies.dat, with keywords where there are tags.

    Raises:
        DataError: the file is missing, holds no film, or is malformed beyond what is allowed.
    """
    keywords = keywords_by_film(pl.DataFrame(schema=_TAGS) if tags is None else tags)
    films: list[Film] = []
    for number, line in _lines(file, encoding):
        # Titles may hold "::", ids and genres do not.
        item_id, _, rest = line.partition(_SEPARATOR)
        title, parted, genres = rest.rpartition(_SEPARATOR)
        if not (parted and _ID.fullmatch(item_id)):
            cleaning.bad_line(file, number, "not a number, a title and genres")
            continue
        row = int(item_id)
        films.append(film(row, title, genres, keywords.get(row, ())))
    return catalog_of(films, file, cleaning)


def read_tags(file: Path, encoding: str, cleaning: Cleaning) -> pl.DataFrame:
    """Tags as userId, movieId, tag, timestamp; a tag may hold "::".

    Raises:
        DataError: the file is malformed beyond what is allowed.
    """

    def records() -> Iterator[tuple[int, Sequence[str]]]:
        for number, line in _lines(file, encoding):
            before, _, time = line.rpartition(_SEPARATOR)
            yield number, [*before.split(_SEPARATOR, 2), time]

    return checked_rows(file, _TAGS, records(), cleaning)


def read_viewers(file: Path, encoding: str, cleaning: Cleaning) -> pl.DataFrame:
    """Viewers by number, as user_id, gender, age, occupation (a code), zip_code.

    Raises:
        DataError: the file is malformed beyond what is allowed.
    """
    viewers = checked_rows(file, _VIEWERS, _records(file, encoding), cleaning)
    different = viewers.unique("user_id", keep="first", maintain_order=True)
    cleaning.found("rows that repeat a viewer's id left out", viewers.height - different.height)
    return different.sort("user_id")


def _records(file: Path, encoding: str) -> Iterator[tuple[int, Sequence[str]]]:
    return ((number, line.split(_SEPARATOR)) for number, line in _lines(file, encoding))


def _lines(file: Path, encoding: str) -> Iterator[tuple[int, str]]:
    lines = read_text(file, encoding).split("\n")
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
