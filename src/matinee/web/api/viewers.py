"""`/viewers/me`: what is kept about whoever asks, and having it deleted."""

from __future__ import annotations

from fastapi import APIRouter, Response

from matinee.service.films import history
from matinee.service.forget import forget
from matinee.web.api.schemas import FilmModel, Forgotten, HistoryModel, RatedModel, problems
from matinee.web.context import SiteOf
from matinee.web.cookies import CookiesOf, VisitorOf

__all__ = ["routes"]

routes = APIRouter(tags=["viewers"])


@routes.get("/viewers/me", responses=problems(503))
def me(site: SiteOf, visitor: VisitorOf) -> HistoryModel:
    """The ratings in force of the viewer of the cookie, and the films they dismissed."""
    if not visitor.known:
        return HistoryModel(viewer=None, ratings=(), dismissed=())
    ratings = tuple(
        RatedModel(film=FilmModel.of(each.film), value=each.value, time=each.time)
        for each in history(site, visitor.id)
    )
    dismissed = site.store.dismissed(visitor.id)
    return HistoryModel(viewer=visitor.id, ratings=ratings, dismissed=dismissed)


@routes.delete("/viewers/me", responses=problems(403, 503))
def forget_me(
    site: SiteOf, visitor: VisitorOf, cookies: CookiesOf, response: Response
) -> Forgotten:
    """Deletes everything kept under the cookie, and the cookie."""
    deleted = forget(site, visitor.id) if visitor.known else 0
    cookies.drop(response)
    return Forgotten(events=deleted)
