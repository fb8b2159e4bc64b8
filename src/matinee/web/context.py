"""What endpoints are given, and what they look up before they call a use case."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from matinee.service.site import Site

__all__ = ["SiteOf", "imported_viewer", "scoped_event_id"]


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


SiteOf = Annotated[Site, Depends(_site)]


def imported_viewer(site: Site, viewer: str) -> str:
    """The id, if it is that of a viewer of an imported data set, whom anybody may look at.

    Raises:
        HTTPException: 403 for everybody else, whether they exist or not.
    """
    if not site.store.is_imported(viewer):
        raise HTTPException(
            403, f"{viewer!r} is no viewer of the data set; only those can be looked at"
        )
    return viewer


def scoped_event_id(viewer: str, event: str) -> str:
    """The id under which a browser's event is written.

    The viewer is part of it, so that nobody can use up the ids of somebody else's events.
    """
    return f"{viewer}/{event}"
