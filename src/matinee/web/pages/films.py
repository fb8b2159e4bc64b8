"""`/films/{id}`: one film, and the forms that say something about it."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from matinee.data import Film, Ranking
from matinee.errors import InputError
from matinee.pipeline.critique import CRITIQUES
from matinee.service.films import film as find_film
from matinee.service.recommend import similar
from matinee.service.record import dismiss, rate, unrate
from matinee.service.site import Site
from matinee.web.asking import But
from matinee.web.context import SiteOf, scoped_event_id
from matinee.web.cookies import CookiesOf, VisitorOf
from matinee.web.pages.critiques import critique_links
from matinee.web.pages.render import render

__all__ = ["routes"]

_SIMILAR = 12

routes = APIRouter()

FilmId = Annotated[str, Path(max_length=128)]
EventId = Annotated[str, Form(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9]+$")]
Back = Annotated[str, Form(max_length=4000)]
RequestId = Annotated[str | None, Form(alias="request", max_length=128)]


@routes.get("/films/{film_id:path}")
def film(
    request: Request,
    site: SiteOf,
    visitor: VisitorOf,
    film_id: FilmId,
    request_id: Annotated[str, Query(alias="request", max_length=128)] = "",
    but: But = (),
) -> Response:
    """The facts, what the viewer thinks of it, and more like it, or like it but shorter ..."""
    found = find_film(site, film_id)
    rated = site.store.history(visitor.id) if visitor.known else None
    ratings = dict(zip(rated.items, rated.values, strict=True)) if rated else {}
    context = {
        "film": found,
        "credits": _credits(found),
        "rating": ratings.get(film_id),
        "dismissed": visitor.known and film_id in site.store.dismissed(visitor.id),
        "similar": similar(site, film_id, _SIMILAR, but) if but else _similar(site, film_id),
        "but": " and ".join(CRITIQUES[each] for each in but),
        "critiques": critique_links(site.recommender().catalog, found, but),
        "request_id": request_id,
    }
    return render(request, "film.html", context)


@routes.post("/films/{film_id:path}/rating")
def give_rating(
    site: SiteOf,
    visitor: VisitorOf,
    cookies: CookiesOf,
    film_id: FilmId,
    value: Annotated[float, Form()],
    event: EventId,
    back: Back = "/",
    request_id: RequestId = None,
) -> Response:
    """Gives stars; pressing another star of the same form is another event."""
    written = scoped_event_id(visitor.id, f"{event}-{value:g}")
    rate(
        site,
        visitor.id,
        film_id,
        value,
        event_id=written,
        now=int(time.time()),
        request_id=request_id or None,
    )
    return _back(back, cookies, visitor)


@routes.post("/films/{film_id:path}/removal")
def take_back(
    site: SiteOf,
    visitor: VisitorOf,
    cookies: CookiesOf,
    film_id: FilmId,
    event: EventId,
    back: Back = "/",
) -> Response:
    """Takes back a rating or a dismissal."""
    written = scoped_event_id(visitor.id, event)
    unrate(site, visitor.id, film_id, event_id=written, now=int(time.time()))
    return _back(back, cookies, visitor)


@routes.post("/films/{film_id:path}/dismissal")
def not_for_me(
    site: SiteOf,
    visitor: VisitorOf,
    cookies: CookiesOf,
    film_id: FilmId,
    event: EventId,
    back: Back = "/",
    request_id: RequestId = None,
) -> Response:
    """Never recommends the film again."""
    dismiss(
        site,
        visitor.id,
        film_id,
        event_id=scoped_event_id(visitor.id, event),
        now=int(time.time()),
        request_id=request_id or None,
    )
    return _back(back, cookies, visitor)


def _back(address: str, cookies: CookiesOf, visitor: VisitorOf) -> Response:
    """To a page of this site: the address comes from a form, and "//" would be another host."""
    local = address if address.startswith("/") and not address.startswith("//") else "/"
    response = RedirectResponse(local, status_code=303)
    cookies.keep(response, visitor)
    return response


def _similar(site: Site, film_id: str) -> Ranking | None:
    try:
        return similar(site, film_id, _SIMILAR)
    except InputError:  # the live model has no notion of likeness
        return None


def _credits(film: Film) -> list[tuple[str, tuple[str, ...]]]:
    known = [
        ("Directed by", film.directors),
        ("With", film.cast),
        ("Country" if len(film.countries) == 1 else "Countries", film.countries),
        ("Language" if len(film.languages) == 1 else "Languages", film.languages),
    ]
    return [(label, names) for label, names in known if names]
