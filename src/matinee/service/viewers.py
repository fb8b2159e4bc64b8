"""Data of viewers: read once per request, or deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

from matinee.data import Film
from matinee.errors import NotLiveError
from matinee.service.site import Live, Site
from matinee.store import Event, HistoryRows, Marks

__all__ = [
    "FilmEvent",
    "FilmName",
    "Impression",
    "Rated",
    "ViewerData",
    "Visit",
    "forget",
    "history",
    "imported_viewer",
    "viewer_data",
]


class Visit:
    """One viewer at one moment: the live model, their ratings and marks, each read once.

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
        """Their ratings of films in the live catalogue, oldest first."""
        if not self.known:
            return HistoryRows()
        return self.site._store.history(self.viewer, self.live.film_ids)

    @property
    def unmapped(self) -> int:
        """How many ratings they gave films that the live catalogue lacks; these are kept."""
        return len(self.history.unmapped)

    @property
    def dismissed(self) -> tuple[str, ...]:
        """Ids of the films they dismissed and have not rated since, in the live catalogue."""
        return self._marks.dismissed

    @property
    def seen(self) -> tuple[str, ...]:
        """Ids of the films they marked as seen and have not rated, as for `dismissed`."""
        return self._marks.seen

    @cached_property
    def _marks(self) -> Marks:
        if not self.known:
            return Marks()
        marks, rated = self.site._store.marks(self.viewer, self.live.film_ids), self.ratings
        return Marks(
            dismissed=tuple(each for each in marks.dismissed if each not in rated),
            seen=tuple(each for each in marks.seen if each not in rated),
        )

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
    rated = list(zip(rows.items, rows.values, rows.times, strict=True))
    return [Rated(visit.live.film(item), value, time) for item, value, time in reversed(rated)]


@dataclass(frozen=True)
class FilmName:
    """A film as the log names it.

    Attributes:
        id: its id in the numbering of the time.
        title: with the year; "" where the live catalogue lacks the film.
    """

    id: str
    title: str


@dataclass(frozen=True)
class FilmEvent:
    """What a viewer did with a film; `value` is `None` but for ratings, `time` Unix seconds."""

    film: FilmName
    time: int
    value: float | None = None


@dataclass(frozen=True)
class Impression:
    """Films of one page, in their order, and the time in Unix seconds."""

    request_id: str
    time: int
    films: tuple[FilmName, ...]


@dataclass(frozen=True)
class ViewerData:
    """Everything the log holds about a viewer: each kind newest first, at most `limit` of each.

    Attributes:
        viewer: their id.
        ratings: also those replaced or removed later; `history` has the current ones.
        removals: ratings and marks they took back.
        dismissals: films that are not for them; also those taken back later.
        seen: films they marked as seen; also those taken back later.
        clicks: films they opened.
        impressions: films they were shown.
        limit: how many of each kind at most.
        complete: whether no kind has more.
    """

    viewer: str
    ratings: tuple[FilmEvent, ...]
    removals: tuple[FilmEvent, ...]
    dismissals: tuple[FilmEvent, ...]
    seen: tuple[FilmEvent, ...]
    clicks: tuple[FilmEvent, ...]
    impressions: tuple[Impression, ...]
    limit: int
    complete: bool


def viewer_data(visit: Visit, limit: int = 1000) -> ViewerData:
    """Everything the log holds about a viewer; works without a live model.

    Args:
        visit: the viewer; nothing is read for one that is not known.
        limit: how many events of each kind at most, the newest.
    """
    kinds = {
        "ratings": ("rating", "import"),
        "removals": ("removal",),
        "dismissals": ("dismissal",),
        "seen": ("seen",),
        "clicks": ("click",),
        "impressions": ("impression",),
    }
    store = visit.site._store
    read = {
        kind: store.newest(visit.viewer, types, limit + 1) if visit.known else []
        for kind, types in kinds.items()
    }
    name = _namer(visit)
    impressions = read.pop("impressions")
    return ViewerData(
        viewer=visit.viewer,
        **{
            kind: tuple(
                FilmEvent(name(each.numbering, each.item or ""), each.time, each.value)
                for each in events[:limit]
            )
            for kind, events in read.items()
        },
        impressions=tuple(
            Impression(
                each.id, each.time, tuple(name(each.numbering, item) for item in _items(each))
            )
            for each in impressions[:limit]
        ),
        limit=limit,
        complete=max(map(len, (*read.values(), impressions))) <= limit,
    )


def _namer(visit: Visit) -> Callable[[str, str], FilmName]:
    """Titles of films in the live catalogue, by numbering and id."""
    try:
        live = visit.live
    except NotLiveError:
        return lambda _, item: FilmName(item, "")

    @cache
    def name(numbering: str, item: str) -> FilmName:
        film = live.film_ids.translate(numbering, item)
        return FilmName(item, live.film(film[1]).label if film in live.film_ids else "")

    return name


def _items(impression: Event) -> list[str]:
    items = impression.data.get("items", [])
    return [str(each) for each in items] if isinstance(items, list) else []


def forget(site: Site, viewer: str) -> int:
    """Deletes every event and rating of a viewer; returns how many events there were.

    Models that store viewers, such as user-kNN, keep them until their next fit.
    """
    return site._store.forget(viewer)


def imported_viewer(site: Site, viewer: str) -> str | None:
    """The id of a viewer of the live model's data; their pages are public. `None` for others.

    The name of the data set may be left out: "196" finds "ml-100k/196".
    """
    source = site.live().source
    id_ = viewer if "/" in viewer else f"{source}/{viewer}"
    return id_ if source and site._store.source_of(id_) == source else None
