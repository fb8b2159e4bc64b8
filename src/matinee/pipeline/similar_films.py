"""Films by their similarity to one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matinee.content.plots import plot_sentences
from matinee.content.similarity import FilmSimilarity
from matinee.data import Film, Ranking, Reason, ReasonFilm
from matinee.pipeline.best import best
from matinee.pipeline.facts import shared_facts
from matinee.pipeline.fitted_model import FittedModel
from matinee.pipeline.viewers import require_data

__all__ = ["rank_similar", "similarities", "with_sentences"]

Fitted = TypeVar("Fitted", bound=FittedModel)


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


def with_sentences(fitted: Fitted, encoder: Path) -> Fitted:
    """The same with films that are also compared by sentence embeddings of their plots.

    Args:
        fitted: with its data.
        encoder: folder of a sentence encoder, see `plot_sentences`.

    Raises:
        InputError: there is no data set, or the extra `text` is not installed.
        DataError: the folder does not contain a supported encoder.
    """
    ratings, catalog = require_data(fitted.data).interactions, fitted.catalog
    sentences = plot_sentences(catalog, encoder)
    return replace(fitted, similarity=FilmSimilarity.fit(ratings.latest(), catalog, sentences))


def _ground(source: Film, film: Film, watched_together: bool) -> tuple[str, ...]:  # noqa: FBT001
    """What two similar films have in common; where no fact says it, their audience or plot."""
    last = "watched by the same people" if watched_together else "a similar story"
    return shared_facts(source, film) or (last,)
