"""The editions of MovieLens with "::" between fields: 1M and 10M."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from matinee.data.catalog import Catalog
from matinee.data.cleaning import Cleaning
from matinee.data.sources._movielens import TAGS, catalog_of, film, keywords_by_film
from matinee.data.sources._ratings import RATINGS
from matinee.data.tables.delimited import read_table
from matinee.data.tables.layout import Layout, Types

__all__ = ["RATINGS_LAYOUT", "read_films", "read_tags", "read_viewers"]

RATINGS_LAYOUT = Layout(RATINGS, "::")
_FILMS: Types = {"movieId": pl.Int32, "title": pl.String, "genres": pl.String}
_VIEWERS: Types = {
    "user_id": pl.Int32,
    "gender": pl.String,
    "age": pl.Int32,
    "occupation": pl.Int32,
    "zip_code": pl.String,
}


def read_films(
    file: Path, encoding: str, cleaning: Cleaning, tags: pl.DataFrame | None = None
) -> Catalog:
    """The films of movies.dat, with keywords from tags; a title may contain "::".

    `encoding` is that of a file that is not UTF-8, here and below.

    Raises:
        DataError: the file is missing, holds no film, or is malformed beyond what is allowed.
    """
    keywords = keywords_by_film(pl.DataFrame(schema=TAGS) if tags is None else tags)
    layout = Layout(_FILMS, "::", otherwise=encoding, open_column="title")
    films = [
        film(item_id, title, genres, keywords.get(item_id, ()))
        for item_id, title, genres in read_table(file, layout, cleaning).frame.iter_rows()
    ]
    return catalog_of(films, file, cleaning)


def read_tags(file: Path, encoding: str, cleaning: Cleaning) -> pl.DataFrame:
    """Tags as userId, movieId, tag, timestamp; a tag may contain "::".

    Raises:
        DataError: the file is malformed beyond what is allowed.
    """
    layout = Layout(TAGS, "::", otherwise=encoding, open_column="tag")
    return read_table(file, layout, cleaning).frame


def read_viewers(file: Path, encoding: str, cleaning: Cleaning) -> pl.DataFrame:
    """Viewers by number, as user_id, gender, age, occupation (a code), zip_code.

    Raises:
        DataError: the file is malformed beyond what is allowed.
    """
    viewers = read_table(file, Layout(_VIEWERS, "::", otherwise=encoding), cleaning).frame
    distinct = viewers.unique("user_id", keep="first", maintain_order=True)
    cleaning.count("rows that repeat a viewer's id left out", viewers.height - distinct.height)
    return distinct.sort("user_id")
