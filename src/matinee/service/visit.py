"""One request of one viewer."""

from __future__ import annotations

from functools import cached_property

from matinee.service.site import Live, Site
from matinee.store import HistoryRows

__all__ = ["Visit"]


class Visit:
    """One viewer at one moment: the live model, their ratings and dismissals, each read once.

    Whatever a page shows comes from one model, even if another is promoted meanwhile. Each fact is
    read at first use. Make a new visit for every request.

    Attributes:
        site: the installation.
        viewer: their id.
        known: whether anything may be stored under that id; nothing is read for a new viewer.
    """

    def __init__(self, site: Site, viewer: str, *, known: bool = True) -> None:
        self.site = site
        self.viewer = viewer
        self.known = known

    @cached_property
    def live(self) -> Live:
        """The live model.

        Raises:
            NotLiveError: none was promoted yet.
        """
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
