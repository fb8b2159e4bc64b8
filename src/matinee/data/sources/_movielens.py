"""What all editions of MovieLens share: terms, download, and how films and tags are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from matinee.data.catalog import Catalog, Film
from matinee.data.cleaning import Cleaning
from matinee.data.fetching.archives import unpack_all
from matinee.data.fetching.cache import Cache
from matinee.data.fetching.download import ChangingFile, RemoteFile, download, download_changing
from matinee.data.spelling import natural_title, split_year
from matinee.data.tables.layout import Types
from matinee.errors import DataError

__all__ = [
    "CITATION",
    "TAGS",
    "catalog_of",
    "film",
    "keywords_by_film",
    "remarks",
    "terms",
    "unzip_into",
]

CITATION = (
    "F. M. Harper and J. A. Konstan (2015). The MovieLens Datasets: History and Context. "
    "ACM Transactions on Interactive Intelligent Systems 5(4), 19:1-19:19. "
    "https://doi.org/10.1145/2827872"
)
TAGS: Types = {
    "userId": pl.Int32,
    "movieId": pl.Int32,
    "tag": pl.String,
    "timestamp": pl.Int64,
}
_LARGEST = 4 << 30
"""Bytes that an edition may unpack to; the largest so far has about 1.6 GB."""
_MOST_KEYWORDS = 20
_LEAST_VIEWERS = 2
"""Viewers who must use a tag to make it a keyword."""
_NO_GENRES = frozenset({"(no genres listed)", ""})


def terms(name: str, *, redistributable: bool = False) -> str:
    """The licence of an edition in one sentence."""
    sharing = "redistribution under the same terms only" if redistributable else "no redistribution"
    return (
        f"{name} is for research: {sharing} and no commercial use without GroupLens's "
        "permission, and publications cite Harper & Konstan (2015)."
    )


def unzip_into(folder: Path, archive: RemoteFile | ChangingFile, cache: Cache) -> None:
    """Download an edition's zip and put the files of its one folder into `folder`.

    Raises:
        UnreachableError: it cannot be downloaded from here.
        FetchError: it is not the expected file.
        DataError: it is not a whole zip file.
    """
    target = folder / archive.url.rpartition("/")[2]
    if isinstance(archive, RemoteFile):
        download(archive, target, parts=cache.downloads(), progress=cache.progress)
    else:
        download_changing(archive, target, parts=cache.downloads(), progress=cache.progress)
    unpack_all(target, folder, max_bytes=_LARGEST)
    target.unlink()
    for inside in [each for each in folder.iterdir() if each.is_dir()]:
        for file in inside.iterdir():
            file.rename(folder / file.name)
        inside.rmdir()


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


def catalog_of(films: Sequence[Film], file: Path, cleaning: Cleaning) -> Catalog:
    """The films with a title, the first of each id.

    Raises:
        DataError: there is no film at all.
    """
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

    Args:
        tags: userId, movieId, tag: one row for each tag of a viewer.
        also: movieId, tag, weight: further keywords, heaviest first.
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


def remarks(catalog: Catalog, file: str, count: int | None, published: int | None) -> list[str]:
    """Notes on missing ratings and on titles with several ids.

    Args:
        catalog: the films.
        file: name of the file of ratings.
        count: ratings in the file; `None` without a file.
        published: ratings of the whole edition; `None` if that changes.
    """
    notes = []
    if count is None:
        notes.append(f"the films alone are here, without ratings: there is no {file}")
    elif published is not None and count != published:
        notes.append(
            f"{file} holds {count:,} ratings, the published edition {published:,}: "
            "figures over this copy do not compare with published ones"
        )
    years = catalog.years.tolist()
    repeated = sum(n > 1 for n in Counter(zip(catalog.titles, years, strict=True)).values())
    if repeated:
        notes.append(f"{repeated:,} titles with their year have two ids or more")
    return notes
