"""`POST /events`: what the viewer did."""

from __future__ import annotations

import time
from typing import Annotated, Any

import pydantic
from fastapi import APIRouter, Body, Response
from pydantic import Discriminator, Tag

from matinee.service.record import Event, record
from matinee.web.api.event_schemas import EventsWritten, NewEvent
from matinee.web.api.schemas import problems
from matinee.web.cookies import CookiesOf, VisitorOf
from matinee.web.dependencies import SiteOf, event_id_of

__all__ = ["routes"]

routes = APIRouter(tags=["events"])


def _form(body: Any) -> str:
    return "list" if isinstance(body, list) else "event"


Batch = Annotated[list[NewEvent], pydantic.Field(min_length=1, max_length=100)]
Events = Annotated[
    Annotated[NewEvent, Tag("event")] | Annotated[Batch, Tag("list")], Discriminator(_form), Body()
]


@routes.post("/events", responses=problems(403, 404, 409, 413, 422, 503))
def write(
    site: SiteOf, visitor: VisitorOf, cookies: CookiesOf, response: Response, events: Events
) -> EventsWritten:
    """Records one event or a list of up to 100, all or none. They count from the next request on.

    The viewer is that of the cookie, which is set if there is none. The time is the server's.
    """
    now = int(time.time())
    batch = events if isinstance(events, list) else [events]
    written = record(
        site,
        [
            Event(
                id=event_id_of(visitor.id, each.id),
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
