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

__all__ = ["RATINGS_LAYOUT", "read_films"]

RATINGS_LAYOUT = Layout(RATINGS, "::")
_FILMS: Types = {"movieId": pl.Int32, "title": pl.String, "genres": pl.String}


def read_films(
    file: Path, encoding: str, cleaning: Cleaning, tags: pl.DataFrame | None = None
) -> Catalog:
    """The films of movies.dat, with keywords from tags; a title may contain "::".

    `encoding` is that of a file that is not UTF-8.
    """
    keywords = keywords_by_film(pl.DataFrame(schema=TAGS) if tags is None else tags)
    layout = Layout(_FILMS, "::", otherwise=encoding, open_column="title")
    films = [
        film(item_id, title, genres, keywords.get(item_id, ()))
        for item_id, title, genres in read_table(file, layout, cleaning).frame.iter_rows()
    ]
    return catalog_of(films, file, cleaning)
