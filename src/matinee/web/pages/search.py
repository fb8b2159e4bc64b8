"""`/search`: films by title."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from matinee.service.films import search as search_films
from matinee.service.recommend import popular
from matinee.web.context import SiteOf
from matinee.web.cookies import VisitorOf
from matinee.web.pages.render import render

__all__ = ["routes"]

_FOUND = 48
_SUGGESTED = 9

routes = APIRouter()


@routes.get("/search")
def search(
    request: Request,
    site: SiteOf,
    visitor: VisitorOf,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """What was found; where nothing was, some films everybody likes."""
    query = q.strip()
    found = search_films(site, query, _FOUND) if query else []
    rated = site.store.history(visitor.id) if visitor.known else None
    context = {
        "query": query,
        "found": found,
        "suggested": [] if found else [line.film for line in popular(site, _SUGGESTED)],
        "ratings": dict(zip(rated.items, rated.values, strict=True)) if rated else {},
    }
    return render(request, "search.html", context)
