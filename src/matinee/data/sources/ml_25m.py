"""MovieLens 25M: 25,000,095 ratings of 62,423 films by 162,541 viewers, 1995-2019."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matinee.data.cleaning import Cleaning
from matinee.data.dataset import MOVIELENS, Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import RemoteFile
from matinee.data.sources import Source
from matinee.data.sources._movielens import CITATION, terms, unzip_into
from matinee.data.sources._movielens_csv import LAYOUTS, edition_in, read_edition

__all__ = ["MovieLens25M"]

_ZIP = RemoteFile(
    url="https://files.grouplens.org/datasets/movielens/ml-25m.zip",
    sha256="8b21cfb7eb1706b4ec0aac894368d90acf26ebdfb6aced3ebd4ad5bd1eb9c6aa",
    size=261_978_986,
)
_PUBLISHED = 25_000_095


@dataclass(frozen=True)
class MovieLens25M(Source):
    """GroupLens's zip, with the tag genome."""

    about = "25,000,095 ratings and 1,093,360 tags of 62,423 films by 162,541 viewers"
    licence = terms("MovieLens 25M")
    homepage = "https://grouplens.org/datasets/movielens/25m/"
    citation = CITATION
    size = _ZIP.size
    layouts = LAYOUTS
    numbering = MOVIELENS

    archive: RemoteFile = _ZIP

    def download(self, cache: Cache, folder: Path) -> None:
        unzip_into(folder, self.archive, cache)

    def recognises(self, folder: Path) -> bool:
        return edition_in(folder) == self.name

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        return read_edition(self, folder, cleaning, published=_PUBLISHED)
