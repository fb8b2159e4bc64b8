"""MovieLens 10M: 10,000,054 ratings in halves of 10,681 films by 69,878 viewers, 1995-2009."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matinee.data.cleaning import Cleaning
from matinee.data.dataset import MOVIELENS, Dataset
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import RemoteFile
from matinee.data.sources import Source
from matinee.data.sources._movielens import CITATION, remarks, terms, unzip_into
from matinee.data.sources._movielens_dat import RATINGS_LAYOUT, read_films, read_tags
from matinee.data.sources._ratings import interactions_of
from matinee.data.tables.delimited import blocks_of
from matinee.data.tables.lines import FALLBACK_ENCODING

__all__ = ["MovieLens10M"]

_ZIP = RemoteFile(
    url="https://files.grouplens.org/datasets/movielens/ml-10m.zip",
    sha256="813c411ccb6122564edfe752e7f80c4dcc5aa25fa94c93622f6877a7ba252862",
    size=65_566_137,
)
_PUBLISHED = 10_000_054


@dataclass(frozen=True)
class MovieLens10M(Source):
    """GroupLens's zip. Unlike 1M it has tags, half stars and UTF-8, and no facts about viewers."""

    about = "10,000,054 ratings and 95,580 tags of 10,681 films by 69,878 viewers (1995-2009)"
    licence = terms("MovieLens 10M")
    homepage = "https://grouplens.org/datasets/movielens/10m/"
    citation = CITATION
    size = _ZIP.size
    layouts = (frozenset({"movies.dat", "ratings.dat", "tags.dat"}),)
    numbering = MOVIELENS

    archive: RemoteFile = _ZIP

    def download(self, cache: Cache, folder: Path) -> None:
        unzip_into(folder, self.archive, cache)

    def recognises(self, folder: Path) -> bool:
        return super().recognises(folder) and not (folder / "users.dat").is_file()

    def read(self, folder: Path, cleaning: Cleaning) -> Dataset:
        tags = read_tags(folder / "tags.dat", FALLBACK_ENCODING, cleaning)
        catalog = read_films(folder / "movies.dat", FALLBACK_ENCODING, cleaning, tags)
        file = folder / "ratings.dat"
        blocks = blocks_of(file, RATINGS_LAYOUT, cleaning)
        films, scale = catalog.item_ids, (0.5, 5.0)
        interactions, count = interactions_of(blocks, file, films, scale, cleaning)
        return Dataset(
            name=self.name,
            interactions=interactions,
            catalog=catalog,
            licence=self.licence,
            notes=tuple(remarks(catalog, "ratings.dat", count, _PUBLISHED)),
        )
