"""What to watch tonight, and films like one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog, Constraints, Query, Ranking
from matinee.pipeline import critique
from matinee.pipeline.similar_films import rank_similar, similarities
from matinee.pipeline.why import Why
from matinee.pipeline.why import why as explain
from matinee.service.about import about
from matinee.service.answers import Answer, impression, require_n, viewer_query
from matinee.service.site import Live
from matinee.service.viewers import Visit

__all__ = ["popular", "recommend", "similar", "why"]


def recommend(
    visit: Visit,
    *,
    n: int = 10,
    now: int,
    constraints: Constraints | None = None,
    attributes: Sequence[str] = (),
    logged: bool = True,
) -> Answer:
    """The best films for a viewer; logged as one impression, which the answer does not wait for.

    Films that the viewer rated, dismissed or marked as seen are left out.

    Args:
        visit: the viewer; the prior answers an empty history.
        n: how many films at most, 1 to `MOST_FILMS`.
        now: Unix seconds.
        constraints: conditions every film must meet.
        attributes: facts about the viewer, "age=34"; used for this answer, not stored.
        logged: false if somebody else looks at this viewer's recommendations.

    Raises:
        InputError: `n` is out of bounds, this catalogue cannot decide a constraint, or the live
            model has not learned an attribute.
        NotLiveError: no model is live.
    """
    require_n(n)
    recommender = visit.live.recommender
    words = about(recommender.model, attributes)
    query = replace(viewer_query(visit, now), constraints=constraints, n=n, attributes=words)
    ranking = recommender.recommend(query)
    answer = Answer(uuid.uuid4().hex, ranking, len(query))
    if logged:
        visit.site._store.append_later(impression(answer, visit, now))
    return answer


def why(visit: Visit, film_id: str, now: int) -> Why:
    """Why a film stands where it stands for a viewer; not logged.

    Args:
        visit: the viewer.
        film_id: the film.
        now: Unix seconds.

    Raises:
        UnknownNameError: the catalogue has no such film.
        NotLiveError: no model is live.
    """
    recommender = visit.live.recommender
    return explain(recommender, viewer_query(visit, now), recommender.catalog.item_ids.row(film_id))


def popular(visit: Visit, n: int = 10, exclude: Iterable[str] = ()) -> Ranking:
    """The films recommended to a new viewer, without some; not logged. See `recommend`."""
    require_n(n)
    recommender = visit.live.recommender
    return recommender.recommend(Query(n=n, exclude=_rows(recommender.catalog, exclude)))


def similar(live: Live, film_id: str, n: int = 10, but: Sequence[str] = ()) -> Ranking:
    """The films most similar to one; not logged.

    Args:
        live: the live model.
        film_id: the film.
        n: how many films at most, 1 to `MOST_FILMS`.
        but: critiques they must meet, see `pipeline.critique` ("shorter").

    Raises:
        UnknownNameError: the catalogue has no such film.
        InputError: a critique is unknown or cannot be made of this film, or `n` is out of bounds.
    """
    require_n(n)
    recommender = live.recommender
    row = recommender.catalog.item_ids.row(film_id)
    if but:
        return critique(row, but, recommender, n)
    return rank_similar(recommender, row, similarities(recommender, row), n)


def _rows(catalog: Catalog, film_ids: Iterable[str]) -> NDArray[np.int32]:
    return catalog.item_ids.rows(each for each in film_ids if each in catalog.item_ids)
