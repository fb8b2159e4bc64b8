"""MovieLens 10M: 10,000,054 ratings in halves of 10,681 films by 69,878 viewers, 1995-2009."""

from __future__ import annotations

from pathlib import Path

from matinee.data.cleaning import Cleaning
from matinee.data.dataset import Dataset
from matinee.data.sources._movielens import RATINGS_LAYOUT, MovieLens, read_films, terms, zip_of
from matinee.data.tables.lines import FALLBACK_ENCODING

__all__ = ["MovieLens10M"]


class MovieLens10M(MovieLens):
    """GroupLens's zip. Unlike 1M it has tags, half stars and UTF-8, and no facts about viewers."""

    about = "10,000,054 ratings and 95,580 tags of 10,681 films by 69,878 viewers (1995-2009)"
    licence = terms("MovieLens 10M")
    homepage = "https://grouplens.org/datasets/movielens/10m/"
    archive = zip_of(
        "ml-10m", 65_566_137, "813c411ccb6122564edfe752e7f80c4dcc5aa25fa94c93622f6877a7ba252862"
    )
    size = archive.size
    layouts = (frozenset({"movies.dat", "ratings.dat", "tags.dat"}),)
    published = 10_000_054

    def recognises(self, folder: Path) -> bool:
        return super().recognises(folder) and not (folder / "users.dat").is_file()

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        tags = folder / "tags.dat"
        catalog = read_films(folder / "movies.dat", FALLBACK_ENCODING, cleaning, tags)
        return self.dataset(catalog, folder / "ratings.dat", RATINGS_LAYOUT, cleaning)
