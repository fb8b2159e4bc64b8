"""What is kept about viewers: reading and deleting it."""

from __future__ import annotations

from dataclasses import dataclass

from matinee.data import Film
from matinee.service.site import Site
from matinee.service.visit import Visit

__all__ = ["Rated", "forget", "history", "imported_viewer"]


@dataclass(frozen=True)
class Rated:
    """A film a viewer rated, with the stars and the time in Unix seconds."""

    film: Film
    value: float
    time: int


def history(visit: Visit) -> list[Rated]:
    """A viewer's ratings, newest first, of films the live catalogue has.

    Raises:
        NotLiveError: no model is live.
    """
    rows = visit.history
    if not len(rows):
        return []
    catalog = visit.live.recommender.catalog
    rated = zip(rows.items, rows.values, rows.times, strict=True)
    return [
        Rated(catalog.film(catalog.item_ids.row(item)), value, time)
        for item, value, time in reversed(list(rated))
        if item in catalog.item_ids
    ]


def forget(site: Site, viewer: str) -> int:
    """Deletes every event and rating of a viewer; returns how many events there were.

    Fitted models do not store viewers, except those that say so, such as user-kNN, until their
    next fit.
    """
    return site._store.forget(viewer)


def imported_viewer(site: Site, viewer: str) -> str | None:
    """The id of a viewer who came with a data set; their pages are public. `None` for others.

    The name of the data set may be left out: "196" finds "ml-100k/196".
    """
    if "/" not in viewer:
        prefixes = {each.partition("/")[0] for each in site._store.viewers(1, imported=True)}
        viewer = next((f"{prefix}/{viewer}" for prefix in prefixes), viewer)
    return viewer if site._store.is_imported(viewer) else None
