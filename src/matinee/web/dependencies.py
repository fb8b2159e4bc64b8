"""Arguments that endpoints get from FastAPI, and ids they need for use cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from matinee.service.site import Live, Site
from matinee.service.viewers import Visit, imported_viewer
from matinee.web.cookies import VisitorOf

__all__ = ["LiveOf", "LoggedOf", "SiteOf", "VisitOf", "event_id_of", "visit_of_imported"]


def _site(request: Request) -> Site:
    return request.app.state.site


SiteOf = Annotated[Site, Depends(_site)]


def _visit(site: SiteOf, visitor: VisitorOf) -> Visit:
    return Visit(site, visitor.id, known=visitor.known)


VisitOf = Annotated[Visit, Depends(_visit)]


def _live(site: SiteOf) -> Live:
    return site.live()


LiveOf = Annotated[Live, Depends(_live)]


def _logged(request: Request, visitor: VisitorOf) -> bool:
    if not visitor.known or getattr(request.state, "head", False):
        return False
    purpose = request.headers.get("sec-purpose") or request.headers.get("purpose", "")
    return not purpose.startswith(("prefetch", "preview"))


LoggedOf = Annotated[bool, Depends(_logged)]
"""Whether the films of an answer count as shown: to a known viewer, not for HEAD or a prefetch."""


def visit_of_imported(site: Site, viewer: str) -> Visit:
    """The visit of a viewer of the data set; anybody may see their page.

    Raises:
        HTTPException: 403 for all others, whether they exist or not.
    """
    imported = imported_viewer(site, viewer.strip())
    if imported is None:
        example = next(iter(site.live().examples), "")
        hint = f"; try {example}" if example else ""
        raise HTTPException(403, f"there is no viewer “{viewer}” in the data{hint}")
    return Visit(site, imported)


def event_id_of(viewer: str, event: str) -> str:
    """The id of a browser's event in the log; nobody can use up the ids of other viewers."""
    return f"{viewer}/{event}"
