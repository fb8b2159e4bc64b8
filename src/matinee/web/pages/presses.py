"""`/films/{id}/{action}`: what the buttons of a film send."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from matinee.service.record import Event, record
from matinee.service.site import Site
from matinee.service.viewers import Visit
from matinee.web.addresses import FilmId
from matinee.web.cookies import CookiesOf, VisitorOf
from matinee.web.dependencies import SiteOf, event_id_of
from matinee.web.pages.marks import Place, back_to, local_address, note_of
from matinee.web.pages.render import render

__all__ = ["routes"]

_NO_COOKIE = (
    "your browser did not keep our cookie, so we could not save that; allow cookies for this site "
    "and try again"
)

routes = APIRouter()

EventId = Annotated[str, Form(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9]+$")]


@routes.post("/films/{film_id:path}/{action}")
def act(
    request: Request,
    site: SiteOf,
    visitor: VisitorOf,
    cookies: CookiesOf,
    film_id: FilmId,
    action: Literal["rating", "removal", "dismissal", "seen"],
    event: EventId,
    value: Annotated[float | None, Form()] = None,
    back: Annotated[str, Form(max_length=4000)] = "/",
    request_id: Annotated[str | None, Form(alias="request", max_length=128)] = None,
    films: Annotated[str, Form(max_length=128)] = "",
    at: Annotated[str, Form(max_length=200)] = "",
    part: Annotated[Literal["", "card"], Form()] = "",
    cookie: Annotated[Literal["", "set"], Query()] = "",
) -> Response:
    """Rates the film, dismisses it, marks it as seen, or takes any of these back.

    The answer leads back to the page `back`, to the place `at` of a card. With `part` it is only
    what takes the place of the card, and nothing for a removal. A browser without our cookie gets
    one and sends the form again: nothing is written for a browser that does not keep it. `films` is
    the numbering of the page's film ids: the live catalogue may be another one by now.
    """
    if not visitor.known:
        if cookie:
            raise HTTPException(403, _NO_COOKIE)
        again = RedirectResponse(f"{request.scope['path']}?cookie=set", status_code=307)
        cookies.keep(again, visitor)
        return again
    press = Event(
        id=event_id_of(visitor.id, _press_id(event, action, value)),
        viewer=visitor.id,
        type=action,
        item=film_id,
        value=value,
        time=int(time.time()),
        request_id=request_id or None,
        numbering=films,
    )
    _write(site, press)
    if part and action != "rating":
        return _in_place(request, cookies, visitor, press, back, at)
    return _back(back, cookies, visitor, press, at)


def _press_id(event: str, action: str, value: float | None) -> str:
    """One form has several buttons, and each is an event of its own."""
    if action == "seen":
        return f"{event}-seen"
    return event if value is None else f"{event}-{value}"


def _write(site: Site, press: Event) -> None:
    """Records that a button was pressed; once, if its form was sent twice.

    After "Back" a browser shows the form again with the same id, and pressing a button of it is a
    change of mind. So an event that is in the log already is written under a further id, unless it
    is what holds now.
    """
    for n in count():
        event = replace(press, id=f"{press.id}.{n}") if n else press
        if record(site, [event]) or _holds(Visit(site, press.viewer), press):
            return


def _holds(visit: Visit, press: Event) -> bool:
    _, film_id = visit.live.film_ids.translate(press.numbering, press.item or "")
    rated = visit.ratings.get(film_id)
    dismissed, seen = film_id in visit.dismissed, film_id in visit.seen
    if press.type == "dismissal":
        return dismissed
    if press.type == "seen":
        return seen
    if press.type == "removal":
        return rated is None and not dismissed and not seen
    return rated == press.value


def _back(address: str, cookies: CookiesOf, visitor: VisitorOf, press: Event, at: str) -> Response:
    """Redirects within this site: the address is from a form, so it can be of another host."""
    local = local_address(address)
    if at:
        local = local_address(back_to(local, press.type, press.item or "", at))
    response = RedirectResponse(local, status_code=303)
    cookies.keep(response, visitor)
    return response


def _in_place(
    request: Request, cookies: CookiesOf, visitor: VisitorOf, press: Event, back: str, at: str
) -> Response:
    """The note that replaces a card; nothing after a removal, since the browser has the card."""
    visit = Visit(request.app.state.site, visitor.id)
    _, film_id = visit.live.film_ids.translate(press.numbering, press.item or "")
    note = note_of(visit, Place(film_id, at))
    if note is None:
        response = Response(status_code=204)
    else:
        context = {"note": note, "back": back, "numbering": visit.live.film_ids.numbering}
        response = render(request, "note.html", context)
    cookies.keep(response, visitor)
    return response
