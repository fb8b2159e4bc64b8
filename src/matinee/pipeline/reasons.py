"""Why a film is recommended: the model's own sums, never a story made up afterwards."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog, Film, Histories, Query, Reason, ReasonFilm
from matinee.data.reason import Opinion, opinion_of
from matinee.models import Model

__all__ = ["explain_each", "own_rating", "parts_of_scores"]

_MOST_FILMS = 3
_SMALLEST_SHARE = 0.15
"""Films of the history with a smaller part of the score are not named."""

Scale = tuple[float, float] | None


def explain_each(
    model: Model, catalog: Catalog, query: Query, items: NDArray[np.integer], scale: Scale = None
) -> list[Reason]:
    """The films of the history that add most to each film's score, with their shares of it.

    Models whose score is not a sum over the history name no films. The scale is that of the ratings
    in the history. Films have their rating as the viewer gave it, see `Query.own`.
    """
    used = tuple(each.replace("=", " ") for each in query.attributes if each in model.attributes)
    if len(query) == 0:
        return [Reason("popular", attributes=used)] * len(items)
    watched = model.counts and not len(query.own)
    contributions = parts_of_scores(model, query, items)
    if contributions is None:
        reason = Reason("model", attributes=used, history_size=len(query), watched=watched)
        return [reason] * len(items)
    opinion = partial(_opinion, scale=scale, watched=watched)
    return [_reason(catalog, query, parts, opinion) for parts in contributions]


def parts_of_scores(
    model: Model, query: Query, items: NDArray[np.integer]
) -> NDArray[np.float32] | None:
    """What each film of a history adds to the scores of some, `float32[len(items), h + d]`.

    In the order of the history, and of the dismissed films behind it. `None` for models whose
    scores are no such sums.
    """
    if type(model).contributions is Model.contributions:
        return None
    contributions = model.contributions(Histories.of(query, model.n_items), items)
    if contributions is None:
        raise TypeError(f"model {model.name!r} has contributions for some histories only")
    order = np.argsort(np.concatenate([query.items, query.dismissed]), kind="stable")
    return contributions[:, np.argsort(order)]  # from storage order to history order


def own_rating(query: Query, place: int) -> float:
    """One rating of a history as the viewer gave it."""
    # The shortest decimals of single precision: 4.6, not 4.599999904632568.
    return float(str((query.own if len(query.own) else query.values)[place]))


def _opinion(rating: np.float32, *, scale: Scale, watched: bool) -> Opinion:
    return "watched" if watched else opinion_of(float(rating), scale)


def _reason(
    catalog: Catalog,
    query: Query,
    parts: NDArray[np.float32],
    opinion: Callable[[np.float32], Opinion],
) -> Reason:
    """Names the largest `parts` of a score, `float32[h + d]`; all 0 if the prior answered."""
    if not parts.any():
        return Reason("untouched")
    total = float(parts.sum())
    order = np.argsort(-parts[: len(query)], kind="stable")[:_MOST_FILMS]
    rows = [row for row in order.tolist() if total > 0 and parts[row] / total >= _SMALLEST_SHARE]
    if not rows and len(order) and parts[order[0]] > 0:
        rows = order[:1].tolist()
    if not rows:
        return Reason("untouched")
    films = []
    for row in rows:
        item, rating = int(query.items[row]), own_rating(query, row)
        # Only what the label needs: reading a whole film is most of the time of an answer.
        year = int(catalog.years[item]) or None
        film = Film(id=str(catalog.item_ids.ids[item]), title=catalog.titles[item], year=year)
        share, words = float(parts[row]) / total if total else 0.0, opinion(query.values[row])
        films.append(ReasonFilm(film.id, film.label, rating, words, share))
    return Reason("history", tuple(films), history_size=len(query))
