"""`POST /events`: what the viewer did."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Body, Response

from matinee.service.record import record
from matinee.store.events import Event
from matinee.web.api.schemas import EventsWritten, NewEvent, problems
from matinee.web.context import SiteOf, scoped_event_id
from matinee.web.cookies import CookiesOf, VisitorOf

__all__ = ["routes"]

routes = APIRouter(tags=["events"])

Batch = Annotated[list[NewEvent], Body(min_length=1, max_length=100)]


@routes.post("/events", responses=problems(403, 404, 413, 422, 503))
def write(
    site: SiteOf,
    visitor: VisitorOf,
    cookies: CookiesOf,
    response: Response,
    events: NewEvent | Batch,
) -> EventsWritten:
    """Records one event or a list of at most 100, all or none, in effect with the next request.

    The viewer is always that of the cookie, which is made here if there is none, and the time is
    that of the server.
    """
    now = int(time.time())
    batch = events if isinstance(events, list) else [events]
    written = record(
        site,
        [
            Event(
                id=scoped_event_id(visitor.id, each.id),
                viewer=visitor.id,
                type=each.type,
                item=each.film,
                value=each.value,
                time=now,
                request_id=each.request_id,
            )
            for each in batch
        ],
    )
    cookies.keep(response, visitor)
    return EventsWritten(received=len(batch), written=written)
