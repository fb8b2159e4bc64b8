"""A viewer brings their history along, and can take it with them again."""

from __future__ import annotations

from pathlib import Path

from matinee.data import Dataset, Query
from matinee.data.cleaning import Cleaning
from matinee.data.exports import RatedFilm, read_export
from matinee.data.exports.match_report import MatchReport
from matinee.data.exports.matching import match
from matinee.errors import DataError, NotLiveError
from matinee.service.site import Site

__all__ = ["own_query", "site_export"]


def own_query(
    path: Path,
    dataset: Dataset,
    cleaning: Cleaning | None = None,
    *,
    scale: tuple[float, float] | None = None,
    n: int = 10,
) -> tuple[Query, MatchReport]:
    """What to ask for a viewer whose ratings lie in an export of another site.

    Films seen without a rating are excluded, not rated; a watchlist is ignored.

    Args:
        path: a Letterboxd zip, folder or `ratings.csv`; IMDb's ratings; Trakt's JSON; or a plain
            CSV of ratings.
        dataset: whose films and scale they are brought to.
        cleaning: told what is malformed.
        scale: lowest and highest rating of a plain CSV, where its ratings do not show it.
        n: how many films to recommend.

    Raises:
        DataError: no such export, too much of it malformed, or none of its films is known.
    """
    cleaning = cleaning or Cleaning()
    export = read_export(path, cleaning)
    matched, report = match(export, dataset.catalog, dataset.interactions.scale, scale)
    cleaning.count("repeated ratings, the last kept", report.repeated)
    if not report.found:
        missing = f"; not found: {report.missing[0]}" if report.missing else ""
        raise DataError(
            f"none of the {report.rows:,} films in {path} could be told for sure among the "
            f"{report.catalogue_films:,} of {dataset.name}{missing}; choose a data set with --data"
        )
    query = Query(
        items=matched.rows,
        values=matched.values,
        times=matched.times,
        exclude=matched.seen,
        n=n,
    )
    return query, report


def site_export(site: Site, viewer: str) -> tuple[RatedFilm, ...]:
    """Everything a viewer of the site rated, oldest first, for `export_history`.

    Films the live catalogue does not know, or all while none is live, have their id alone: what a
    viewer said is theirs whether or not it can still be recommended.
    """
    try:
        catalog = site.recommender().catalog
    except NotLiveError:
        catalog = None
    history = site.store.history(viewer)
    rated = []
    for item, value, time in zip(history.items, history.values, history.times, strict=True):
        if catalog is None or item not in catalog.item_ids:
            rated.append(RatedFilm(item, "", None, "", "", value, time))
            continue
        film = catalog.film(catalog.item_ids.row(item))
        rated.append(
            RatedFilm(item, film.title, film.year, film.imdb_id, film.tmdb_id, value, time)
        )
    return tuple(rated)
