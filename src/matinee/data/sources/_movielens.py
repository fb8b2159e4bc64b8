"""What all editions of MovieLens share: terms, download, and how films and tags are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.catalog import Catalog, Film
from matinee.data.cleaning import Cleaning
from matinee.data.dataset import MOVIELENS, Dataset
from matinee.data.fetching.archives import unpack_all
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import RemoteFile, download
from matinee.data.interactions import Interactions
from matinee.data.sources import Source
from matinee.data.spelling import natural_title, split_year
from matinee.data.tables.columns import Columns
from matinee.data.tables.delimited import blocks_of, read_table
from matinee.data.tables.layout import Block, Layout, Types
from matinee.data.tables.rating_rows import RatingRows
from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError

__all__ = ["CITATION", "RATINGS", "RATINGS_LAYOUT", "TAGS", "MovieLens", "catalog_of", "film"]
__all__ += ["interactions_of", "keywords_by_film", "read_films", "terms", "zip_of"]

CITATION = (
    "F. M. Harper and J. A. Konstan (2015). The MovieLens Datasets: History and Context. "
    "ACM Transactions on Interactive Intelligent Systems 5(4), 19:1-19:19. "
    "https://doi.org/10.1145/2827872"
)
RATINGS: Types = {
    "userId": pl.Int32,
    "movieId": pl.Int32,
    "rating": pl.Float32,
    "timestamp": pl.Int64,
}
"""Ratings as the newer editions of MovieLens name them."""
_COLUMNS = Columns(*RATINGS)
_SHORTEST_LINE = 16
"""Bytes of a rating with its time, for an upper bound of their number."""
TAGS: Types = {
    "userId": pl.Int32,
    "movieId": pl.Int32,
    "tag": pl.String,
    "timestamp": pl.Int64,
}
RATINGS_LAYOUT = Layout(RATINGS, "::")
_FILMS: Types = {"movieId": pl.Int32, "title": pl.String, "genres": pl.String}
_LARGEST = 4 << 30
"""Bytes that an edition may unpack to; the largest so far has about 1.6 GB."""
_MOST_KEYWORDS = 20
_LEAST_VIEWERS = 2
"""Viewers who must use a tag to make it a keyword."""
_NO_GENRES = frozenset({"(no genres listed)", "unknown", ""})


def terms(name: str, *, redistributable: bool = False) -> str:
    """The licence of an edition in one sentence."""
    sharing = "redistribution under the same terms only" if redistributable else "no redistribution"
    return (
        f"{name} is for research: {sharing} and no commercial use without GroupLens's "
        "permission, and publications cite Harper & Konstan (2015)."
    )


def zip_of(edition: str, size: int, sha256: str = "") -> RemoteFile:
    """An edition's zip at GroupLens."""
    url = f"https://files.grouplens.org/datasets/movielens/{edition}.zip"
    return RemoteFile(url, size, sha256)


class MovieLens(Source):
    """An edition of MovieLens after the first one, whose files are in one folder of a zip.

    Attributes:
        archive: the zip.
        published: number of ratings of the whole edition; `None` if that changes.
        scale: lowest and highest rating.
    """

    citation = CITATION
    numbering = MOVIELENS
    first_film = "Toy Story"
    published: ClassVar[int | None] = None
    scale: ClassVar[tuple[float, float]] = (0.5, 5.0)

    archive: RemoteFile

    def download(self, cache: Cache, folder: Path) -> None:
        target = folder / self.archive.url.rpartition("/")[2]
        download(self.archive, target, cache)
        unpack_all(target, folder, max_bytes=_LARGEST)
        target.unlink()
        for inside in [each for each in folder.iterdir() if each.is_dir()]:
            for file in inside.iterdir():
                file.rename(folder / file.name)
            inside.rmdir()

    def dataset(
        self,
        catalog: Catalog,
        file: Path,
        layout: Layout | None,
        cleaning: Cleaning,
        demographics: pl.DataFrame | None = None,
        notes: Iterable[str] = (),
    ) -> Dataset:
        """The data set of a catalogue and a file of ratings; without a layout there is no file."""
        interactions, count = replace(Interactions.empty(catalog.item_ids), scale=self.scale), None
        if layout is not None:
            blocks, films = blocks_of(file, layout, cleaning), catalog.item_ids
            interactions, count = interactions_of(
                blocks, file, films, self.scale, cleaning, demographics
            )
        return Dataset(
            name=self.name,
            interactions=interactions,
            catalog=catalog,
            licence=self.licence,
            demographics=demographics,
            notes=(*self._remarks(catalog, file.name, count, interactions.scale), *notes),
        )

    def _remarks(
        self, catalog: Catalog, file: str, count: int | None, scale: tuple[float, float]
    ) -> Iterable[str]:
        """Notes on missing ratings and on titles with several ids."""
        if count is None:
            yield f"the films alone are here, without ratings: there is no {file}"
        elif self.published is not None and count != self.published:
            yield (
                f"{file} holds {count:,} ratings, the published edition {self.published:,}: "
                "figures over this copy do not compare with published ones"
            )
        if scale != self.scale:
            own, usual = (f"{low:g} to {high:g}" for low, high in (scale, self.scale))
            yield f"the ratings are kept on their scale, {own}; that of {self.name} is {usual}"
        titles = Counter(zip(catalog.titles, catalog.years.tolist(), strict=True))
        if repeated := sum(n > 1 for n in titles.values()):
            yield f"{repeated:,} titles with their year have two ids or more"


def film(
    item_id: int,
    title: str,
    genres: str,
    keywords: Sequence[str] = (),
    imdb_id: str = "",
    tmdb_id: str = "",
) -> Film:
    """A film from its fields: "Postino, Il (1994)", "Comedy|Drama", IMDb's number without "tt"."""
    bare, year = split_year(title)
    listed = dict.fromkeys(genre.strip() for genre in genres.split("|"))
    return Film(
        id=str(item_id),
        title=natural_title(bare),
        year=year,
        genres=tuple(genre for genre in listed if genre not in _NO_GENRES),
        keywords=tuple(keywords),
        imdb_id=f"tt{imdb_id.removeprefix('tt').zfill(7)}" if imdb_id else "",
        tmdb_id=tmdb_id,
    )


def read_films(
    file: Path, encoding: str, cleaning: Cleaning, tags_file: Path | None = None
) -> Catalog:
    """The films of movies.dat, with keywords from tags; a title or tag may contain "::".

    `encoding` is that of files that are not UTF-8.
    """
    tags = pl.DataFrame(schema=TAGS)
    if tags_file:
        layout = Layout(TAGS, "::", otherwise=encoding, open_column="tag")
        tags = read_table(tags_file, layout, cleaning).frame
    keywords = keywords_by_film(tags)
    layout = Layout(_FILMS, "::", otherwise=encoding, open_column="title")
    films = [
        film(item_id, title, genres, keywords.get(item_id, ()))
        for item_id, title, genres in read_table(file, layout, cleaning).frame.iter_rows()
    ]
    return catalog_of(films, file, cleaning)


def catalog_of(films: Sequence[Film], file: Path, cleaning: Cleaning) -> Catalog:
    """The films with a title, the first of each id; refuses a file without any."""
    titled = [each for each in films if each.title]
    distinct: dict[str, Film] = {}
    for each in titled:
        distinct.setdefault(each.id, each)
    cleaning.count("films without a title left out", len(films) - len(titled))
    cleaning.count("rows that repeat a film's id left out", len(titled) - len(distinct))
    if not distinct:
        raise DataError(f"{file} holds no films")
    return Catalog.of(distinct.values())


def keywords_by_film(
    tags: pl.DataFrame, also: pl.DataFrame | None = None
) -> Mapping[int, Sequence[str]]:
    """At most 20 keywords of every film: tags of at least two viewers, in lower case.

    `also` has further keywords behind them: movieId, tag, weight, heaviest first.
    """
    shared = (
        tags.with_columns(pl.col("tag").str.to_lowercase().str.strip_chars())
        .filter(pl.col("tag") != "")
        .group_by("movieId", "tag")
        .agg(pl.col("userId").n_unique().cast(pl.Float64).alias("weight"))
        .filter(pl.col("weight") >= _LEAST_VIEWERS)
    )
    ranked = [
        each.sort("weight", "tag", descending=[True, False]).select("movieId", "tag")
        for each in ([shared] if also is None else [shared, also])
    ]
    by_film = (
        pl.concat(ranked)
        .unique(maintain_order=True)
        .group_by("movieId", maintain_order=True)
        .agg(pl.col("tag").head(_MOST_KEYWORDS))
    )
    return dict(by_film.iter_rows())


def interactions_of(
    blocks: Iterable[Block],
    file: Path,
    films: Vocabulary,
    scale: tuple[float, float],
    cleaning: Cleaning,
    demographics: pl.DataFrame | None = None,
) -> tuple[Interactions, int]:
    """Interactions over a catalogue, and how many usable ratings the file has.

    `blocks` have the columns of `RATINGS`. Ratings of other films and viewers are left out; without
    demographics, viewers are those who rated, in numerical order. A copy whose ratings are on
    another scale keeps it.

    Raises:
        DataError: no rating can be used.
    """
    viewers = None
    if demographics is not None:
        viewers = Vocabulary.of("viewer", demographics["user_id"])
    capacity = file.stat().st_size // _SHORTEST_LINE if file.is_file() else 0
    with RatingRows(str(file), _COLUMNS, cleaning, capacity, "unix") as rows:
        for block in blocks:
            rows.add(block)
    count = len(rows.values)
    if not count:
        raise DataError(f"{file} holds no ratings; without the file the films alone can be read")
    ratings = rows.pop(usual=scale)
    items = _rows_in(films, ratings.items, ratings.item_ids, file, cleaning)
    users, user_ids = ratings.users, ratings.user_ids
    if viewers is not None:
        users, user_ids = _rows_in(viewers, users, user_ids, file, cleaning), viewers
    known = (items >= 0) & (users >= 0)
    if not known.any():
        raise DataError(f"{file} holds no rating of a film and viewer that the other files list")
    if not known.all():
        ratings, users, items = ratings.select(known), users[known], items[known]
        if viewers is None:
            present, rows_present = np.unique(users, return_inverse=True)
            users = rows_present.astype(np.int32)
            user_ids = Vocabulary("viewer", user_ids.ids[present])
    ratings = replace(ratings, users=users, items=items, user_ids=user_ids, item_ids=films)
    return ratings, count


def _rows_in(
    vocabulary: Vocabulary,
    codes: NDArray[np.int32],
    ids: Vocabulary,
    file: Path,
    cleaning: Cleaning,
) -> NDArray[np.int32]:
    """Rows `int32[n]` in a vocabulary of coded ids; -1 for an id it lacks, which is recorded."""
    every = ids.ids.tolist()
    row_of = [vocabulary.row(each) if each in vocabulary else -1 for each in every]
    rows = np.array(row_of, dtype=np.int32)[codes]
    missing = np.flatnonzero(rows < 0)
    if len(missing):
        kind = vocabulary.kind
        first = f"{file}: {kind} {every[codes[missing[0]]]}"
        cleaning.lost(
            f"ratings of {kind}s that the file of {kind}s lacks left out", len(missing), first
        )
    return rows
