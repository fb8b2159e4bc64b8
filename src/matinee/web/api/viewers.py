"""`/viewers/me`: the data of the viewer of the cookie, to read and to delete."""

from __future__ import annotations

from fastapi import APIRouter, Response

from matinee.service.viewers import forget, history, viewer_data
from matinee.web.api.event_schemas import Forgotten, HistoryModel, LogModel, RatedModel
from matinee.web.api.schemas import FilmModel, problems
from matinee.web.cookies import CookiesOf, VisitorOf
from matinee.web.dependencies import SiteOf, VisitOf

__all__ = ["routes"]

routes = APIRouter(tags=["viewers"])


@routes.get("/viewers/me", responses=problems(503))
def me(visit: VisitOf) -> HistoryModel:
    """Everything stored under the cookie: ratings, marks, and the log they come from."""
    ratings = tuple(
        RatedModel(film=FilmModel.of(each.film), value=each.value, time=each.time)
        for each in history(visit)
    )
    viewer = visit.viewer if visit.known else None
    log = LogModel.model_validate(viewer_data(visit), from_attributes=True)
    return HistoryModel(
        viewer=viewer, ratings=ratings, dismissed=visit.dismissed, seen=visit.seen, log=log
    )


@routes.delete("/viewers/me", responses=problems(403, 503))
def forget_me(
    site: SiteOf, visitor: VisitorOf, cookies: CookiesOf, response: Response
) -> Forgotten:
    """Deletes everything stored under the cookie, and the cookie."""
    deleted = forget(site, visitor.id) if visitor.known else 0
    cookies.drop(response)
    return Forgotten(events=deleted)
