"""From scores to a list: the films to show, and the ranking that says why and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matinee.data import Query, Ranking, Reason
from matinee.data.constraints.conditions import lacking
from matinee.data.constraints.relaxation import offers
from matinee.pipeline.best import best
from matinee.pipeline.candidates import Candidates
from matinee.pipeline.diversity import diversify
from matinee.pipeline.expected import expected
from matinee.pipeline.facts import facts_that_meet
from matinee.pipeline.fitted_model import FittedModel

__all__ = ["choose", "ranking_of"]


def choose(
    fitted: FittedModel, films: Candidates, scores: NDArray[np.floating], query: Query
) -> NDArray[np.int32]:
    """Rows of the films to list, best first, from `scores: [n_items]`."""
    within = films.within(query.n)
    possible = np.where(within, scores, -np.inf)
    if films.first is None or within is films.first:
        return _best(fitted, possible, query)
    parts = (np.where(each, possible, -np.inf) for each in (films.first, ~films.first))
    return np.concatenate([_best(fitted, each, query) for each in parts])[: query.n]


def _best(fitted: FittedModel, scores: NDArray[np.floating], query: Query) -> NDArray[np.int32]:
    if query.diverse:
        return diversify(scores, query.n, query.diverse, fitted.facts)
    return best(scores, query.n)


def ranking_of(
    fitted: FittedModel,
    films: Candidates,
    items: NDArray[np.int32],
    scores: NDArray[np.floating],
    query: Query,
    reasons: Sequence[Reason],
) -> Ranking:
    """The ranking of `items` with what they meet, and what to change if they are too few."""
    constraints, too_few = films.constraints, len(items) < query.n
    if constraints:
        reasons = [
            replace(reason, facts=facts_that_meet(constraints, fitted.catalog.film(item)))
            for reason, item in zip(reasons, items.tolist(), strict=True)
        ]
    return Ranking(
        items=items,
        scores=scores[items].astype(np.float32),
        reasons=tuple(reasons),
        catalog=fitted.catalog,
        model=fitted.model.name,
        version=fitted.version,
        relaxations=offers(constraints, films.rules, films.unseen, query.n) if too_few else (),
        lacking=lacking(films.rules, films.unseen),
        expected=expected(fitted.model, query, items),
    )
