"""`/you`: a visitor's own ratings, and deleting them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from matinee.service.viewers import forget, history
from matinee.web.cookies import CookiesOf, VisitorOf
from matinee.web.dependencies import SiteOf, VisitOf
from matinee.web.pages.render import render, star_choices

__all__ = ["routes"]

routes = APIRouter()


@routes.get("/you")
def you(request: Request, visit: VisitOf) -> Response:
    """Ratings, newest first."""
    ratings = history(visit)
    context = {
        "history": ratings,
        "known": visit.known,
        "choices": star_choices(visit.live.scale) if ratings else (),
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
