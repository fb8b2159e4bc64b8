"""A fitted model with its films: what answers a viewer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.genres import genre_matrix, genre_overlap
from matinee.data import Catalog, Constraints, Film, Query, Ranking, Reason
from matinee.data.constraints.conditions import allowed, conditions, lacking
from matinee.data.constraints.relaxation import offers
from matinee.errors import InputError
from matinee.models import Model
from matinee.pipeline.asked import as_asked
from matinee.pipeline.expected import expected
from matinee.pipeline.reasons import explain_each

__all__ = ["Recommender"]

_GENRE_WEIGHT = 2.0
"""Films of the same genres count three times as alike as films that share none."""


@dataclass(frozen=True, eq=False)
class Recommender:
    """Score, leave out what was seen, rank, explain.

    Attributes:
        model: fitted over the films of `catalog`, row for row.
        catalog: the films.
        version: which fit this is: the artefact's content hash, or "unsaved".
    """

    model: Model
    catalog: Catalog
    version: str = "unsaved"

    def recommend(self, query: Query) -> Ranking:
        """The best films that are not in the history and that the constraints allow.

        Raises:
            InputError: `query.n` is not positive, or a constraint cannot be decided here.
        """
        _require_positive(query.n)
        scores = self.model.score(query).astype(np.float32, copy=True)
        scores[query.items] = -np.inf
        scores[query.exclude] = -np.inf
        constraints = query.constraints or Constraints()
        held = conditions(constraints.terms, self.catalog)
        before = scores > -np.inf
        scores[~allowed(held, len(self.catalog))] = -np.inf
        items = best(scores, query.n)
        return Ranking(
            items=items,
            scores=scores[items],
            reasons=self._reasons(query, constraints, items),
            catalog=self.catalog,
            model=self.model.name,
            version=self.version,
            relaxations=offers(constraints, held, before, query.n) if len(items) < query.n else (),
            lacking=lacking(held, before),
            expected=expected(self.model, query, items),
        )

    def likeness(self, item: int) -> NDArray[np.float32]:
        """`float32[n_items]`: how much like one film every film is, that film itself included.

        Where the model knows ratings alone, shared genres count too: what is liked by the same
        people is not yet what a person calls similar.

        Raises:
            InputError: the model has no notion of likeness.
        """
        scores: NDArray[np.float32] = self.model.similar(np.array([item]))[0]
        if not self.model.reads_catalog:
            overlap = genre_overlap(self._genres, item)
            scores = np.where(scores > 0, scores * (1 + _GENRE_WEIGHT * overlap), scores)
        return scores

    def similar(self, item: int, n: int = 10) -> Ranking:
        """The `n` films most like the one in a row of the catalogue, itself left out.

        "Like this, but shorter" is `pipeline.critique`.

        Raises:
            InputError: `n` is not positive, or the model has no notion of likeness.
        """
        _require_positive(n)
        scores = self.likeness(item)
        scores[item] = -np.inf
        items = best(scores, n)
        source = self.catalog.film(item)
        return Ranking(
            items=items,
            scores=scores[items],
            reasons=tuple(
                Reason(shared(source, self.catalog.film(int(row))), (source.id,)) for row in items
            ),
            catalog=self.catalog,
            model=self.model.name,
            version=self.version,
        )

    def _reasons(
        self, query: Query, constraints: Constraints, items: NDArray[np.integer]
    ) -> tuple[Reason, ...]:
        reasons = explain_each(self.model, self.catalog, query, items)
        if not constraints:
            return tuple(reasons)
        said = []
        for reason, item in zip(reasons, items.tolist(), strict=True):
            asked = as_asked(constraints, self.catalog.film(item))
            said.append(replace(reason, text=f"{asked}; {reason.text}") if asked else reason)
        return tuple(said)

    @cached_property
    def _genres(self) -> sp.csr_array:
        return genre_matrix(self.catalog.genres)


def best(scores: NDArray[np.float32], n: int) -> NDArray[np.int32]:
    """Rows of the `n` highest scores, best first; minus infinity never, equals by row."""
    n = min(n, int(np.count_nonzero(scores > -np.inf)))
    if n == 0:
        return np.empty(0, dtype=np.int32)
    threshold = np.partition(scores, len(scores) - n)[len(scores) - n]
    candidates = np.flatnonzero(scores >= threshold)
    order = np.argsort(-scores[candidates], kind="stable")
    return candidates[order[:n]].astype(np.int32)


def shared(one: Film, other: Film) -> str:
    """What two films visibly have in common, as a sentence part; "" where nothing."""
    people = [
        each for each in (*one.directors, *one.cast) if each in (*other.directors, *other.cast)
    ]
    parts = [
        ", ".join(each for each in one.genres if each in other.genres),
        " and ".join(dict.fromkeys(people[:2])),
        ", ".join([each for each in one.keywords if each in other.keywords][:3]),
    ]
    return "; ".join(part for part in parts if part)


def _require_positive(n: int) -> None:
    if n < 1:
        raise InputError(f"the number of films must be at least 1, not {n}")
