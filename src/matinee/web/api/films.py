"""Films: one, those like it, those of a title."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from matinee.service.films import film as find_film
from matinee.service.films import search as search_films
from matinee.service.recommend import similar as similar_films
from matinee.web.api.schemas import FilmList, FilmModel, Number, RankingModel, problems
from matinee.web.asking import But
from matinee.web.context import SiteOf

__all__ = ["routes"]

routes = APIRouter(tags=["films"])

FilmId = Annotated[str, Path(max_length=128, description="Id of the film in the catalogue.")]
Title = Annotated[
    str, Query(min_length=1, max_length=100, description="A title or a piece of one.")
]


@routes.get("/films/{film_id:path}/similar", responses=problems(404, 422, 503))
def similar(site: SiteOf, film_id: FilmId, n: Number = 10, but: But = ()) -> RankingModel:
    """The films most like one, or most like it but shorter, newer, lighter ...

    422 where the live model has no notion of likeness, where two critiques exclude each other, or
    where the film lacks the fact that one starts from.
    """
    return RankingModel.of(similar_films(site, film_id, n, but))


@routes.get("/films/{film_id:path}", responses=problems(404, 422, 503))
def film(site: SiteOf, film_id: FilmId) -> FilmModel:
    """Everything known about one film."""
    return FilmModel.of(find_film(site, film_id))


@routes.get("/search", responses=problems(422, 503))
def search(site: SiteOf, q: Title, n: Number = 10) -> FilmList:
    """Films by title, the likeliest first; none is an empty list."""
    return FilmList(films=tuple(FilmModel.of(each) for each in search_films(site, q, n)))
