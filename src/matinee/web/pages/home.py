"""`/`: what to watch tonight."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from matinee.data import Constraints, Film, Ranking
from matinee.errors import InputError, UnknownNameError
from matinee.service.recommend import popular, recommend
from matinee.service.viewers import Visit
from matinee.web.dependencies import LoggedOf, VisitOf
from matinee.web.filters import Fields, Form, address
from matinee.web.pages.render import render
from matinee.web.pages.stars import Stars

__all__ = ["routes"]

_RECOMMENDED = 12
_POPULAR = 16
_INVITED = 6
_POOL = 40

routes = APIRouter()

Suggestions = tuple[tuple[str, str], ...]


def _fields(
    kids: Annotated[str, Query(max_length=5)] = "",
    under: Annotated[str, Query(max_length=10)] = "",
    genre: Annotated[str, Query(max_length=60)] = "",
    decade: Annotated[str, Query(max_length=10)] = "",
    person: Annotated[str, Query(alias="with", max_length=100)] = "",
) -> Fields:
    return Fields(kids=kids, under=under, genre=genre, decade=decade, person=person)


FieldsOf = Annotated[Fields, Depends(_fields)]


@routes.get("/")
def home(
    request: Request,
    visit: VisitOf,
    logged: LoggedOf,
    fields: FieldsOf,
    query: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Recommendations after the first rating, an invitation to rate, and popular films.

    With filters, only films that match.
    """
    constraints, answer, problem = Constraints(), None, ""
    suggestions: Suggestions = ()
    try:
        constraints = fields.added_to(query)
        if constraints or visit.history:  # browsing leaves no trace
            answer = recommend(
                visit,
                n=_RECOMMENDED,
                now=int(time.time()),
                constraints=constraints,
                logged=logged,
            )
    except InputError as error:
        constraints = Constraints()
        problem, suggestions = _problem(error, fields, query)
    ranking = answer.ranking if answer else None
    form = Form.of(visit.live.recommender.catalog, constraints)
    context: dict[str, object] = {
        "rated": len(visit.history),
        "ranking": ranking,
        "personal": ranking is not None
        and any(each.kind in {"history", "model"} for each in ranking.reasons),
        "request_id": answer.request_id if answer and logged else "",
        "form": replace(form, fields=fields, rest=query) if problem else form,
        "filters": str(constraints),
        "problem": problem,
        "suggestions": suggestions,
        "address_of": address,
        "stars": Stars.of(visit.live.scale),
        "numbering": visit.live.film_ids.numbering,
        "invited": [],
        "popular": [],
        "examples": (),
    }
    if not constraints and not problem:
        context |= _below(visit, ranking)
    return render(request, "home.html", context, status=422 if problem else 200)


def _problem(error: InputError, fields: Fields, query: str) -> tuple[str, Suggestions]:
    """The message of the form; similar names, each with the address of the same filters."""
    if not isinstance(error, UnknownNameError):
        return str(error).removeprefix("query: "), ()
    if error.name != fields.person.strip():
        return f"no film here has the {error.kind} “{error.name}”", ()
    similar = tuple(
        (name, address(replace(fields, person=name).added_to(query))) for name in error.suggestions
    )
    return f"no film here is by or with “{error.name}”", similar


def _below(visit: Visit, ranking: Ranking | None) -> dict[str, object]:
    """The parts below the recommendations: films to rate, popular films, other viewers."""
    seen = {*visit.history.items, *visit.dismissed}
    if ranking is not None:
        seen.update(line.film.id for line in ranking)
    pool = [line.film for line in popular(visit, _POOL, exclude=seen)]
    invited = _various(pool, _INVITED)
    return {
        "invited": invited,
        "popular": [film for film in pool if film not in invited][:_POPULAR],
        "examples": visit.live.examples,
    }


def _various(films: Iterable[Film], n: int) -> list[Film]:
    """The first `n` films of different main genres: one rating of each tells most."""
    by_genre: dict[str, Film] = {}
    for film in films:
        by_genre.setdefault(film.genres[0] if film.genres else "", film)
    return list(by_genre.values())[:n]
