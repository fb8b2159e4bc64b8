"""`/films/{id}`: one film, links for critiques, and the forms to rate or dismiss it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from matinee.data import Catalog, Film, Ranking
from matinee.data.certificates import age_of
from matinee.display import formats
from matinee.errors import InputError
from matinee.pipeline.critique import CRITIQUES, NEEDS, opposite
from matinee.service.recommend import similar
from matinee.service.record import Event, record
from matinee.service.site import Live, Site
from matinee.service.viewers import Visit
from matinee.web.addresses import FilmId, film_path
from matinee.web.cookies import CookiesOf, VisitorOf
from matinee.web.dependencies import SiteOf, VisitOf, event_id_of
from matinee.web.filters import But
from matinee.web.pages.render import render
from matinee.web.pages.stars import Stars

__all__ = ["routes"]

_SIMILAR = 12
_NO_COOKIE = (
    "your browser did not keep our cookie, so we could not save that; allow cookies for this site "
    "and try again"
)

routes = APIRouter()

EventId = Annotated[str, Form(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9]+$")]


@routes.get("/films/{film_id:path}")
def film(
    request: Request,
    visit: VisitOf,
    film_id: FilmId,
    request_id: Annotated[str, Query(alias="request", max_length=128)] = "",
    but: But = (),
) -> Response:
    """The facts, the viewer's rating, and similar films, also with critiques."""
    page_film = visit.live.film(film_id)
    context = {
        "film": page_film,
        "credits": _credits(page_film),
        "rating": visit.ratings.get(film_id),
        "dismissed": film_id in visit.dismissed,
        "similar": _similar(visit.live, film_id, but),
        "but": formats.listed(CRITIQUES[each] for each in but) if but else "",
        "critiques": _critique_links(visit.live.recommender.catalog, page_film, but),
        "stars": Stars.of(visit.live.scale),
        "request_id": request_id,
        "numbering": visit.live.film_ids.numbering,
    }
    return render(request, "film.html", context)


@routes.post("/films/{film_id:path}/{action}")
def act(
    request: Request,
    site: SiteOf,
    visitor: VisitorOf,
    cookies: CookiesOf,
    film_id: FilmId,
    action: Literal["rating", "removal", "dismissal"],
    event: EventId,
    value: Annotated[float | None, Form()] = None,
    back: Annotated[str, Form(max_length=4000)] = "/",
    request_id: Annotated[str | None, Form(alias="request", max_length=128)] = None,
    films: Annotated[str, Form(max_length=128)] = "",
    cookie: Annotated[Literal["", "set"], Query()] = "",
) -> Response:
    """Rates the film, dismisses it, or takes either back.

    A browser without our cookie gets one and sends the form again: nothing is written for a browser
    that does not keep it. `films` is the numbering of the page's film ids: the live catalogue may
    be another one by now.
    """
    if not visitor.known:
        if cookie:
            raise HTTPException(403, _NO_COOKIE)
        again = RedirectResponse(f"{request.scope['path']}?cookie=set", status_code=307)
        cookies.keep(again, visitor)
        return again
    press = Event(
        id=event_id_of(visitor.id, event if value is None else f"{event}-{value}"),
        viewer=visitor.id,
        type=action,
        item=film_id,
        value=value,
        time=int(time.time()),
        request_id=request_id or None,
        numbering=films,
    )
    _write(site, press)
    return _back(back, cookies, visitor)


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
    rated, dismissed = visit.ratings.get(film_id), film_id in visit.dismissed
    if press.type == "dismissal":
        return dismissed
    if press.type == "removal":
        return rated is None and not dismissed
    return rated == press.value


def _back(address: str, cookies: CookiesOf, visitor: VisitorOf) -> Response:
    """Redirects within this site: the address is from a form, and "//" would be another host."""
    local = address if address.startswith("/") and not address.startswith("//") else "/"
    response = RedirectResponse(local, status_code=303)
    cookies.keep(response, visitor)
    return response


def _similar(live: Live, film_id: str, but: Sequence[str]) -> Ranking | None:
    try:
        return similar(live, film_id, _SIMILAR, but)
    except InputError:  # the live model computes no similarities
        if but:
            raise
        return None


def _credits(film: Film) -> list[tuple[str, tuple[str, ...]]]:
    known = [
        ("Directed by", film.directors),
        ("With", film.cast),
        ("Country" if len(film.countries) == 1 else "Countries", film.countries),
        ("Language" if len(film.languages) == 1 else "Languages", film.languages),
    ]
    return [(label, names) for label, names in known if names]


@dataclass(frozen=True)
class CritiqueLink:
    """One critique: its words, its address, and whether it is chosen."""

    label: str
    address: str
    chosen: bool


def _critique_links(catalog: Catalog, film: Film, chosen: Sequence[str]) -> list[CritiqueLink]:
    """Links for the critiques a film has the facts for."""
    knows_ages = any(age_of(each) >= 0 for each in catalog.certificates.coded[1])
    return [
        CritiqueLink(label, _address(film, kind, chosen), kind in chosen)
        for kind, label in CRITIQUES.items()
        if (knows_ages if kind == "kids" else kind not in NEEDS or getattr(film, NEEDS[kind]))
    ]


def _address(film: Film, kind: str, chosen: Sequence[str]) -> str:
    """The page with one more critique in place of its opposite, or with one less."""
    kinds = [each for each in chosen if each not in {kind, opposite(kind)}]
    kinds += [] if kind in chosen else [kind]
    query = urlencode([("but", each) for each in kinds])
    return f"{film_path(film.id)}{'?' if query else ''}{query}#similar"
