"""Films of the live catalogue, by id and by title."""

from __future__ import annotations

from matinee.data import Film
from matinee.service.site import Live

__all__ = ["film", "search"]


def film(live: Live, film_id: str) -> Film:
    """One film.

    Raises:
        UnknownNameError: the catalogue has no such film.
    """
    catalog = live.recommender.catalog
    return catalog.film(catalog.item_ids.row(film_id))


def search(live: Live, text: str, n: int = 10) -> list[Film]:
    """At most `n` films by title, best match first."""
    titles = live.titles
    return titles.catalog.films(titles.search(text, n))
