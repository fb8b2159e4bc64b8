"""MovieLens latest: everything up to the day GroupLens last wrote it."""

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

__all__ = ["MovieLensLatest"]

_ZIP = ChangingFile(
    url="https://files.grouplens.org/datasets/movielens/ml-latest.zip",
    largest=1_000_000_000,
)


@dataclass(frozen=True)
class MovieLensLatest(Source):
    """GroupLens's zip, which is replaced now and then; `size` is about that of July 2023."""

    about = "some 34 million ratings of 86,000 films; changes now and then, so it has no checksum"
    licence = terms("MovieLens latest", redistributable=True)
    homepage = "https://grouplens.org/datasets/movielens/latest/"
    citation = CITATION
    size = 351_000_000
    layouts = LAYOUTS
    numbering = MOVIELENS

    archive: ChangingFile = _ZIP

    def download(self, cache: Cache, folder: Path) -> None:
        unzip_into(folder, self.archive, cache)

    def recognises(self, folder: Path) -> bool:
        return edition_in(folder) == self.name

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        return read_edition(self, folder, cleaning)
