"""`/`: what to watch tonight."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from matinee.data import Constraints
from matinee.errors import InputError, UnknownNameError
from matinee.service.recommend import recommend
from matinee.service.rows import front
from matinee.web.dependencies import LoggedOf, VisitOf
from matinee.web.filters import Fields, Form, address
from matinee.web.pages.marks import PlaceOf, note_of
from matinee.web.pages.render import render
from matinee.web.pages.stars import Stars

__all__ = ["routes"]

_RECOMMENDED = 12
_OF_A_ROW = 6

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
    marked: PlaceOf,
    query: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Rows of films, and an invitation to rate some; with filters, the films that match."""
    constraints, answer, problem = Constraints(), None, ""
    suggestions: Suggestions = ()
    now = int(time.time())
    try:
        constraints = fields.added_to(query)
        if constraints:
            answer = recommend(
                visit, n=_RECOMMENDED, now=now, constraints=constraints, logged=logged
            )
    except InputError as error:
        constraints = Constraints()
        problem, suggestions = _problem(error, fields, query)
    form = Form.of(visit.live.recommender.catalog, constraints)
    context: dict[str, object] = {
        "rated": len(visit.history),
        "answer": answer,
        "logged": logged,
        "front": None,
        "form": replace(form, fields=fields, rest=query) if problem else form,
        "filters": str(constraints),
        "problem": problem,
        "suggestions": suggestions,
        "address_of": address,
        "stars": Stars.of(visit.live.scale),
        "numbering": visit.live.film_ids.numbering,
        "note": note_of(visit, marked),
        "examples": (),
    }
    if not constraints and not problem:
        context["front"] = front(visit, n=_OF_A_ROW, first=_RECOMMENDED, now=now, logged=logged)
        context["examples"] = visit.live.examples
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
