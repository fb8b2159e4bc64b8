"""The editions of MovieLens as CSV: 20M, 25M, 32M and latest, which have one layout."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from matinee.data.catalog import Catalog
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.interactions import Interactions
from matinee.data.sources import Source
from matinee.data.sources._movielens import catalog_of, film, keywords_by_film, remarks
from matinee.data.sources._rows import RATINGS, checked_rows, interactions_of
from matinee.data.sources._tables import read_text
from matinee.errors import DataError

__all__ = ["LAYOUTS", "SCALE", "edition_in", "read_edition"]

LAYOUTS = (frozenset({"movies.csv", "ratings.csv"}), frozenset({"movies.csv", "links.csv"}))
"""Without ratings it is a catalogue still."""
SCALE = (0.5, 5.0)

_MOVIES: dict[str, type[pl.DataType]] = {
    "movieId": pl.Int32,
    "title": pl.String,
    "genres": pl.String,
}
_LINKS: dict[str, type[pl.DataType]] = {
    "movieId": pl.Int32,
    "imdbId": pl.String,
    "tmdbId": pl.String,
}
_TAGS: dict[str, type[pl.DataType]] = {
    "userId": pl.Int32,
    "movieId": pl.Int32,
    "tag": pl.String,
    "timestamp": pl.Int64,
}
_GENOME_TAGS: dict[str, type[pl.DataType]] = {"tagId": pl.Int32, "tag": pl.String}
_GENOME_SCORES: dict[str, type[pl.DataType]] = {
    "movieId": pl.Int32,
    "tagId": pl.Int32,
    "relevance": pl.Float32,
}
_RELEVANT = 0.8

_FILMS = {27_278: "ml-20m", 62_423: "ml-25m", 87_585: "ml-32m", 9_742: "ml-latest-small"}
"""Films of each edition, by which a folder without a telling name or README is known."""
_EDITIONS = frozenset({*_FILMS.values(), "ml-latest"})
_NAMED_IN_README = re.compile(r"dataset \((ml-[a-z0-9-]+)\)")


def edition_in(folder: Path) -> str | None:
    """Which edition lies in a folder: by its name, its README, or how many films it has.

    `None` where it is none in this layout. What fits no other is "ml-latest".
    """
    if not any(all((folder / name).is_file() for name in names) for names in LAYOUTS):
        return None
    if _header(folder / "movies.csv") != list(_MOVIES):
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


def read_edition(
    source: Source, folder: Path, cleaning: Cleaning, *, published: int | None = None
) -> Dataset:
    """An edition in a folder.

    Args:
        source: whose it is.
        folder: holds movies.csv and, where the copy is whole, the other files.
        cleaning: is told what is left out or repaired.
        published: how many ratings the whole edition has.

    Raises:
        DataError: a file is not what it should be, or more of it is malformed than allowed.
    """
    catalog, notes = _catalog(folder, cleaning)
    ratings = _read_if_there(folder / "ratings.csv", RATINGS, cleaning)
    if ratings is None:
        found, interactions = None, Interactions.empty(catalog.item_ids)
        interactions = replace(interactions, scale=SCALE)
    else:
        found = ratings.height
        file = folder / "ratings.csv"
        interactions = interactions_of(ratings, file, catalog, SCALE, cleaning)
    return Dataset(
        name=source.name,
        interactions=interactions,
        catalog=catalog,
        licence=source.licence,
        notes=(*remarks(catalog, "ratings.csv", found, published), *notes),
    )


def _catalog(folder: Path, cleaning: Cleaning) -> tuple[Catalog, Sequence[str]]:
    """The films, and a sentence for each of their files that is missing."""
    notes = []
    movies = _read(folder / "movies.csv", _MOVIES, cleaning)
    links = _read_if_there(folder / "links.csv", _LINKS, cleaning)
    tags = _read_if_there(folder / "tags.csv", _TAGS, cleaning)
    if links is None:
        notes.append("ids of IMDb and TMDB are unknown: there is no links.csv")
    if tags is None:
        notes.append("viewers' keywords are unknown: there is no tags.csv")
        tags = pl.DataFrame(schema=_TAGS)
    ids = {} if links is None else {row[0]: row[1:] for row in links.iter_rows()}
    keywords = keywords_by_film(tags, _genome(folder, cleaning))
    films = [
        film(item_id, title, genres, keywords.get(item_id, ()), *ids.get(item_id, ()))
        for item_id, title, genres in movies.iter_rows()
    ]
    return catalog_of(films, folder / "movies.csv", cleaning), notes


def _genome(folder: Path, cleaning: Cleaning) -> pl.DataFrame | None:
    """The tags that the genome finds relevant, as movieId, tag, weight."""
    scores = _read_if_there(folder / "genome-scores.csv", _GENOME_SCORES, cleaning)
    names = _read_if_there(folder / "genome-tags.csv", _GENOME_TAGS, cleaning)
    if scores is None or names is None:
        return None
    relevant = scores.filter(pl.col("relevance") >= _RELEVANT).join(names, on="tagId")
    return relevant.select(
        "movieId", pl.col("tag").str.to_lowercase(), pl.col("relevance").alias("weight")
    )


def _read_if_there(
    file: Path, columns: Mapping[str, type[pl.DataType]], cleaning: Cleaning
) -> pl.DataFrame | None:
    return _read(file, columns, cleaning) if file.is_file() else None


def _read(file: Path, columns: Mapping[str, type[pl.DataType]], cleaning: Cleaning) -> pl.DataFrame:
    """A table whose first line names exactly these columns; an empty text is ""."""
    header = _header(file)
    if header != list(columns):
        raise DataError(f"{file}, line 1: columns {header} instead of {list(columns)}")
    frame = None if _ends_in_quote(file) else _fast(file, columns)
    if frame is None or _is_damaged(frame):
        frame = checked_rows(file, columns, _records(file), cleaning)
    return frame.with_columns(pl.col(pl.String).fill_null(""))


def _fast(file: Path, columns: Mapping[str, type[pl.DataType]]) -> pl.DataFrame | None:
    try:
        return pl.read_csv(file, schema=dict(columns))
    except pl.exceptions.PolarsError:
        return None


def _ends_in_quote(file: Path) -> bool:
    """Whether no line end follows a last quote: polars panics where that quote opens."""
    with file.open("rb") as opened:
        opened.seek(-1, os.SEEK_END)
        return opened.read() == b'"'


def _is_damaged(frame: pl.DataFrame) -> bool:
    """Whether a number is missing, or a stray quote made one text of several lines."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return any(
        column.str.contains("\n", literal=True).any()
        if column.name in texts
        else column.null_count() > 0
        for column in frame
    )


def _records(file: Path) -> Iterator[tuple[int, Sequence[str]]]:
    """Each line below the header with its number, by itself: no field goes over a line's end."""
    lines = read_text(file).split("\n")
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            # A carriage return within a line would end it for the reader, which refuses the rest.
            yield number, next(csv.reader([line.replace("\r", " ")]))


def _header(file: Path) -> list[str]:
    try:
        with file.open("rb") as opened:
            first = opened.readline(1000)
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}") from None
    names = first.decode("utf-8-sig", "replace").strip().split(",")
    return [name.strip('"') for name in names]
