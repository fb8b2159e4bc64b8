"""MovieLens 20M: 20,000,263 ratings of 27,278 films by 138,493 viewers, 1995-2015."""

from matinee.data.sources._movielens import terms, zip_of
from matinee.data.sources._movielens_csv import CsvEdition

__all__ = ["MovieLens20M"]


class MovieLens20M(CsvEdition):
    """GroupLens's zip, with the tag genome."""

    about = "20,000,263 ratings and 465,564 tags of 27,278 films by 138,493 viewers"
    licence = terms("MovieLens 20M")
    homepage = "https://grouplens.org/datasets/movielens/20m/"
    archive = zip_of(
        "ml-20m", 198_702_078, "96f243c338a8665f6bcc89c53edf6ee39162a846940de6b7c8c48aeada765ff3"
    )
    size = archive.size
    published = 20_000_263
