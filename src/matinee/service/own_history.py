"""Histories from other sites, and a viewer's history for another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

import polars as pl

from matinee.data import Dataset, Query
from matinee.data.cleaning import Cleaning
from matinee.data.exports import RatedFilm, read_export
from matinee.data.exports.match_report import MatchReport
from matinee.data.exports.matching import match
from matinee.data.fetching.cache import silent
from matinee.errors import DataError, InputError, NotLiveError
from matinee.service.frame_file import write_frames
from matinee.service.site import Live, Site
from matinee.service.viewers import imported_viewer
from matinee.store import HistoryRows

__all__ = ["export_everyone", "own_query", "site_export"]


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
    live = _live(site)
    if live is not None:
        viewer = imported_viewer(site, viewer) or viewer
    history = site._store.history(viewer, live.film_ids if live else None)
    others = [
        RatedFilm(item, "", None, "", "", value, time) for _, item, value, time in history.unmapped
    ]
    return tuple(sorted([*others, *_rated(history, live)], key=lambda each: each.time))


def export_everyone(
    site: Site, path: Path, say: Callable[[str], None] = silent, *, block: int = 50_000
) -> int:
    """Writes the ratings of all viewers of the site to one file; returns how many there are.

    Columns are `viewer` and those of `export_history`. Viewers come in the order of their ids, each
    one's ratings oldest first. Films that the live catalogue does not have are left out, because
    their ids and ratings can mean something else; `say` gets a line about them. `block` ratings are
    in memory at a time.

    Raises:
        OptionError, InputError: see `check_frame_file`.
        InputError: there are no ratings.
        NotLiveError: no model is live, so that nobody knows the films and the scale.
        FailureError: the file cannot be written.
    """
    live, others = site.live(), 0

    def rated() -> Iterator[dict[str, object]]:
        nonlocal others
        for viewer, history in site._store.histories(live.film_ids):
            others += len(history.unmapped)
            for each in _rated(history, live):
                yield {"viewer": viewer, **each.fields()}

    written = write_frames(_frames(rated(), live, block), path)
    if others:
        say(f"{others:,} ratings of films that the live catalogue does not have are left out")
    if not written:
        raise InputError("nobody has rated a film of the live catalogue yet")
    return written


def _frames(rows: Iterator[dict[str, object]], live: Live, block: int) -> Iterator[pl.DataFrame]:
    counts = live.recommender.model.counts
    columns = ["viewer", *RatedFilm("", "", None, "", "", 0.0, 0, is_count=counts).fields()]
    types = {"year": pl.Int32, "count" if counts else "rating": pl.Float64}
    schema = {column: types.get(column, pl.String) for column in columns}
    while some := list(islice(rows, block)):
        yield pl.DataFrame(some, schema=schema).with_columns(pl.col(pl.String).replace("", None))


def _rated(history: HistoryRows, live: Live | None) -> Iterator[RatedFilm]:
    """Ratings of films in the live catalogue, or with their ids alone without one."""
    for item, value, time in zip(history.items, history.values, history.times, strict=True):
        if live is None:
            yield RatedFilm(item, "", None, "", "", value, time)
        else:
            film, counts = live.film(item), live.recommender.model.counts
            facts = (film.title, film.year, film.imdb_id, film.tmdb_id)
            yield RatedFilm(item, *facts, value, time, None if counts else live.scale, counts)


def _live(site: Site) -> Live | None:
    try:
        return site.live()
    except NotLiveError:
        return None
