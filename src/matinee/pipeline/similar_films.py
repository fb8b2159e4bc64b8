"""Films by their similarity to one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matinee.data import Film, Ranking, Reason, ReasonFilm
from matinee.pipeline.best import best
from matinee.pipeline.facts import shared_facts
from matinee.pipeline.fitted_model import FittedModel

__all__ = ["rank_similar", "similarities"]


def similarities(fitted: FittedModel, item: int) -> NDArray[np.float32]:
    """`float32[n_items]`: the similarity to one film of its nearest films, minus infinity else."""
    rows, values = fitted.similar_films.nearest(item)
    scores = np.full(len(fitted.catalog), -np.inf, dtype=np.float32)
    scores[rows] = values
    return scores


def rank_similar(
    fitted: FittedModel,
    item: int,
    scores: NDArray[np.float32],
    n: int,
    facts: Callable[[Film], tuple[str, ...]] = lambda _: (),
) -> Ranking:
    """Other films by their similarity to the one in row `item`, with `facts` in the reasons.

    `scores`, `float32[n_items]`, are overwritten.
    """
    catalog, copies = fitted.catalog, fitted.copies
    scores[item] = -np.inf
    if copies:
        scores[copies.of(np.array([item]))] = -np.inf
        scores[copies.worse(scores)] = -np.inf
    items = best(scores, n)
    source = catalog.film(item)
    compared = (ReasonFilm(source.id, source.label),)
    together = fitted.similar_films.watched_together(item, items)
    films = zip(catalog.films(items), together.tolist(), strict=True)
    return Ranking(
        items=items,
        scores=scores[items],
        reasons=tuple(
            Reason("similar", compared, facts(film), _ground(source, film, watched))
            for film, watched in films
        ),
        catalog=catalog,
        model=fitted.model.name,
        version=fitted.version,
    )


def _ground(source: Film, film: Film, watched_together: bool) -> tuple[str, ...]:  # noqa: FBT001
    """What two similar films have in common; where no fact says it, their audience or plot."""
    last = "watched by the same people" if watched_together else "a similar story"
    return shared_facts(source, film) or (last,)
