"""MovieLens 25M: 25,000,095 ratings of 62,423 films by 162,541 viewers, 1995-2019."""

from matinee.data.sources._movielens import terms, zip_of
from matinee.data.sources._movielens_csv import CsvEdition

__all__ = ["MovieLens25M"]


class MovieLens25M(CsvEdition):
    """GroupLens's zip, with the tag genome."""

    about = "25,000,095 ratings and 1,093,360 tags of 62,423 films by 162,541 viewers"
    licence = terms("MovieLens 25M")
    homepage = "https://grouplens.org/datasets/movielens/25m/"
    archive = zip_of(
        "ml-25m", 261_978_986, "8b21cfb7eb1706b4ec0aac894368d90acf26ebdfb6aced3ebd4ad5bd1eb9c6aa"
    )
    size = archive.size
    published = 25_000_095
