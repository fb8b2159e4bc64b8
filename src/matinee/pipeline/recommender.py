"""The recommender: a fitted model with its films, which answers viewers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.features import genre_matrix, genre_overlap
from matinee.data import Catalog, Constraints, Film, Query, Ranking, Reason, ReasonFilm
from matinee.data.checks import require_within, whole_number
from matinee.data.constraints.conditions import allowed, conditions, lacking
from matinee.data.constraints.relaxation import offers
from matinee.errors import InputError
from matinee.models import Model
from matinee.pipeline.copies import Copies
from matinee.pipeline.expected import expected
from matinee.pipeline.facts import facts_that_meet, shared_facts
from matinee.pipeline.reasons import explain_each

__all__ = ["Recommender"]

_GENRE_WEIGHT = 2.0
"""Sharing all genres triples a similarity; sharing none leaves it."""


@dataclass(frozen=True, eq=False)
class Recommender:
    """Scores films, leaves out those the viewer has seen, ranks and explains the rest.

    A film that the catalogue lists under several ids (see `Catalog.first_rows`) is seen under each
    of them, and stands once in a list.

    Attributes:
        model: fitted over the films of `catalog`, row for row.
        catalog: the films.
        version: which fit this is: the artefact's content hash, or "unsaved".
        scale: lowest and highest rating of its data; `None` if unknown.
    """

    model: Model
    catalog: Catalog
    version: str = "unsaved"
    scale: tuple[float, float] | None = None

    def recommend(self, query: Query) -> Ranking:
        """The best films outside the history that meet the constraints.

        Raises:
            InputError: `query.n` is not positive, the query names a film that the model does not
                have, or this catalogue cannot decide a constraint.
        """
        scores = self.model.score(query).astype(np.float32, copy=True)
        scores[query.items] = -np.inf
        require_within(query.exclude, len(scores), "exclude")
        scores[query.exclude] = -np.inf
        constraints = query.constraints or Constraints()
        rules = conditions(constraints.terms, self.catalog)
        meets = allowed(rules, len(self.catalog))
        if self.copies:
            scores[self.copies.of(np.concatenate([query.items, query.exclude]))] = -np.inf
            scores[self.copies.worse(scores, meets)] = -np.inf
        before = scores > -np.inf
        scores[~meets] = -np.inf
        items = best(scores, query.n)
        return Ranking(
            items=items,
            scores=scores[items],
            reasons=self._reasons(query, constraints, items),
            catalog=self.catalog,
            model=self.model.name,
            version=self.version,
            relaxations=offers(constraints, rules, before, query.n) if len(items) < query.n else (),
            lacking=lacking(rules, before),
            expected=expected(self.model, query, items),
        )

    def similarities(self, item: int) -> NDArray[np.float32]:
        """`float32[n_items]`: the similarity of every film to one, itself included.

        If the model learns from ratings alone, shared genres raise similarities: films that the
        same people like are not always films a person calls similar.

        Raises:
            InputError: the model computes no similarities.
        """
        scores: NDArray[np.float32] = self.model.similar(np.array([item]))[0]
        if not self.model.reads_catalog:
            overlap = genre_overlap(self._genres, item)
            scores = np.where(scores > 0, scores * (1 + _GENRE_WEIGHT * overlap), scores)
        return scores

    def similar(self, item: int, n: int = 10) -> Ranking:
        """The `n` films most similar to the one in row `item`, without itself.

        "Like this, but shorter" is `pipeline.critique`.

        Raises:
            InputError: `n` is not positive, or the model computes no similarities.
        """
        return self.rank_similar(item, self.similarities(item), n)

    def rank_similar(
        self,
        item: int,
        scores: NDArray[np.float32],
        n: int,
        facts: Callable[[Film], tuple[str, ...]] = lambda _: (),
    ) -> Ranking:
        """Other films by their similarity to the one in row `item`, with `facts` in the reasons.

        `scores`, `float32[n_items]`, are overwritten.
        """
        scores[item] = -np.inf
        if self.copies:
            scores[self.copies.of(np.array([item]))] = -np.inf
            scores[self.copies.worse(scores)] = -np.inf
        items = best(scores, n)
        source = self.catalog.film(item)
        compared = (ReasonFilm(source.id, source.label),)
        films = [self.catalog.film(row) for row in items.tolist()]
        return Ranking(
            items=items,
            scores=scores[items],
            reasons=tuple(
                Reason("similar", compared, facts(film), shared_facts(source, film))
                for film in films
            ),
            catalog=self.catalog,
            model=self.model.name,
            version=self.version,
        )

    @cached_property
    def copies(self) -> Copies:
        """The films that the catalogue lists under several ids."""
        return Copies(self.catalog)

    def _reasons(
        self, query: Query, constraints: Constraints, items: NDArray[np.integer]
    ) -> tuple[Reason, ...]:
        reasons = explain_each(self.model, self.catalog, query, items, self.scale)
        if not constraints:
            return tuple(reasons)
        return tuple(
            replace(reason, facts=facts_that_meet(constraints, self.catalog.film(item)))
            for reason, item in zip(reasons, items.tolist(), strict=True)
        )

    @cached_property
    def _genres(self) -> sp.csr_array:
        return genre_matrix(self.catalog.genres)


def best(scores: NDArray[np.float32], n: int) -> NDArray[np.int32]:
    """Rows of the `n` highest scores, best first, ties by row, without those of minus infinity.

    Raises:
        InputError: `n` is not positive.
    """
    n = min(require_positive(n), int(np.count_nonzero(scores > -np.inf)))
    if n == 0:
        return np.empty(0, dtype=np.int32)
    threshold = np.partition(scores, len(scores) - n)[len(scores) - n]
    candidates = np.flatnonzero(scores >= threshold)
    order = np.argsort(-scores[candidates], kind="stable")
    return candidates[order[:n]].astype(np.int32)


def require_positive(n: int) -> int:
    """Checks a number of films, of any integer type.

    Raises:
        InputError: it is no whole number, or not positive.
    """
    n = whole_number(n, "the number of films")
    if n < 1:
        raise InputError(f"the number of films must be at least 1, not {n}")
    return n
