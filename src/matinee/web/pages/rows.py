"""`/more/{key}`: one row of the front page, whole."""

from __future__ import annotations

import math
import time
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from matinee.service.rows import row
from matinee.web.addresses import RowKey
from matinee.web.dependencies import LoggedOf, VisitOf
from matinee.web.pages.marks import PlaceOf, note_of
from matinee.web.pages.render import render

__all__ = ["routes"]

_FILMS = 48

routes = APIRouter()


@routes.get("/more/{key:path}")
def more(
    request: Request,
    visit: VisitOf,
    logged: LoggedOf,
    key: RowKey,
    marked: PlaceOf,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """The films of a row, 48 on each page."""
    whole = row(visit, key, n=_FILMS, page=page, now=int(time.time()), logged=logged)
    context = {
        "row": whole,
        "pages": max(1, math.ceil(whole.films / _FILMS)),
        "logged": logged,
        "rated": len(visit.history),
        "note": note_of(visit, marked),
        "numbering": visit.live.film_ids.numbering,
    }
    return render(request, "more.html", context)
