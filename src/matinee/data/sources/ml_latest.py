"""MovieLens latest: everything up to the day GroupLens last wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from matinee.data.fetching.download import ChangingFile
from matinee.data.sources._movielens import terms
from matinee.data.sources._movielens_csv import CsvEdition

__all__ = ["MovieLensLatest"]

_ZIP = ChangingFile(
    url="https://files.grouplens.org/datasets/movielens/ml-latest.zip",
    largest=1_000_000_000,
)


@dataclass(frozen=True)
class MovieLensLatest(CsvEdition):
    """GroupLens's zip, which is replaced now and then; `size` is about that of July 2023."""

    about = "some 34 million ratings of 86,000 films; changes now and then, so it has no checksum"
    licence = terms("MovieLens latest", redistributable=True)
    homepage = "https://grouplens.org/datasets/movielens/latest/"
    size = 351_000_000

    archive: ChangingFile = _ZIP
