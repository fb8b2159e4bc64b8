"""The editions of MovieLens in CSV: 20M, 25M, 32M and latest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from matinee.data.catalog import Catalog
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.sources._movielens import (
    RATINGS,
    TAGS,
    MovieLens,
    catalog_of,
    film,
    keywords_by_film,
)
from matinee.data.tables.delimited import read_table
from matinee.data.tables.layout import Layout, Quotes, Types, header_of
from matinee.data.tables.lines import FALLBACK_ENCODING
from matinee.errors import DataError

__all__ = ["CsvEdition", "edition_in", "layout_of"]

_LAYOUTS = (frozenset({"movies.csv", "ratings.csv"}), frozenset({"movies.csv", "links.csv"}))
"""Without ratings a folder is still a catalogue."""

_MOVIES: Types = {"movieId": pl.Int32, "title": pl.String, "genres": pl.String}
_LINKS: Types = {"movieId": pl.Int32, "imdbId": pl.String, "tmdbId": pl.String}
_GENOME_TAGS: Types = {"tagId": pl.Int32, "tag": pl.String}
_GENOME_SCORES: Types = {"movieId": pl.Int32, "tagId": pl.Int32, "relevance": pl.Float32}
_RELEVANT = 0.8
"""Relevance from which a tag of the genome is a keyword."""

_FILMS = {27_278: "ml-20m", 62_423: "ml-25m", 87_585: "ml-32m", 9_742: "ml-latest-small"}
"""Number of films, which identifies a folder whose name and README do not."""
_EDITIONS = frozenset({*_FILMS.values(), "ml-latest"})
_NAMED_IN_README = re.compile(r"dataset \((ml-[a-z0-9-]+)\)")


def edition_in(folder: Path) -> str | None:
    """The edition in a folder, by its name, its README, or its number of films.

    `None` if the folder has another layout. A copy that fits no other edition is "ml-latest".
    """
    if not any(all((folder / name).is_file() for name in names) for names in _LAYOUTS):
        return None
    if header_of(folder / "movies.csv", ",") != tuple(_MOVIES):
        return None
    ratings = folder / "ratings.csv"
    if ratings.is_file() and header_of(ratings, ",") != tuple(RATINGS):
        return None
    for name in (folder.name, folder.resolve().name):
        if name in _EDITIONS:
            return name
    readme = folder / "README.txt"
    if readme.is_file():
        named = _NAMED_IN_README.search(readme.read_bytes()[:2000].decode("utf-8", "replace"))
        if named and named[1] in _EDITIONS:
            return named[1]
    lines = (folder / "movies.csv").read_bytes().rstrip().count(b"\n")
    return _FILMS.get(lines, "ml-latest")


class CsvEdition(MovieLens):
    """An edition in CSV."""

    layouts = _LAYOUTS

    def recognises(self, folder: Path) -> bool:
        return edition_in(folder) == self.name

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        catalog, notes = _catalog(folder, cleaning)
        file = folder / "ratings.csv"
        layout = layout_of(file, RATINGS) if file.is_file() else None
        return self.dataset(catalog, file, layout, cleaning, notes=notes)


def _catalog(folder: Path, cleaning: Cleaning) -> tuple[Catalog, Sequence[str]]:
    """The films, and a note on each of their files that is missing."""
    notes = []
    file = folder / "movies.csv"
    movies = read_table(file, layout_of(file, _MOVIES), cleaning).frame
    links = _read(folder / "links.csv", _LINKS, cleaning)
    tags = _read(folder / "tags.csv", TAGS, cleaning)
    if links is None:
        notes.append("ids of IMDb and TMDB are unknown: there is no links.csv")
    if tags is None:
        notes.append("viewers' keywords are unknown: there is no tags.csv")
        tags = pl.DataFrame(schema=TAGS)
    ids = {} if links is None else {row[0]: row[1:] for row in links.iter_rows()}
    keywords = keywords_by_film(tags, _genome(folder, cleaning))
    films = [
        film(item_id, title, genres, keywords.get(item_id, ()), *ids.get(item_id, ()))
        for item_id, title, genres in movies.iter_rows()
    ]
    return catalog_of(films, file, cleaning), notes


def _genome(folder: Path, cleaning: Cleaning) -> pl.DataFrame | None:
    """Relevant tags of the genome, as movieId, tag, weight."""
    scores = _read(folder / "genome-scores.csv", _GENOME_SCORES, cleaning)
    names = _read(folder / "genome-tags.csv", _GENOME_TAGS, cleaning)
    if scores is None or names is None:
        return None
    relevant = scores.filter(pl.col("relevance") >= _RELEVANT).join(names, on="tagId")
    return relevant.select(
        "movieId", pl.col("tag").str.to_lowercase(), pl.col("relevance").alias("weight")
    )


def _read(file: Path, columns: Types, cleaning: Cleaning) -> pl.DataFrame | None:
    """A file's rows; `None` without the file."""
    return read_table(file, layout_of(file, columns), cleaning).frame if file.is_file() else None


def layout_of(file: Path, columns: Types) -> Layout:
    """CSV below a header of exactly these columns."""
    names = header_of(file, ",")
    if names != tuple(columns):
        raise DataError(f"{file}, line 1: columns {[*names]} instead of {[*columns]}")
    return Layout(columns, ",", Quotes.WITHIN_LINES, header=True, otherwise=FALLBACK_ENCODING)
