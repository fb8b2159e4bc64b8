"""`/as/{viewer}`: the site as a viewer of the data set would see it, to look at only."""

from __future__ import annotations

import time
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from matinee.service.films import history
from matinee.service.recommend import recommend
from matinee.service.site import Site
from matinee.web.context import SiteOf, imported_viewer
from matinee.web.pages.render import render

__all__ = ["routes"]

_SHOWN = 12
_TOP = 24

routes = APIRouter()


@routes.get("/as")
def take_seat(
    site: SiteOf, viewer: Annotated[str, Query(min_length=1, max_length=128)]
) -> Response:
    """To the viewer's page; an id may be typed without the name of its data set."""
    found = imported_viewer(site, _in_full(site, viewer.strip()))
    return RedirectResponse(f"/as/{quote(found)}", status_code=303)


@routes.get("/as/{viewer:path}")
def seat(request: Request, site: SiteOf, viewer: Annotated[str, Path(max_length=128)]) -> Response:
    """What they rated highest, and what they would be shown."""
    imported_viewer(site, viewer)
    ratings = history(site, viewer)
    answer = recommend(site, viewer, n=_SHOWN, now=int(time.time()), logged=False)
    context = {
        "viewer": viewer,
        "count": len(ratings),
        "top": sorted(ratings, key=lambda each: (-each.value, -each.time))[:_TOP],
        "ranking": answer.ranking,
    }
    return render(request, "viewer.html", context)


def _in_full(site: Site, typed: str) -> str:
    if "/" in typed:
        return typed
    prefixes = {each.partition("/")[0] for each in site.store.viewers(1, imported=True)}
    return next((f"{prefix}/{typed}" for prefix in prefixes), typed)
