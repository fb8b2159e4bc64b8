"""MovieLens latest-small: 100,836 ratings in halves, the small set for development."""

from __future__ import annotations

from dataclasses import dataclass

from matinee.data.fetching.download import ChangingFile
from matinee.data.sources._movielens import terms
from matinee.data.sources._movielens_csv import CsvEdition

__all__ = ["MovieLensLatestSmall"]

_ZIP = ChangingFile(
    url="https://files.grouplens.org/datasets/movielens/ml-latest-small.zip",
    largest=50_000_000,
)


@dataclass(frozen=True)
class MovieLensLatestSmall(CsvEdition):
    """GroupLens's zip; `size` is that of September 2018, the edition there has been since."""

    about = "100,836 ratings of 9,742 films by 610 viewers; may change, so it has no checksum"
    licence = terms("MovieLens latest-small", redistributable=True)
    homepage = "https://grouplens.org/datasets/movielens/latest/"
    size = 978_202

    archive: ChangingFile = _ZIP
