"""MovieLens 20M: 20,000,263 ratings of 27,278 films by 138,493 viewers, 1995-2015."""

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

__all__ = ["MovieLens20M"]

_ZIP = RemoteFile(
    url="https://files.grouplens.org/datasets/movielens/ml-20m.zip",
    sha256="96f243c338a8665f6bcc89c53edf6ee39162a846940de6b7c8c48aeada765ff3",
    size=198_702_078,
)
_PUBLISHED = 20_000_263


@dataclass(frozen=True)
class MovieLens20M(Source):
    """GroupLens's zip, with the tag genome."""

    about = "20,000,263 ratings and 465,564 tags of 27,278 films by 138,493 viewers"
    licence = terms("MovieLens 20M")
    homepage = "https://grouplens.org/datasets/movielens/20m/"
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
