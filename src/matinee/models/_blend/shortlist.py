"""Films worth a second look: the first of every part's list, and what is known of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Catalog, Interactions
from matinee.models import Model
from matinee.models._blend.weights import weights_for
from matinee.models._shared.feedback import damped_means

__all__ = [
    "Shortlists",
    "WeightedScores",
    "film_facts",
    "seen_films",
    "shortlists",
    "standardised",
    "weighted_scores",
]

_DAMPING = 10.0
"""Ratings of the global mean that are added to those of every film."""


@dataclass(frozen=True, eq=False)
class Shortlists:
    """A few films of many viewers, ascending by viewer and film.

    Attributes:
        rows: `int64[n]`, the viewer.
        items: `int64[n]`, the film.
        features: `float32[n, n_features]`, finite. Of every part its score, the logarithm of the
            rank and how far the score is from the first; of the viewer the logarithm of how many
            films are known; of the film its facts; of both, how far two of the facts are from
            those of the history.
    """

    rows: NDArray[np.int64]
    items: NDArray[np.int64]
    features: NDArray[np.float32]

    def moved(self, by: int) -> Shortlists:
        """The same of viewers that stand so many rows further on."""
        return replace(self, rows=self.rows + by)

    @classmethod
    def together(cls, lists: Sequence[Shortlists]) -> Shortlists:
        """Those of several groups of viewers, one after the other."""
        columns = ([each.rows, each.items, each.features] for each in lists)
        return cls(*(np.concatenate(column) for column in zip(*columns, strict=True)))


@dataclass(frozen=True, eq=False)
class WeightedScores:
    """What several models say of all films to the same viewers.

    Attributes:
        parts: `float32[n, n_items]` each, `standardised`.
        seen: `bool[n, n_items]`, films of the history.
        weighted: `float32[n, n_items]`, the weighted sum of the parts.
    """

    parts: Sequence[NDArray[np.float32]]
    seen: NDArray[np.bool_]
    weighted: NDArray[np.float32]


def weighted_scores(
    models: Sequence[Model], arrays: Mapping[str, NDArray[Any]], histories: sp.csr_array
) -> WeightedScores:
    """Scores of fitted models and their sum with the weights of `learned_weights`."""
    seen = seen_films(histories)
    parts = [standardised(model.scores(histories), seen) for model in models]
    weights = weights_for(arrays, np.diff(histories.indptr))
    weighted = np.zeros(histories.shape, dtype=np.float32)
    for place, scores in enumerate(parts):
        weighted += weights[:, place, None] * scores
    return WeightedScores(parts, seen, weighted)


def film_facts(interactions: Interactions, catalog: Catalog) -> NDArray[np.float32]:
    """Logarithm of popularity, year and mean rating of every film, `float32[n_items, 3]`.

    A film without a year is given the median of the others.
    """
    means, counts = damped_means(interactions, _DAMPING)
    years = catalog.years.astype(np.float32)
    if (years > 0).any():
        years[years == 0] = np.median(years[years > 0])
    popularity = np.log1p(1e5 * counts / max(1, len(interactions)))
    return np.stack([popularity, years, means], axis=1).astype(np.float32)


def seen_films(histories: sp.csr_array) -> NDArray[np.bool_]:
    """Where a history has a film, `bool[n, n_items]`."""
    seen = np.zeros(histories.shape, dtype=np.bool_)
    rows = np.repeat(np.arange(histories.shape[0]), np.diff(histories.indptr))
    seen[rows, histories.indices] = True
    return seen


def standardised(scores: NDArray[np.float32], seen: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Scores less their mean, over their spread, both over the unseen films; the same shape.

    Where all unseen films score alike they are 0, but for rounding.
    """
    counts = np.maximum((~seen).sum(axis=1, keepdims=True), 1)
    unseen = np.where(seen, 0, scores).astype(np.float64)
    means = unseen.sum(axis=1, keepdims=True) / counts
    squares = (unseen**2).sum(axis=1, keepdims=True) / counts - means**2
    spread = np.sqrt(np.maximum(squares, 1e-9 * means**2 + 1e-24))
    centred: NDArray[np.float32] = ((scores - means) / spread).astype(np.float32)
    return centred


def shortlists(scores: WeightedScores, facts: NDArray[np.float32], length: int) -> Shortlists:
    """The first `length` unseen films of every part, together.

    Of films that share the last place of a part's list none is taken, so that a part that finds
    nothing in a history puts nothing forward.

    Args:
        scores: of the viewers.
        facts: `film_facts`.
        length: of each part's list.
    """
    parts, seen = scores.parts, scores.seen
    descending = [np.sort(np.where(seen, np.inf, -part), axis=1) for part in parts]
    chosen = np.zeros(seen.shape, dtype=np.bool_)
    for part, ordered in zip(parts, descending, strict=True):
        chosen |= -part < ordered[:, length, None] if length < seen.shape[1] else True
    rows, items = np.nonzero(chosen & ~seen)
    columns: list[NDArray[np.floating]] = []
    bounds = np.searchsorted(rows, np.arange(len(seen) + 1))
    for part, ordered in zip(parts, descending, strict=True):
        own = part[rows, items]
        ranks = np.empty(len(rows), dtype=np.float32)
        for row, line in enumerate(ordered):
            listed = slice(bounds[row], bounds[row + 1])
            ranks[listed] = np.searchsorted(line, -own[listed], side="right")
        columns += [own, np.log1p(ranks), -ordered[rows, 0] - own]
    lengths = seen.sum(axis=1)
    usual = seen.astype(np.float32) @ facts / np.maximum(lengths, 1)[:, None]
    columns += [np.log1p(lengths)[rows], *facts[items].T]
    columns += [facts[items, fact] - usual[rows, fact] for fact in (0, 1)]
    return Shortlists(rows, items, np.stack(columns, axis=1).astype(np.float32))
