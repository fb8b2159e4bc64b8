"""MovieLens 32M: 32,000,204 ratings of 87,585 films by 200,948 viewers, 1995-2023."""

from matinee.data.sources._movielens import terms, zip_of
from matinee.data.sources._movielens_csv import CsvEdition

__all__ = ["MovieLens32M"]


class MovieLens32M(CsvEdition):
    """GroupLens's zip, without a tag genome."""

    about = "32,000,204 ratings and 2,000,072 tags of 87,585 films by 200,948 viewers"
    licence = terms("MovieLens 32M")
    homepage = "https://grouplens.org/datasets/movielens/32m/"
    archive = zip_of(
        "ml-32m", 238_950_008, "e4a68655d7386b8f95f2f2424b2ff975dfdd15ffd59e0d864a14dca43e99d6ee"
    )
    size = archive.size
    published = 32_000_204
