"""MovieLens latest-small: 100,836 ratings in halves, the small set for development."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matinee.data.cleaning import Cleaning
from matinee.data.dataset import MOVIELENS, Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import ChangingFile
from matinee.data.sources import Source
from matinee.data.sources._movielens import CITATION, terms, unzip_into
from matinee.data.sources._movielens_csv import LAYOUTS, edition_in, read_edition

__all__ = ["MovieLensLatestSmall"]

_ZIP = ChangingFile(
    url="https://files.grouplens.org/datasets/movielens/ml-latest-small.zip",
    largest=50_000_000,
)


@dataclass(frozen=True)
class MovieLensLatestSmall(Source):
    """GroupLens's zip; `size` is that of September 2018, the edition there has been since."""

    about = "100,836 ratings of 9,742 films by 610 viewers; may change, so it has no checksum"
    licence = terms("MovieLens latest-small", redistributable=True)
    homepage = "https://grouplens.org/datasets/movielens/latest/"
    citation = CITATION
    size = 978_202
    layouts = LAYOUTS
    numbering = MOVIELENS

    archive: ChangingFile = _ZIP

    def download(self, cache: Cache, folder: Path) -> None:
        unzip_into(folder, self.archive, cache)

    def recognises(self, folder: Path) -> bool:
        return edition_in(folder) == self.name

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        return read_edition(self, folder, cleaning)
