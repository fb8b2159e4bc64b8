"""`GET /recommendations`: what to watch, and why."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query, Response

from matinee.service.recommend import recommend
from matinee.web.api.schemas import Number, RankingModel, problems
from matinee.web.context import SiteOf, imported_viewer
from matinee.web.cookies import CookiesOf, VisitorOf

__all__ = ["routes"]

routes = APIRouter(tags=["recommendations"])

Viewer = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=128,
        description="An imported viewer of the data set, as in `ml-100k/196`; without it the "
        "viewer is the one of the cookie.",
    ),
]


@routes.get("/recommendations", responses=problems(403, 422, 503))
def recommendations(
    site: SiteOf,
    visitor: VisitorOf,
    cookies: CookiesOf,
    response: Response,
    n: Number = 10,
    viewer: Viewer = None,
) -> RankingModel:
    """Films for the viewer of the cookie, best first, each with the ratings it rests on.

    A request without a cookie gets one, since later events name this answer.
    """
    now = int(time.time())
    if viewer is not None:
        seen = recommend(site, imported_viewer(site, viewer), n=n, now=now, logged=False)
        return RankingModel.of(seen.ranking, history_size=seen.history_size)
    cookies.keep(response, visitor)
    answer = recommend(site, visitor.id, n=n, now=now)
    return RankingModel.of(
        answer.ranking, request_id=answer.request_id, history_size=answer.history_size
    )
