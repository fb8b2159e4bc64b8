"""Writing down what viewers do; it counts from their next request on."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from matinee.errors import InputError, UnknownNameError
from matinee.service.site import Live, Site
from matinee.store import Event

__all__ = ["Event", "record"]

_CLOCK_ERROR = 86_400
"""Seconds an event may lie in the future. Beyond it, no later rating could replace it."""


def record(site: Site, events: Sequence[Event]) -> int:
    """Writes events, all or none, and returns after the commit; returns how many were new.

    Film ids are of the live catalogue, or of the numbering an event names, such as that of a page
    from before a promotion; the log gets the live catalogue's id.

    Raises:
        UnknownNameError: the live catalogue lacks a film.
        ConflictError: an event id is in the log with other content.
        InputError: a rating outside the scale, a time in the future, or an event of type import.
        NotLiveError: no model is live.
    """
    live = site.live()
    latest = int(time.time()) + _CLOCK_ERROR
    own = [_own(event, live) for event in events]
    for event in own:
        _check(event, live, latest)
    return site._store.append(own)


def _own(event: Event, live: Live) -> Event:
    """An event with the live catalogue's film id."""
    ids = live.film_ids
    if not event.numbering:
        return replace(event, numbering=ids.numbering)
    if event.item is None:
        return event
    numbering, item = ids.translate(event.numbering, event.item)
    if numbering != ids.numbering:
        raise UnknownNameError(
            f"film id of {numbering}", item, hint="the films here changed; load the page again"
        )
    return replace(event, numbering=numbering, item=item)


def _check(event: Event, live: Live, latest: int) -> None:
    if event.type == "import":
        raise InputError("events of type import are written by importing a data set")
    if event.time > latest:
        raise InputError(f"event time {event.time} lies in the future; send Unix seconds")
    films = live.recommender.catalog.item_ids
    if event.item is not None and event.item not in films:
        raise UnknownNameError("film id", event.item, hint="search for it by its title")
    low, high = live.scale
    if event.type == "rating" and event.value is not None and not low <= event.value <= high:
        raise InputError(f"a rating must lie between {low:g} and {high:g}, not {event.value:g}")
