"""MovieLens latest-small: 100,836 ratings in halves, the small set for development."""

from matinee.data.sources._movielens import terms, zip_of
from matinee.data.sources._movielens_csv import CsvEdition

__all__ = ["MovieLensLatestSmall"]


class MovieLensLatestSmall(CsvEdition):
    """GroupLens's zip; `size` is that of September 2018, the edition there has been since."""

    about = "100,836 ratings of 9,742 films by 610 viewers; may change, so it has no checksum"
    licence = terms("MovieLens latest-small", redistributable=True)
    homepage = "https://grouplens.org/datasets/movielens/latest/"
    size = 978_202
    archive = zip_of("ml-latest-small", 50_000_000)
