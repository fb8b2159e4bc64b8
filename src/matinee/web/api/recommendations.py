"""`GET /recommendations`: what to watch, and why."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from matinee.errors import InputError, UnknownNameError
from matinee.service.about import MOST_ATTRIBUTES
from matinee.service.recommend import recommend
from matinee.web.api.schemas import Number, RankingModel, problems
from matinee.web.dependencies import LoggedOf, SiteOf, VisitOf, visit_of_imported
from matinee.web.filters import parse_query

__all__ = ["routes"]

routes = APIRouter(tags=["recommendations"])

Text = Annotated[
    str,
    Query(
        max_length=500,
        description="Conditions every film must meet, in words, `comedy under 2 hours`, or by key "
        "and value, separated by spaces: `kids`, `age:12`, "
        "`under:120`, `over:60` (minutes), `since:1990`, `until:1999`, `decade:1990s`, "
        "`genre:comedy`, `any-genre:drama`, `-genre:horror`, `language:French`, `country:Italy`, "
        '`with:"Tom Hanks"`, `-with:Cher`. Conditions are never relaxed. A film that lacks the '
        "fact does not meet the condition.",
        examples=['kids under:120 genre:comedy -genre:horror with:"Tom Hanks"'],
    ),
]

Viewer = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=128,
        description="A viewer of the imported data set, as in `ml-100k/196`. By default the "
        "viewer of the cookie.",
    ),
]

About = Annotated[
    list[Annotated[str, Field(max_length=100)]],
    Query(
        max_length=MOST_ATTRIBUTES,
        description="Facts about the viewer that the live model has learned from, as "
        "`column=value`, one per column: `age=34`, `gender=F`. Used for this answer, not stored.",
        examples=[["age=34", "gender=F"]],
    ),
]


@routes.get("/recommendations", responses=problems(403, 422, 503))
def recommendations(
    site: SiteOf,
    visit: VisitOf,
    logged: LoggedOf,
    n: Number = 10,
    viewer: Viewer = None,
    query: Text = "",
    about: About = [],  # noqa: B006 - a default FastAPI copies
) -> RankingModel:
    """Films for the viewer of the cookie, best first, each with a reason.

    The answer to a viewer with a cookie is logged, and later events can refer to it. Without a
    cookie nothing is logged; the first event sets one. 422 if `query` cannot be
    read or names a genre, language, country or person no film has, or if the live model has not
    learned an attribute in `about`.
    """
    constraints = parse_query(query)
    if viewer is not None:
        visit, logged = visit_of_imported(site, viewer), False
    try:
        answer = recommend(
            visit,
            n=n,
            now=int(time.time()),
            constraints=constraints,
            attributes=about,
            logged=logged,
        )
    except UnknownNameError as error:  # a wrong value (422): here it does not name a page (404)
        raise InputError(f"query: {error}") from error
    return RankingModel.of(
        answer.ranking,
        request_id=answer.request_id if logged else None,
        history_size=answer.history_size,
        query=str(constraints),
    )
