"""`GET /recommendations`: what to watch, and why."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from matinee.service.about import MOST_ATTRIBUTES
from matinee.service.recommend import recommend
from matinee.web.api.schemas import Number, RankingModel, problems
from matinee.web.asking import names_are_values, question
from matinee.web.context import SiteOf, imported_viewer
from matinee.web.cookies import CookiesOf, VisitorOf

__all__ = ["routes"]

routes = APIRouter(tags=["recommendations"])

Asked = Annotated[
    str,
    Query(
        max_length=500,
        description="What every film must be, as conditions between spaces: `kids`, `age:12`, "
        "`under:120`, `over:60` (minutes), `since:1990`, `until:1999`, `decade:1990s`, "
        "`genre:comedy`, `any-genre:drama`, `-genre:horror`, `language:French`, `country:Italy`, "
        '`with:"Tom Hanks"`, `-with:Cher`. A condition is never given way on; a film of which the '
        "fact is not known does not meet it.",
        examples=['kids under:120 genre:comedy -genre:horror with:"Tom Hanks"'],
    ),
]

Viewer = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=128,
        description="An imported viewer of the data set, as in `ml-100k/196`; without it the "
        "viewer is the one of the cookie.",
    ),
]

About = Annotated[
    list[Annotated[str, Field(max_length=100)]],
    Query(
        max_length=MOST_ATTRIBUTES,
        description="What the viewer is like, as `column=value` and once a column, where the live "
        "model learned of that: `age=34`, `gender=F`. It is used for this answer and not kept.",
        examples=[["age=34", "gender=F"]],
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
    query: Asked = "",
    about: About = [],  # noqa: B006 - a default FastAPI copies
) -> RankingModel:
    """Films for the viewer of the cookie, best first, each with the ratings it rests on.

    A request without a cookie gets one, since later events name this answer. A `query` that cannot
    be read, or names a genre, language, country or person no film has, is a 422 that says which,
    and so is an attribute in `about` that the live model has not learned of.
    """
    now = int(time.time())
    constraints = question(query)
    if viewer is not None:
        imported = imported_viewer(site, viewer)
        with names_are_values():
            seen = recommend(
                site, imported, n=n, now=now, constraints=constraints, told=about, logged=False
            )
        return RankingModel.of(seen.ranking, history_size=seen.history_size, query=str(constraints))
    with names_are_values():
        answer = recommend(site, visitor.id, n=n, now=now, constraints=constraints, told=about)
    cookies.keep(response, visitor)
    return RankingModel.of(
        answer.ranking,
        request_id=answer.request_id,
        history_size=answer.history_size,
        query=str(constraints),
    )
