"""Films: one, similar ones, and search by title."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query

from matinee.service.film_facts import film_facts
from matinee.service.recommend import similar as similar_films
from matinee.service.recommend import why as why_film
from matinee.web.addresses import FilmId
from matinee.web.api.schemas import (
    FilmFactsModel,
    FilmList,
    FilmModel,
    Number,
    RankingModel,
    WhyModel,
    problems,
)
from matinee.web.dependencies import LiveOf, VisitOf
from matinee.web.filters import But

__all__ = ["routes"]

routes = APIRouter(tags=["films"])

Title = Annotated[str, Query(min_length=1, max_length=100, description="A title or a part of one.")]


@routes.get("/films/{film_id:path}/similar", responses=problems(404, 422, 503))
def similar(live: LiveOf, film_id: FilmId, n: Number = 10, but: But = ()) -> RankingModel:
    """The films most similar to one, or those that are also shorter, newer, lighter ...

    422 if two critiques contradict each other, or if the film lacks the fact a critique starts
    from.
    """
    return RankingModel.of(similar_films(live, film_id, n, but))


@routes.get("/films/{film_id:path}/why", responses=problems(404, 422, 503))
def why(visit: VisitOf, film_id: FilmId) -> WhyModel:
    """Where a film stands for the viewer of the cookie: its rank, its reason, what adds to it."""
    answer = why_film(visit, film_id, int(time.time()))
    return WhyModel.of(answer, visit.live.recommender.version)


@routes.get("/films/{film_id:path}", responses=problems(404, 422, 503))
def film(live: LiveOf, film_id: FilmId) -> FilmFactsModel:
    """All facts about one film."""
    return FilmFactsModel.of_facts(film_facts(live, film_id))


@routes.get("/search", responses=problems(422, 503))
def search(live: LiveOf, q: Title, n: Number = 10) -> FilmList:
    """Films by title, best match first; the list is empty if there are none."""
    films = tuple(FilmModel.of(each) for each in live.search(q, n))
    return FilmList(
        model=live.recommender.model.name, version=live.recommender.version, films=films
    )
