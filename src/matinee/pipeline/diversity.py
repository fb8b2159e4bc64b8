"""Varied lists: a determinantal point process (Chen, Zhang and Zhou, "Fast Greedy MAP Inference for
Determinantal Point Process to Improve Recommendation Diversity", NeurIPS 2018).

Each next film has the highest (1 - d) score + d log variance. Here d is `Query.diverse`, scores of
the candidates are scaled from 0, the lowest, to 1, the highest, and the variance is the part of a
film that the films before it do not explain: 1 for one unlike them all, 0 for a copy. Candidates
are the ten best films per film of the list, at most 2,000.

The similarity of two films is the weighted mean of the cosines of their genres, people, keywords
and decade, over the fields that are known of both (`WEIGHTS`). So it is the same for every model,
and it is what a person sees in the list. Two films without such a field count as equal: what is
unknown adds no variety.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.features import encode
from matinee.data import Catalog
from matinee.errors import InputError
from matinee.pipeline.best import best, require_positive

__all__ = ["CANDIDATES", "WEIGHTS", "FilmFields", "diversify"]

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"genres": 4.0, "people": 2.0, "keywords": 1.0, "decade": 1.0}
)
"""Weight of the cosine of each field."""

CANDIDATES = 10
"""Films to choose from per film of the list, as long as they are not more than `_MOST`."""
_MOST = 2000
"""Films of a list, and films to choose from: all pairs are compared."""
_LEAST_VARIANCE = 1e-6
"""Below it lies rounding; films with less are ordered by their scores."""


@dataclass(frozen=True, eq=False)
class FilmFields:
    """What films are compared by.

    Attributes:
        rows: sparse `float32[n_items, n_facts]`; the squared length of each known field is its
            weight.
        known: `float32[n_items, n_fields]`, the root of the weight of each known field, else 0.
    """

    rows: sp.csr_array
    known: NDArray[np.float32]

    @classmethod
    def of(cls, catalog: Catalog) -> Self:
        """The facts of all films."""
        blocks, known = [], []
        for field, weight in WEIGHTS.items():
            block = encode(catalog, (field,))
            counts = np.diff(block.indptr)
            block.data = np.repeat(np.sqrt(weight / np.maximum(counts, 1)), counts)
            blocks.append(block)
            known.append(np.sqrt(weight) * (counts > 0))
        rows = sp.csr_array(sp.hstack(blocks, format="csr", dtype=np.float32))
        return cls(rows, np.stack(known, axis=1).astype(np.float32))

    def similarities(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        """Similarity of each pair of `items: int[m]`, `float32[m, m]`, from 0 to 1."""
        rows, known = self.rows[items], self.known[items]
        weights = known @ known.T
        similar = np.ones_like(weights)
        np.divide((rows @ rows.T).toarray(), weights, out=similar, where=weights > 0)
        return similar


def diversify(
    scores: NDArray[np.floating], n: int, diverse: float, facts: FilmFields
) -> NDArray[np.int32]:
    """Rows of `n` films, good ones that differ from each other.

    Args:
        scores: `[n_items]`, minus infinity for films that must not be listed.
        n: how many films at most.
        diverse: from 0, the films of `best`, to 1, the most varied of the candidates.
        facts: of all films.

    Raises:
        InputError: `n` is not positive, or more than 2,000.
    """
    n = min(require_positive(n), int(np.count_nonzero(scores > -np.inf)))
    if n > _MOST:
        raise InputError(f"a varied list has at most {_MOST:,} films, not {n:,}")
    candidates = best(scores, min(max(1, n) * CANDIDATES, _MOST))
    relevance = (1 - diverse) * _unit_scale(scores[candidates].astype(np.float64))
    similar = facts.similarities(candidates).astype(np.float64)
    factor = np.zeros((n, len(candidates)))  # rows of the Cholesky factor of the chosen films
    variance = np.ones(len(candidates))
    places: list[int] = []
    for step in range(n):
        gain = relevance + diverse * np.log(np.maximum(variance, _LEAST_VARIANCE))
        gain[places] = -np.inf
        place = int(np.argmax(gain))
        places.append(place)
        if variance[place] > _LEAST_VARIANCE:
            explained = factor[:step].T @ factor[:step, place]
            factor[step] = (similar[place] - explained) / np.sqrt(variance[place])
            variance -= factor[step] ** 2
    return candidates[places]


def _unit_scale(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores from 0, the lowest, to 1; all 0 if they are equal."""
    low = scores.min(initial=np.inf)
    span = scores.max(initial=-np.inf) - low
    return (scores - low) / span if span > 0 else np.zeros_like(scores)
