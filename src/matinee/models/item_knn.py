"""Films whose viewers are the same."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Catalog, Interactions, Query
from matinee.models import Config, Model, search
from matinee.models._feedback import (
    damped_popularity,
    liked,
    liked_histories,
    likes,
    or_prior,
)

__all__ = ["ItemKnn", "ItemKnnConfig"]

_BLOCK = 2**24
"""Numbers of the likeness matrix held at a time while neighbours are chosen."""


class ItemKnnConfig(Config):
    """Options of `ItemKnn`."""

    neighbours: PositiveInt = Field(200, json_schema_extra=search(50, 200))
    """How many films are kept for each film, the most alike."""
    shrinkage: NonNegativeFloat = Field(10.0, json_schema_extra=search(0, 10, 30))
    """Added to the denominator of the cosine: distrusts films that few viewers share."""
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class ItemKnn(Model):
    """Item-item nearest neighbours by shrunk cosine over likes (Sarwar et al. 2001).

    "Item-based collaborative filtering recommendation algorithms", WWW 2001. A film's score is the
    sum of its likeness to those films of the history that are among its own nearest.
    """

    Config: ClassVar[type[Config]] = ItemKnnConfig

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        matrix = likes(interactions, self.config.min_rating)
        nearest, likeness = _nearest(matrix, self.config.neighbours, self.config.shrinkage)
        self.arrays["nearest"] = nearest
        self.arrays["likeness"] = likeness
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        history = np.zeros(len(self.arrays["prior"]), dtype=np.float32)
        history[query.items[liked(query, self.config.min_rating)]] = 1
        return or_prior(self._graph() @ history, self.arrays["prior"])

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        kept = liked_histories(histories, self.config.min_rating)
        return or_prior((kept @ self._graph().T).toarray(), self.arrays["prior"])

    def similar(self, item: int) -> NDArray[np.float32]:
        scores = np.zeros_like(self.arrays["prior"])
        scores[self.arrays["nearest"][item]] = self.arrays["likeness"][item]
        scores[item] = 1
        return scores

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        likeness = self.similar(item)
        likeness[item] = 0
        parts = likeness[query.items]
        parts = np.where(liked(query, self.config.min_rating), parts, np.float32(0))
        return parts if parts.any() else None

    def _graph(self) -> sp.csr_array:
        n_items, neighbours = self.arrays["nearest"].shape
        starts = np.arange(0, n_items * neighbours + 1, neighbours, dtype=np.int32)
        edges = (self.arrays["likeness"].ravel(), self.arrays["nearest"].ravel(), starts)
        return sp.csr_array(edges, shape=(n_items, n_items))


def _nearest(
    matrix: sp.csr_array, neighbours: int, shrinkage: float
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The films most alike to each and how much, `int32[n_items, k]` and `float32[n_items, k]`.

    Most alike first, equals by row; where there are fewer than `k`, the likeness is 0.
    """
    from matinee.kernels.cooccurrence import count_common  # noqa: PLC0415  brings numba

    n_items = matrix.shape[1]
    neighbours = max(1, min(neighbours, n_items - 1))
    by_item = matrix.T.tocsr()
    norms = np.sqrt(np.diff(by_item.indptr)).astype(np.float32)
    nearest = np.empty((n_items, neighbours), dtype=np.int32)
    likeness = np.empty((n_items, neighbours), dtype=np.float32)
    rows = max(1, _BLOCK // n_items)
    for start in range(0, n_items, rows):
        stop = min(start + rows, n_items)
        block = np.empty((stop - start, n_items), dtype=np.float32)
        count_common(matrix.indptr, matrix.indices, by_item.indptr, by_item.indices, start, block)
        block /= np.maximum(norms[start:stop, None] * norms + np.float32(shrinkage), 1e-9)
        block[np.arange(stop - start), np.arange(start, stop)] = 0
        chosen = np.argpartition(-block, neighbours - 1, axis=1)[:, :neighbours]
        chosen.sort(axis=1)
        values = np.take_along_axis(block, chosen, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        nearest[start:stop] = np.take_along_axis(chosen, order, axis=1)
        likeness[start:stop] = np.take_along_axis(values, order, axis=1)
    return nearest, likeness
