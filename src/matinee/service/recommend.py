"""What to watch tonight."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog, Constraints, Query, Ranking
from matinee.errors import InputError
from matinee.pipeline import critique
from matinee.service.about import about
from matinee.service.site import Site
from matinee.store import Event, HistoryRows

__all__ = ["MOST_FILMS", "Answer", "popular", "recommend", "similar"]

MOST_FILMS = 200
"""Of one answer, so that its impression stays small."""


@dataclass(frozen=True)
class Answer:
    """A ranking that was shown, by the name later events refer to it with.

    Attributes:
        request_id: 32 hexadecimal digits; what the viewer does next carries it.
        ranking: the films.
        history_size: how many rated films it rests on.
    """

    request_id: str
    ranking: Ranking
    history_size: int


def recommend(
    site: Site,
    viewer: str,
    *,
    n: int = 10,
    now: int,
    constraints: Constraints | None = None,
    told: Sequence[str] = (),
    logged: bool = True,
) -> Answer:
    """The best films for a viewer, whose history is read afresh; logged as one impression.

    Films that were rated or dismissed are left out; rated films the live catalogue does not
    know are passed over.

    Args:
        site: the installation.
        viewer: any id; a stranger is answered by the prior.
        n: how many films at most, 1 to 200.
        now: Unix seconds.
        constraints: what every film must meet.
        told: what the viewer says of themselves, "age=34"; it is not kept.
        logged: false where somebody else looks at what the viewer would be shown.

    Raises:
        InputError: `n` is out of bounds, a constraint cannot be decided by this catalogue, or what
            is told is nothing that the live model has learned of.
        NotLiveError: no recommender is live.
    """
    _check_n(n)
    recommender = site.recommender()
    attributes = about(recommender.model, told)
    query = _query(
        recommender.catalog,
        site.store.history(viewer),
        site.store.dismissed(viewer),
        n=n,
        now=now,
        constraints=constraints,
    )
    query = replace(query, attributes=attributes)
    ranking = recommender.recommend(query)
    request_id = uuid.uuid4().hex
    if not logged:
        return Answer(request_id, ranking, len(query))
    shown = ranking.catalog.item_ids.ids[ranking.items].tolist()
    impression = Event(
        id=request_id,
        viewer=viewer,
        type="impression",
        time=now,
        request_id=request_id,
        data={"items": shown, "model": ranking.model, "version": ranking.version},
    )
    site.store.append([impression])
    return Answer(request_id, ranking, len(query))


def popular(site: Site, n: int = 10) -> Ranking:
    """What a stranger is shown; not logged.

    Raises:
        InputError: `n` is out of bounds.
        NotLiveError: no recommender is live.
    """
    _check_n(n)
    return site.recommender().recommend(Query(n=n))


def similar(site: Site, film_id: str, n: int = 10, but: Sequence[str] = ()) -> Ranking:
    """The films most like one; not logged.

    Args:
        site: the installation.
        film_id: the film.
        n: how many films at most, 1 to 200.
        but: what they must be more than the film, as `pipeline.critique` has it ("shorter").

    Raises:
        UnknownNameError: the live catalogue has no such film.
        InputError: the live model does not compare films, a critique is none or cannot be made of
            this film, or `n` is out of bounds.
    """
    _check_n(n)
    recommender = site.recommender()
    row = recommender.catalog.item_ids.row(film_id)
    if but:
        return critique(row, but, recommender.catalog, recommender, n)
    return recommender.similar(row, n)


def _query(
    catalog: Catalog,
    history: HistoryRows,
    dismissed: Iterable[str],
    *,
    n: int,
    now: int,
    constraints: Constraints | None,
) -> Query:
    known = np.array([each in catalog.item_ids for each in history.items], dtype=np.bool_)
    return Query(
        items=_rows(catalog, history.items),
        values=np.array(history.values, dtype=np.float32)[known],
        times=np.array(history.times, dtype=np.int64)[known],
        exclude=_rows(catalog, dismissed),
        constraints=constraints,
        n=n,
        now=now,
    )


def _rows(catalog: Catalog, film_ids: Iterable[str]) -> NDArray[np.int32]:
    return catalog.item_ids.rows(each for each in film_ids if each in catalog.item_ids)


def _check_n(n: int) -> None:
    if not 1 <= n <= MOST_FILMS:
        raise InputError(f"the number of films must be between 1 and {MOST_FILMS}, not {n}")
