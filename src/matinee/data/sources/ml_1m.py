"""MovieLens 1M: 1,000,209 ratings of 3,883 films by 6,040 viewers, 2000-2003."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.dataset import MOVIELENS, Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import RemoteFile
from matinee.data.sources import Source
from matinee.data.sources._movielens import CITATION, remarks, terms, unzip_into
from matinee.data.sources._movielens_dat import RATINGS_LAYOUT, read_films, read_viewers
from matinee.data.sources._ratings import interactions_of
from matinee.data.tables.delimited import blocks_of
from matinee.data.vocabulary import Vocabulary

__all__ = ["MovieLens1M"]

_ZIP = RemoteFile(
    url="https://files.grouplens.org/datasets/movielens/ml-1m.zip",
    sha256="a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20",
    size=5_917_549,
)
_PUBLISHED = 1_000_209
_ENCODING = "latin-1"
_OCCUPATIONS = (
    *("other", "educator", "artist", "clerical", "college student", "customer service"),
    *("health care", "executive", "farmer", "homemaker", "K-12 student", "lawyer"),
    *("programmer", "retired", "sales", "scientist", "self-employed", "technician"),
    *("craftsman", "unemployed", "writer"),
)
"""In the order of the codes of users.dat."""


@dataclass(frozen=True)
class MovieLens1M(Source):
    """GroupLens's zip. An age is the lowest of its range; 1 means under 18."""

    about = "1,000,209 ratings of 3,883 films by 6,040 viewers (2000-2003), with demographics"
    licence = terms("MovieLens 1M")
    homepage = "https://grouplens.org/datasets/movielens/1m/"
    citation = CITATION
    size = _ZIP.size
    layouts = (frozenset({"movies.dat", "ratings.dat", "users.dat"}),)
    numbering = MOVIELENS

    archive: RemoteFile = _ZIP

    def download(self, cache: Cache, folder: Path) -> None:
        unzip_into(folder, self.archive, cache)

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        viewers = read_viewers(folder / "users.dat", _ENCODING, cleaning)
        catalog = read_films(folder / "movies.dat", _ENCODING, cleaning)
        file = folder / "ratings.dat"
        blocks = blocks_of(file, RATINGS_LAYOUT, cleaning)
        interactions, count = interactions_of(
            blocks,
            file,
            catalog.item_ids,
            (1.0, 5.0),
            cleaning,
            Vocabulary.of("viewer", viewers["user_id"]),
        )
        return Dataset(
            name=self.name,
            interactions=interactions,
            catalog=catalog,
            licence=self.licence,
            demographics=viewers.select(
                pl.col("user_id").cast(pl.String),
                "age",
                "gender",
                pl.col("occupation").replace_strict(
                    dict(enumerate(_OCCUPATIONS)), default="other", return_dtype=pl.String
                ),
                "zip_code",
            ),
            notes=tuple(remarks(catalog, "ratings.dat", count, _PUBLISHED)),
        )
