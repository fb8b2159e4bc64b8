"""`/about`: the data and its licence, privacy, and the API."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from matinee.errors import NotLiveError
from matinee.web.dependencies import SiteOf
from matinee.web.pages.render import render

__all__ = ["routes"]

routes = APIRouter()


@routes.get("/about")
def about(request: Request, site: SiteOf) -> Response:
    """Works without a live model: visitors must always find what is stored about them."""
    try:
        live = site.live()
    except NotLiveError:
        live = None
    context = {"live": live, "operations": _operations(request.app.openapi())}
    return render(request, "about.html", context)


def _operations(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Method, address and purpose of every endpoint of the API."""
    return [
        (method.upper(), path, operation["description"].partition("\n\n")[0])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
