"""Answers with films: what they rest on, how many films they have, and their impressions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matinee.data import Query, Ranking
from matinee.errors import InputError
from matinee.service.viewers import Visit
from matinee.store import Event

__all__ = ["MOST_FILMS", "Answer", "impression", "require_n", "viewer_query"]

MOST_FILMS = 100
"""Films of one answer, so that its impression stays small."""


@dataclass(frozen=True)
class Answer:
    """A ranking, the id by which later events refer to it, and how many ratings it rests on."""

    request_id: str
    ranking: Ranking
    history_size: int


def require_n(n: int) -> None:
    """Refuses a number of films outside 1 to `MOST_FILMS`.

    Raises:
        InputError: it is out of bounds.
    """
    if not 1 <= n <= MOST_FILMS:
        raise InputError(f"the number of films must be between 1 and {MOST_FILMS}, not {n}")


def viewer_query(visit: Visit, now: int) -> Query:
    """The viewer's ratings and dismissals, and what else they have seen."""
    live, history = visit.live, visit.history
    ids = live.recommender.catalog.item_ids
    return Query(
        items=ids.rows(history.items),
        values=np.array(history.values, dtype=np.float32),
        times=np.array(history.times, dtype=np.int64),
        exclude=ids.rows(visit.seen),
        dismissed=ids.rows(visit.dismissed),
        now=now,
        scale=(0.0, np.inf) if live.recommender.model.counts else live.scale,
    )


def impression(answer: Answer, visit: Visit, now: int, row: str = "") -> Event:
    """The event that an answer was shown; `row` is the key of its row, if it is one."""
    ranking = answer.ranking
    return Event(
        id=answer.request_id,
        viewer=visit.viewer,
        type="impression",
        time=now,
        request_id=answer.request_id,
        data={
            "items": ranking.catalog.item_ids.ids[ranking.items].tolist(),
            "model": ranking.model,
            "version": ranking.version,
            **({"row": row} if row else {}),
        },
        numbering=visit.live.film_ids.numbering,
    )
