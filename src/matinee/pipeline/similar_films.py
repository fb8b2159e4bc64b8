"""Films by their similarity to one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matinee.content.features import genre_overlap
from matinee.data import Film, Ranking, Reason, ReasonFilm
from matinee.pipeline.best import best
from matinee.pipeline.facts import shared_facts
from matinee.pipeline.fitted_model import FittedModel

__all__ = ["rank_similar", "similarities"]

_GENRE_WEIGHT = 2.0
"""Sharing all genres triples a similarity; sharing none leaves it."""


def similarities(fitted: FittedModel, item: int) -> NDArray[np.float32]:
    """`float32[n_items]`: the similarity of every film to one, itself included.

    If the model learns from ratings alone, shared genres raise similarities: films that the same
    people like are not always films a person calls similar.

    Raises:
        InputError: the model computes no similarities.
    """
    model = fitted.model
    scores: NDArray[np.float32] = model.similar(np.array([item]))[0]
    if not model.reads_catalog:
        overlap = genre_overlap(fitted.genres, item)
        scores = np.where(scores > 0, scores * (1 + _GENRE_WEIGHT * overlap), scores)
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
    films = [catalog.film(row) for row in items.tolist()]
    return Ranking(
        items=items,
        scores=scores[items],
        reasons=tuple(
            Reason("similar", compared, facts(film), shared_facts(source, film)) for film in films
        ),
        catalog=catalog,
        model=fitted.model.name,
        version=fitted.version,
    )
