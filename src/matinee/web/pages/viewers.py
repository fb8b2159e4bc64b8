"""`/as/{viewer}`: the site as a viewer of the data set would see it, read only."""

from __future__ import annotations

import time
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from matinee.service.recommend import recommend
from matinee.service.viewers import history
from matinee.web.dependencies import SiteOf, visit_of_imported
from matinee.web.pages.render import render

__all__ = ["routes"]

_RECOMMENDED = 12
_TOP = 24

routes = APIRouter()


@routes.get("/as")
def find_viewer(
    site: SiteOf, viewer: Annotated[str, Query(min_length=1, max_length=128)]
) -> Response:
    """Redirects to the viewer's page; an id may lack the name of its data set."""
    visit = visit_of_imported(site, viewer)
    return RedirectResponse(f"/as/{quote(visit.viewer)}", status_code=303)


@routes.get("/as/{viewer:path}")
def as_viewer(
    request: Request, site: SiteOf, viewer: Annotated[str, Path(max_length=128)]
) -> Response:
    """Their recommendations and their highest ratings."""
    visit = visit_of_imported(site, viewer)
    ratings = history(visit)
    answer = recommend(visit, n=_RECOMMENDED, now=int(time.time()), logged=False)
    context = {
        "viewer": visit.viewer,
        "count": len(ratings),
        "top": sorted(ratings, key=lambda each: (-each.value, -each.time))[:_TOP],
        "ranking": answer.ranking,
    }
    return render(request, "viewer.html", context)
