"""Histories from other sites, and a viewer's history for another one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from matinee.data import Dataset, Query
from matinee.data.cleaning import Cleaning
from matinee.data.exports import RatedFilm, read_export
from matinee.data.exports.match_report import MatchReport
from matinee.data.exports.matching import match
from matinee.errors import DataError, NotLiveError
from matinee.service.site import Site
from matinee.service.viewers import imported_viewer

__all__ = ["own_query", "site_export"]


def own_query(
    path: Path,
    dataset: Dataset,
    cleaning: Cleaning | None = None,
    *,
    scale: tuple[float, float] | None = None,
    columns: Mapping[str, str] | None = None,
    times: str | None = None,
    n: int = 10,
) -> tuple[Query, MatchReport]:
    """The query of a viewer whose ratings are in another site's export.

    Films seen without a rating are excluded from recommendations. A watchlist is ignored.

    Args:
        path: a Letterboxd zip, folder or `ratings.csv`; IMDb's ratings; Trakt's JSON; or any table
            or JSON of ratings.
        dataset: its films are matched and its scale is used.
        cleaning: collects malformed lines.
        scale: lowest and highest rating, if the ratings do not show it.
        columns: of a table, "rating", "title" ... to a column, if the names do not show it.
        times: of a table, what its times are, a key of `TIME_FORMS`, if they do not show it.
        n: how many films to recommend.

    Raises:
        DataError: no such export, too many malformed lines, or none of its films is in the data.
        OptionError: `scale`, `columns` or `times` are none.
    """
    cleaning = cleaning or Cleaning()
    export = read_export(path, cleaning, columns=columns, times=times)
    rated = dataset.interactions
    matched, report = match(export, dataset.catalog, rated.scale, scale, to_counts=rated.counts)
    cleaning.count("repeated ratings, the last kept", report.repeated)
    if not report.found:
        missing = f"; not found: {report.missing[0]}" if report.missing else ""
        if report.ambiguous:
            missing += f"; ambiguous: {report.ambiguous[0]}"
        raise DataError(
            f"none of the {report.rows:,} films in {path} is among the "
            f"{report.catalogue_films:,} of {dataset.name}{missing}; choose a data set with --data"
        )
    query = Query(
        items=matched.rows,
        values=matched.values,
        times=matched.times,
        exclude=matched.seen,
        n=n,
        own=matched.own if (matched.own != matched.values).any() else matched.own[:0],
        titles=dataset.titles,
        scale=rated.bounds,
    )
    return query, report


def site_export(site: Site, viewer: str) -> tuple[RatedFilm, ...]:
    """A viewer's ratings, oldest first, for `export_history`.

    Films the live catalogue does not have come with their id alone: a viewer's ratings are theirs
    even without a model. The id of a viewer of the live model's data may lack the name of the data.
    """
    try:
        live = site.live()
        viewer = imported_viewer(site, viewer) or viewer
    except NotLiveError:
        live = None
    history = site._store.history(viewer, live.film_ids if live else None)
    rated = [
        RatedFilm(item, "", None, "", "", value, time) for item, value, time in history.unmapped
    ]
    for item, value, time in zip(history.items, history.values, history.times, strict=True):
        if live is None:
            rated.append(RatedFilm(item, "", None, "", "", value, time))
        else:
            film = live.film(item)
            rated.append(
                RatedFilm(item, film.title, film.year, film.imdb_id, film.tmdb_id, value, time)
            )
    return tuple(sorted(rated, key=lambda each: each.time))
