"""MovieLens latest: everything up to the day GroupLens last wrote it."""

from matinee.data.sources._movielens import terms, zip_of
from matinee.data.sources._movielens_csv import CsvEdition

__all__ = ["MovieLensLatest"]


class MovieLensLatest(CsvEdition):
    """GroupLens's zip, which is replaced now and then; `size` is about that of July 2023."""

    about = "some 34 million ratings of 86,000 films; changes now and then, so it has no checksum"
    licence = terms("MovieLens latest", redistributable=True)
    homepage = "https://grouplens.org/datasets/movielens/latest/"
    size = 351_000_000
    archive = zip_of("ml-latest", 1_000_000_000)
