"""`/`: what to watch tonight."""

from __future__ import annotations

import time
from collections.abc import Iterable

from fastapi import APIRouter, Request, Response

from matinee.data import Film
from matinee.service.recommend import MOST_FILMS, popular, recommend
from matinee.service.site import Site
from matinee.web.context import SiteOf
from matinee.web.cookies import VisitorOf
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


@routes.get("/")
def home(request: Request, site: SiteOf, visitor: VisitorOf) -> Response:
    """A row of one's own from the first rating on; an invitation to rate until there are ten."""
    rated = site.store.history(visitor.id).items if visitor.known else ()
    answer = recommend(site, visitor.id, n=_ROW, now=int(time.time())) if rated else None
    unwanted = set(rated)
    if visitor.known:
        unwanted.update(site.store.dismissed(visitor.id))
    if answer is not None:
        unwanted.update(line.film.id for line in answer.ranking)
    pool = _popular_but(site, unwanted)
    invited = _various(pool, _INVITED) if len(rated) < _ENOUGH else []
    context = {
        "rated": len(rated),
        "personal": answer.ranking if answer else None,
        "request_id": answer.request_id if answer else "",
        "invited": invited,
        "popular": [film for film in pool if film not in invited][:_POPULAR],
        "examples": site.store.viewers(_EXAMPLES, imported=True),
    }
    return render(request, "home.html", context)


def _popular_but(site: Site, unwanted: set[str]) -> list[Film]:
    films = (line.film for line in popular(site, min(len(unwanted) + _POOL, MOST_FILMS)))
    return [film for film in films if film.id not in unwanted]


def _various(films: Iterable[Film], n: int) -> list[Film]:
    """The first `n` films of different first genres: one rating of each says most."""
    by_genre: dict[str, Film] = {}
    for film in films:
        by_genre.setdefault(film.genres[0] if film.genres else "", film)
    return list(by_genre.values())[:n]
