"""`/films/{id}`: one film, links for critiques, and why it stands where it stands."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from matinee.data import Catalog, Film
from matinee.data.certificates import age_of
from matinee.display import formats
from matinee.pipeline.critique import CRITIQUES, NEEDS, opposite
from matinee.service.film_facts import film_facts, standing
from matinee.service.recommend import similar, why
from matinee.web.addresses import FilmId, film_path
from matinee.web.dependencies import VisitOf
from matinee.web.filters import But
from matinee.web.pages.render import render
from matinee.web.pages.stars import Stars

__all__ = ["routes"]

_SIMILAR = 12
_PARTS = 100
"""Films of a history that a page lists with what they add to a score."""

routes = APIRouter()


@routes.get("/films/{film_id:path}/why")
def why_page(request: Request, visit: VisitOf, film_id: FilmId) -> Response:
    """Where the film stands for the viewer, and what each of their ratings adds to its score."""
    answer = why(visit, film_id, int(time.time()))
    context = {
        "why": answer,
        "parts": answer.parts[:_PARTS],
        "rated": len(visit.history),
        "stars": Stars.of(visit.live.scale),
    }
    return render(request, "why.html", context)


@routes.get("/films/{film_id:path}")
def film(
    request: Request,
    visit: VisitOf,
    film_id: FilmId,
    request_id: Annotated[str, Query(alias="request", max_length=128)] = "",
    but: But = (),
) -> Response:
    """The facts, the viewer's rating, and similar films, also with critiques."""
    facts = film_facts(visit.live, film_id)
    page_film = facts.film
    context = {
        "film": page_film,
        "facts": facts,
        "credits": _credits(page_film),
        "rating": visit.ratings.get(film_id),
        "dismissed": film_id in visit.dismissed,
        "seen": film_id in visit.seen,
        "standing": standing(visit, film_id, int(time.time())),
        "imdb": _imdb(page_film),
        "similar": similar(visit.live, film_id, _SIMILAR, but),
        "but": formats.listed(CRITIQUES[each] for each in but) if but else "",
        "critiques": _critique_links(visit.live.recommender.catalog, page_film, but),
        "stars": Stars.of(visit.live.scale),
        "request_id": request_id,
        "numbering": visit.live.film_ids.numbering,
    }
    return render(request, "film.html", context)


def _credits(film: Film) -> list[tuple[str, tuple[str, ...]]]:
    known = [
        ("Directed by", film.directors),
        ("With", film.cast),
        ("Country" if len(film.countries) == 1 else "Countries", film.countries),
        ("Language" if len(film.languages) == 1 else "Languages", film.languages),
    ]
    return [(label, names) for label, names in known if names]


def _imdb(film: Film) -> tuple[float, int] | None:
    """Average and number of the votes on IMDb, if the catalogue has them."""
    return (film.mean, film.votes) if film.mean and film.votes else None


@dataclass(frozen=True)
class CritiqueLink:
    """One critique: its words, its address, and whether it is chosen."""

    label: str
    address: str
    chosen: bool


def _critique_links(catalog: Catalog, film: Film, chosen: Sequence[str]) -> list[CritiqueLink]:
    """Links for the critiques a film has the facts for."""
    knows_ages = any(age_of(each) >= 0 for each in catalog.certificates.coded[1])
    return [
        CritiqueLink(label, _address(film, kind, chosen), kind in chosen)
        for kind, label in CRITIQUES.items()
        if (knows_ages if kind == "kids" else kind not in NEEDS or getattr(film, NEEDS[kind]))
    ]


def _address(film: Film, kind: str, chosen: Sequence[str]) -> str:
    """The page with one more critique in place of its opposite, or with one less."""
    kinds = [each for each in chosen if each not in {kind, opposite(kind)}]
    kinds += [] if kind in chosen else [kind]
    query = urlencode([("but", each) for each in kinds])
    return f"{film_path(film.id)}{'?' if query else ''}{query}#similar"
