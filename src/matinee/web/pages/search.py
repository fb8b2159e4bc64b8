"""`/search`: films by title."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from matinee.service.recommend import popular
from matinee.web.dependencies import VisitOf
from matinee.web.pages.render import render
from matinee.web.pages.stars import Stars

__all__ = ["routes"]

_FOUND = 48
_SUGGESTED = 9

routes = APIRouter()


@routes.get("/search")
def search(
    request: Request, visit: VisitOf, q: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """Films of a title, or some popular ones if there are none."""
    query = q.strip()
    films = visit.live.search(query, _FOUND) if query else []
    context = {
        "query": query,
        "found": films,
        "suggested": [] if films else [line.film for line in popular(visit, _SUGGESTED)],
        "ratings": visit.ratings,
        "stars": Stars.of(visit.live.scale),
    }
    return render(request, "search.html", context)
