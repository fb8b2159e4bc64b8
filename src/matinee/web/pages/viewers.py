"""`/you`: a visitor's own ratings. `/as/{viewer}`: the site of a viewer in the data, read only."""

from __future__ import annotations

import math
import time
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from matinee.service.recommend import recommend
from matinee.service.viewers import forget, history
from matinee.web.addresses import ViewerId
from matinee.web.cookies import CookiesOf, VisitorOf
from matinee.web.dependencies import SiteOf, VisitOf, visit_of_imported
from matinee.web.pages.render import render
from matinee.web.pages.stars import Stars

__all__ = ["routes"]

_RATINGS = 30
"""Ratings on a page of `/you`."""
_MARKED = 48
"""Films dismissed or seen that `/you` shows, the latest ones."""
_RECOMMENDED = 12
_TOP = 24

routes = APIRouter()


@routes.get("/you")
def you(
    request: Request, visit: VisitOf, page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """Ratings, newest first, some on each page, and films marked as dismissed or seen."""
    ratings = history(visit)
    pages = max(1, math.ceil(len(ratings) / _RATINGS))
    page = min(page, pages)
    context = {
        "count": len(ratings),
        "history": ratings[(page - 1) * _RATINGS : page * _RATINGS],
        "page": page,
        "pages": pages,
        "dismissed": [visit.live.film(each) for each in visit.dismissed[-_MARKED:]],
        "dismissals": len(visit.dismissed),
        "seen": [visit.live.film(each) for each in visit.seen[-_MARKED:]],
        "sightings": len(visit.seen),
        "known": visit.known,
        "stars": Stars.of(visit.live.scale) if visit.known else None,
        "numbering": visit.live.film_ids.numbering if visit.known else "",
    }
    return render(request, "you.html", context)


@routes.post("/you/forget")
def forget_me(
    site: SiteOf,
    visitor: VisitorOf,
    cookies: CookiesOf,
    sure: Annotated[str, Form(pattern="^yes$")],  # noqa: ARG001 - its presence is the check
) -> Response:
    """Deletes everything stored under the cookie, and the cookie."""
    if visitor.known:
        forget(site, visitor.id)
    response = RedirectResponse("/you", status_code=303)
    cookies.drop(response)
    return response


@routes.get("/as")
def find_viewer(
    site: SiteOf, viewer: Annotated[str, Query(min_length=1, max_length=128)]
) -> Response:
    """Redirects to the viewer's page; an id may lack the name of its data set."""
    visit = visit_of_imported(site, viewer)
    return RedirectResponse(f"/as/{quote(visit.viewer)}", status_code=303)


@routes.get("/as/{viewer:path}")
def as_viewer(request: Request, site: SiteOf, viewer: ViewerId) -> Response:
    """Their recommendations and their highest ratings."""
    visit = visit_of_imported(site, viewer)
    ratings = history(visit)
    answer = recommend(visit, n=_RECOMMENDED, now=int(time.time()), logged=False)
    context = {
        "viewer": visit.viewer,
        "count": len(ratings),
        "top": sorted(ratings, key=lambda each: (-each.value, -each.time))[:_TOP],
        "ranking": answer.ranking,
        "stars": Stars.of(visit.live.scale),
    }
    return render(request, "viewer.html", context)
