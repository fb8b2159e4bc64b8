"""MovieLens 1M: 1,000,209 ratings of 3,883 films by 6,040 viewers, 2000-2003."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.sources._movielens import RATINGS_LAYOUT, MovieLens, read_films, terms, zip_of
from matinee.data.tables.delimited import read_table
from matinee.data.tables.layout import Layout, Types
from matinee.data.tables.lines import first_lines

__all__ = ["MovieLens1M"]

_ENCODING = "latin-1"
_HEAD = 1 << 12
_VIEWERS: Types = {
    "user_id": pl.Int32,
    "gender": pl.String,
    "age": pl.Int32,
    "occupation": pl.Int32,
    "zip_code": pl.String,
}
_OCCUPATIONS = (
    *("other", "educator", "artist", "clerical", "college student", "customer service"),
    *("health care", "executive", "farmer", "homemaker", "K-12 student", "lawyer"),
    *("programmer", "retired", "sales", "scientist", "self-employed", "technician"),
    *("craftsman", "unemployed", "writer"),
)
"""In the order of the codes of users.dat."""


class MovieLens1M(MovieLens):
    """GroupLens's zip. An age is the lowest of its range; 1 means under 18."""

    about = "1,000,209 ratings of 3,883 films by 6,040 viewers (2000-2003), with demographics"
    licence = terms("MovieLens 1M")
    homepage = "https://grouplens.org/datasets/movielens/1m/"
    archive = zip_of(
        "ml-1m", 5_917_549, "a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20"
    )
    size = archive.size
    layouts = (frozenset({"movies.dat", "ratings.dat", "users.dat"}),)
    published = 1_000_209
    scale = (1.0, 5.0)

    def recognises(self, folder: Path) -> bool:
        """By its files, of which users.dat has five fields: others have files of the same names."""
        if not super().recognises(folder):
            return False
        first = first_lines(folder / "users.dat", otherwise=_ENCODING, size=_HEAD)
        return first.text.partition(b"\n")[0].count(b"::") == len(_VIEWERS) - 1

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        viewers = _viewers(folder / "users.dat", cleaning)
        catalog = read_films(folder / "movies.dat", _ENCODING, cleaning)
        return self.dataset(catalog, folder / "ratings.dat", RATINGS_LAYOUT, cleaning, viewers)


def _viewers(file: Path, cleaning: Cleaning) -> pl.DataFrame:
    """The first row of each viewer, in the order of their numbers."""
    viewers = read_table(file, Layout(_VIEWERS, "::", otherwise=_ENCODING), cleaning).frame
    distinct = viewers.unique("user_id", keep="first", maintain_order=True)
    cleaning.count("rows that repeat a viewer's id left out", viewers.height - distinct.height)
    return distinct.sort("user_id").select(
        pl.col("user_id").cast(pl.String),
        "age",
        "gender",
        pl.col("occupation").replace_strict(
            dict(enumerate(_OCCUPATIONS)), default="other", return_dtype=pl.String
        ),
        "zip_code",
    )
