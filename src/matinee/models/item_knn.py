"""Films whose viewers are the same."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Catalog, Context, Interactions, Query
from matinee.models import Config, Model, search
from matinee.models._shared.feedback import (
    damped_popularity,
    or_prior,
    require_likes,
    weighted_histories,
)
from matinee.models._shared.term_weights import (
    LengthShare,
    Saturation,
    Weighting,
    rarity,
    term_weights,
)
from matinee.models._shared.worth import HalfLife, HalfLifeFilms, LowestWorth, rating_worth, recency

__all__ = ["ItemKnn", "ItemKnnConfig"]

_BLOCK = 2**24
"""Numbers of the likeness matrix held at a time while neighbours are chosen."""


class ItemKnnConfig(Config):
    """Options of `ItemKnn`."""

    neighbours: PositiveInt = 200
    """How many films are kept for each film, the most alike."""
    weighting: Weighting = Field("tfidf", json_schema_extra=search("tfidf", "bm25"))
    """What viewers weigh where films are compared: cosine all alike, tfidf the more the fewer
    films they watched, bm25 besides less in films with many viewers, and without a denominator."""
    shrinkage: NonNegativeFloat = 10.0
    """Added to the denominator of the cosine: distrusts films that few viewers share."""
    k1: Saturation = 10.0
    b: LengthShare = 0.3
    lowest_worth: LowestWorth = Field(0.6, json_schema_extra=search(0.6, 1))
    half_life: HalfLife = 0.0
    half_life_films: HalfLifeFilms = 0.0
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class ItemKnn(Model):
    """Item-item nearest neighbours by shrunk cosine over likes (Sarwar et al. 2001).

    "Item-based collaborative filtering recommendation algorithms", WWW 2001. A film's score is the
    sum of its likeness to those films of the history that are among its own nearest, each times
    what its rating is worth. Beyond the paper, viewers weigh as words do in retrieval of texts.
    """

    Config: ClassVar[type[Config]] = ItemKnnConfig

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        require_likes(interactions, self.config.min_rating)
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        ratings = interactions.matrix
        matrix = weighted_histories(ratings, self._worth(ratings.data))
        nearest, likeness = _nearest(*_compared(matrix, self.config), self.config.neighbours)
        self.arrays["nearest"] = nearest
        self.arrays["likeness"] = likeness
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        history = np.zeros(len(self.arrays["prior"]), dtype=np.float32)
        history[query.items] = self._left(query)
        return or_prior(self._graph() @ history, self.arrays["prior"])

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        return self._sums(histories, self._worth(histories.data))

    def scores_at(self, histories: sp.csr_array, context: Context) -> NDArray[np.float32]:
        worth = self._worth(histories.data)
        left = recency(self.config, context.history_times, histories.indptr)
        return self._sums(histories, worth if left is None else worth * left)

    def similar(self, item: int) -> NDArray[np.float32]:
        scores = np.zeros_like(self.arrays["prior"])
        likeness = self.arrays["likeness"][item]
        scores[self.arrays["nearest"][item]] = likeness
        scores[item] = likeness.max(initial=1)
        return scores

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        likeness = self.similar(item)
        likeness[item] = 0
        parts: NDArray[np.float32] = likeness[query.items] * self._left(query)
        return parts if parts.any() else None

    def _worth(self, ratings: NDArray[np.float32]) -> NDArray[np.float32]:
        return rating_worth(self.config, ratings, self.arrays.get("scale"))

    def _left(self, query: Query) -> NDArray[np.float32]:
        """What every rating of one history is worth by its height and its age, `float32[h]`."""
        worth = self._worth(query.values)
        left = recency(self.config, query.times, np.array([0, len(query)]))
        return worth if left is None else worth * left

    def _sums(self, histories: sp.csr_array, worth: NDArray[np.float32]) -> NDArray[np.float32]:
        kept = weighted_histories(histories, worth)
        return or_prior((kept @ self._graph().T).toarray(), self.arrays["prior"])

    def _graph(self) -> sp.csr_array:
        n_items, neighbours = self.arrays["nearest"].shape
        starts = np.arange(0, n_items * neighbours + 1, neighbours, dtype=np.int32)
        edges = (self.arrays["likeness"].ravel(), self.arrays["nearest"].ravel(), starts)
        return sp.csr_array(edges, shape=(n_items, n_items))


def _compared(
    matrix: sp.csr_array, config: ItemKnnConfig
) -> tuple[sp.csr_array, NDArray[np.float32], float]:
    """What films are compared by, `[n_items, n_users]`, what divides it, and what is added there.

    A product of two films is divided by that of their two numbers, `float32[n_items]`, and the
    shrinkage.
    """
    by_item = matrix.T.tocsr()
    n_items = by_item.shape[0]
    if config.weighting != "cosine":
        rare = rarity(np.diff(matrix.indptr), n_items)
        mean_length = by_item.nnz / max(1, np.count_nonzero(np.diff(by_item.indptr)))
        by_item.data = term_weights(
            by_item, config.weighting, rare, config.k1, config.b, mean_length
        )
    if config.weighting == "bm25":
        return by_item, np.ones(n_items, dtype=np.float32), 0.0
    squares = np.asarray(by_item.multiply(by_item).sum(axis=1), dtype=np.float64)
    return by_item, np.sqrt(squares).astype(np.float32), config.shrinkage


def _nearest(
    by_item: sp.csr_array, norms: NDArray[np.float32], shrinkage: float, neighbours: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The films most alike to each and how much, `int32[n_items, k]` and `float32[n_items, k]`.

    Most alike first, equals by row; where there are fewer than `k`, the likeness is 0.
    """
    from matinee.kernels.cooccurrence import count_common, sum_common  # noqa: PLC0415  brings numba

    n_items = by_item.shape[0]
    neighbours = max(1, min(neighbours, n_items - 1))
    by_user = by_item.T.tocsr()
    users, items = (by_user.indptr, by_user.indices), (by_item.indptr, by_item.indices)
    alike = bool((by_item.data == 1).all())
    nearest = np.empty((n_items, neighbours), dtype=np.int32)
    likeness = np.empty((n_items, neighbours), dtype=np.float32)
    rows = max(1, _BLOCK // n_items)
    for start in range(0, n_items, rows):
        stop = min(start + rows, n_items)
        block = np.empty((stop - start, n_items), dtype=np.float32)
        if alike:
            count_common(*users, *items, start, block)
        else:
            sum_common(*users, by_user.data, *items, by_item.data, start, block)
        block /= np.maximum(norms[start:stop, None] * norms + np.float32(shrinkage), 1e-9)
        block[np.arange(stop - start), np.arange(start, stop)] = 0
        chosen = np.argpartition(-block, neighbours - 1, axis=1)[:, :neighbours]
        chosen.sort(axis=1)
        values = np.take_along_axis(block, chosen, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        nearest[start:stop] = np.take_along_axis(chosen, order, axis=1)
        likeness[start:stop] = np.take_along_axis(values, order, axis=1)
    return nearest, likeness
