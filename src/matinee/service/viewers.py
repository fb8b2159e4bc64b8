"""Data of viewers: read once per request, or deleted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from matinee.data import Film
from matinee.service.site import Live, Site
from matinee.store import HistoryRows

__all__ = ["Rated", "Visit", "forget", "history", "imported_viewer"]


class Visit:
    """One viewer at one moment: the live model, their ratings and dismissals, each read once.

    Everything on a page comes from one model, even if another is promoted meanwhile. Each fact is
    read at first use. Make a new visit for every request.
    Nothing is read for a viewer that is not `known`: nothing can be stored under a new id.
    """

    def __init__(self, site: Site, viewer: str, *, known: bool = True) -> None:
        self.site = site
        self.viewer = viewer
        self.known = known

    @cached_property
    def live(self) -> Live:
        """The live model; raises `NotLiveError` if none was promoted yet."""
        return self.site.live()

    @cached_property
    def history(self) -> HistoryRows:
        """Their ratings, oldest first, also of films the live catalogue does not have."""
        return self.site._store.history(self.viewer) if self.known else HistoryRows((), (), ())

    @cached_property
    def dismissed(self) -> tuple[str, ...]:
        """Ids of the films they dismissed."""
        return self.site._store.dismissed(self.viewer) if self.known else ()

    @cached_property
    def ratings(self) -> dict[str, float]:
        """Film id -> rating."""
        return dict(zip(self.history.items, self.history.values, strict=True))


@dataclass(frozen=True)
class Rated:
    """A film a viewer rated, with the stars and the time in Unix seconds."""

    film: Film
    value: float
    time: int


def history(visit: Visit) -> list[Rated]:
    """A viewer's ratings, newest first, of films in the live catalogue."""
    rows = visit.history
    if not len(rows):
        return []
    known = visit.live.recommender.catalog.item_ids
    rated = zip(rows.items, rows.values, rows.times, strict=True)
    return [
        Rated(visit.live.film(item), value, time)
        for item, value, time in reversed(list(rated))
        if item in known
    ]


def forget(site: Site, viewer: str) -> int:
    """Deletes every event and rating of a viewer; returns how many events there were.

    Models that store viewers, such as user-kNN, keep them until their next fit.
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
