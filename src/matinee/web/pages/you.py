"""`/you`: what is kept about whoever looks, and having it deleted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from matinee.service.films import history
from matinee.service.forget import forget
from matinee.web.context import SiteOf
from matinee.web.cookies import CookiesOf, VisitorOf
from matinee.web.pages.render import render

__all__ = ["routes"]

routes = APIRouter()


@routes.get("/you")
def you(request: Request, site: SiteOf, visitor: VisitorOf) -> Response:
    """The ratings in force, the latest first."""
    ratings = history(site, visitor.id) if visitor.known else []
    return render(request, "you.html", {"history": ratings, "known": visitor.known})


@routes.post("/you/forget")
def forget_me(
    site: SiteOf,
    visitor: VisitorOf,
    cookies: CookiesOf,
    sure: Annotated[str, Form(pattern="^yes$")],  # noqa: ARG001 - its presence is the check
) -> Response:
    """Deletes everything kept under the cookie, and the cookie."""
    if visitor.known:
        forget(site, visitor.id)
    response = RedirectResponse("/you", status_code=303)
    cookies.drop(response)
    return response
