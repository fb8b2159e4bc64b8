"""Looking at films, and at what a viewer thought of them."""

from __future__ import annotations

from dataclasses import dataclass

from matinee.data import Film
from matinee.service.site import Site

__all__ = ["Rated", "film", "history", "search"]


@dataclass(frozen=True)
class Rated:
    """A film a viewer rated, with the stars and the time in Unix seconds."""

    film: Film
    value: float
    time: int


def film(site: Site, film_id: str) -> Film:
    """One film by its id.

    Raises:
        UnknownNameError: the live catalogue has no such film.
        NotLiveError: no recommender is live.
    """
    catalog = site.recommender().catalog
    return catalog.film(catalog.item_ids.row(film_id))


def search(site: Site, text: str, n: int = 10) -> list[Film]:
    """At most `n` films whose titles are most like a text, best first.

    Raises:
        NotLiveError: no recommender is live.
    """
    titles = site.titles()
    return titles.catalog.films(titles.search(text, n))


def history(site: Site, viewer: str) -> list[Rated]:
    """What a viewer rated, newest first; films the live catalogue does not know are left out.

    Raises:
        NotLiveError: no recommender is live.
    """
    catalog = site.recommender().catalog
    rows = site.store.history(viewer)
    rated = zip(rows.items, rows.values, rows.times, strict=True)
    return [
        Rated(catalog.film(catalog.item_ids.row(item)), value, time)
        for item, value, time in reversed(list(rated))
        if item in catalog.item_ids
    ]
