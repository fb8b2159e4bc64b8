"""`/`: what to watch tonight."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from matinee.data import Constraints, Film
from matinee.errors import InputError, UnknownNameError
from matinee.service.recommend import MOST_FILMS, Answer, popular, recommend
from matinee.service.site import Site
from matinee.web.asking import Fields, Form, address
from matinee.web.context import SiteOf
from matinee.web.cookies import Visitor, VisitorOf
from matinee.web.pages.render import render

__all__ = ["routes"]

_ROW = 12
_POPULAR = 16
_INVITED = 6
_POOL = 40
_ENOUGH = 10
"""Ratings from which nobody is asked for more."""
_EXAMPLES = 40

routes = APIRouter()


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
    site: SiteOf,
    visitor: VisitorOf,
    fields: FieldsOf,
    query: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """A row of one's own from the first rating on; an invitation to rate until there are ten.

    With a question, films that meet it and nothing else.
    """
    asked, problem, instead = Constraints(), "", []
    try:
        asked = fields.added_to(query)
        answer = _answer(site, visitor, asked)
    except InputError as error:
        asked, problem, answer = Constraints(), str(error).removeprefix("query: "), None
        instead = _instead(error, fields, query)
    rated = site.store.history(visitor.id).items if visitor.known else ()
    form = Form.of(site.recommender().catalog, asked)
    context: dict[str, object] = {
        "rated": len(rated),
        "answer": answer if rated or asked else None,
        "request_id": answer.request_id if answer and visitor.known else "",
        "form": replace(form, fields=fields, rest=query) if problem else form,
        "asked": str(asked),
        "problem": problem,
        "instead": instead,
        "address_of": address,
        "invited": [],
        "popular": [],
        "examples": [],
    }
    if not asked and not problem:
        context |= _beside(site, visitor, answer, rated)
    return render(request, "home.html", context, status=422 if problem else 200)


def _instead(error: InputError, fields: Fields, query: str) -> list[tuple[str, str]]:
    """The nearest people there are, and where the same is asked of them."""
    if not isinstance(error, UnknownNameError) or error.name != fields.person.strip():
        return []
    return [
        (name, address(replace(fields, person=name).added_to(query))) for name in error.suggestions
    ]


def _answer(site: Site, visitor: Visitor, asked: Constraints) -> Answer | None:
    """Films for a visitor who has rated or asks for something; a stranger leaves no trace."""
    if not asked and not (visitor.known and site.store.history(visitor.id).items):
        return None
    return recommend(
        site,
        visitor.id,
        n=_ROW,
        now=int(time.time()),
        constraints=asked,
        logged=visitor.known,
    )


def _beside(
    site: Site, visitor: Visitor, answer: Answer | None, rated: Sequence[str]
) -> dict[str, object]:
    """What stands below the row where nothing was asked for."""
    unwanted = set(rated)
    if visitor.known:
        unwanted.update(site.store.dismissed(visitor.id))
    if answer is not None:
        unwanted.update(line.film.id for line in answer.ranking)
    pool = _popular_but(site, unwanted)
    invited = _various(pool, _INVITED) if len(rated) < _ENOUGH else []
    return {
        "invited": invited,
        "popular": [film for film in pool if film not in invited][:_POPULAR],
        "examples": site.store.viewers(_EXAMPLES, imported=True),
    }


def _popular_but(site: Site, unwanted: set[str]) -> list[Film]:
    films = (line.film for line in popular(site, min(len(unwanted) + _POOL, MOST_FILMS)))
    return [film for film in films if film.id not in unwanted]


def _various(films: Iterable[Film], n: int) -> list[Film]:
    """The first `n` films of different first genres: one rating of each says most."""
    by_genre: dict[str, Film] = {}
    for film in films:
        by_genre.setdefault(film.genres[0] if film.genres else "", film)
    return list(by_genre.values())[:n]
