"""`GET /rows`: films in rows that mean something, and each row whole."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query

from matinee.service.rows import Row, front, row
from matinee.web.addresses import RowKey, to_segment
from matinee.web.api.schemas import Number, RankingModel, RowList, RowModel, problems
from matinee.web.dependencies import LoggedOf, VisitOf

__all__ = ["routes"]

routes = APIRouter(tags=["recommendations"])

Page = Annotated[int, Query(ge=1, le=10_000, description="Which page of `n` films, from 1.")]


@routes.get("/rows", responses=problems(422, 503))
def rows(visit: VisitOf, logged: LoggedOf, n: Number = 6) -> RowList:
    """The rows of the front page for the viewer of the cookie; no film is in two of them.

    Each row is logged as an impression of its own, as for recommendations.
    """
    found = front(visit, n=n, first=n, now=int(time.time()), logged=logged).rows
    return RowList(rows=tuple(_model(each, n, logged=logged, whole=False) for each in found))


@routes.get("/rows/{key:path}", responses=problems(404, 422, 503))
def one_row(
    visit: VisitOf, logged: LoggedOf, key: RowKey, n: Number = 10, page: Page = 1
) -> RowModel:
    """One row, page by page. Pages continue each other until the viewer rates or marks a film.

    422 if the catalogue or the live model cannot make this row.
    """
    found = row(visit, key, n=n, page=page, now=int(time.time()), logged=logged)
    return _model(found, n, logged=logged, whole=True)


def _model(found: Row, n: int, *, logged: bool, whole: bool) -> RowModel:
    answer, address = found.answer, f"/api/v1/rows/{to_segment(found.key)}"
    further = found.films > (n * found.page if whole else len(answer.ranking))
    more = f"{address}?n={n}&page={found.page + 1}" if whole else address
    return RowModel(
        key=found.key,
        title=found.title,
        films=found.films,
        more=more if further else None,
        ranking=RankingModel.of(
            answer.ranking,
            request_id=answer.request_id if logged else None,
            history_size=answer.history_size,
        ),
    )
