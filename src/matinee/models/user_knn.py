"""Viewers whose taste is yours."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Catalog, Context, Interactions, Query
from matinee.errors import InputError
from matinee.models import Config, Model, search
from matinee.models._shared.feedback import damped_popularity, likes, or_prior, weighted_histories
from matinee.models._shared.term_weights import (
    LengthShare,
    Saturation,
    Weighting,
    rarity,
    term_weights,
)
from matinee.models._shared.worth import HalfLife, HalfLifeFilms, LowestWorth, rating_worth, recency

__all__ = ["UserKnn", "UserKnnConfig"]


class UserKnnConfig(Config):
    """Options of `UserKnn`."""

    neighbours: PositiveInt = Field(100, json_schema_extra=search(50, 100, 200))
    """How many viewers are asked, the most alike."""
    weighting: Weighting = "bm25"
    """What films weigh where viewers are compared: cosine all alike, tfidf the more the fewer
    viewers they have, bm25 besides less in viewers of many films, and without a denominator."""
    shrinkage: NonNegativeFloat = 10.0
    """Added to the denominator of the cosine: distrusts viewers who share few films."""
    k1: Saturation = 10.0
    b: LengthShare = 0.75
    lowest_worth: LowestWorth = 1.0
    half_life: HalfLife = 0.0
    half_life_films: HalfLifeFilms = 0.0
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class UserKnn(Model):
    """User-user nearest neighbours over likes (Herlocker et al. 1999), compared as texts are.

    "An algorithmic framework for performing collaborative filtering", SIGIR 1999. A film's score
    is the likeness of the nearest viewers who like it, each times what their rating is worth. The
    neighbours are the training viewers, so this model keeps their likes, and nobody's name;
    `forget` removes one.
    """

    Config: ClassVar[type[Config]] = UserKnnConfig
    user_sized: ClassVar[frozenset[str]] = frozenset({"indptr", "indices", "worth", "weights"})

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        liked = likes(interactions, self.config.min_rating)
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        ratings = interactions.matrix
        matrix = weighted_histories(ratings, self._worth(ratings.data))
        self.arrays["indptr"] = matrix.indptr
        self.arrays["indices"] = matrix.indices
        self.arrays["worth"] = matrix.data
        viewers = np.count_nonzero(np.diff(liked.indptr))
        self.arrays["mean_length"] = np.array([liked.nnz / viewers], dtype=np.float32)
        fans = np.bincount(matrix.indices, minlength=matrix.shape[1])
        self.arrays["rarity"] = rarity(fans, max(viewers, fans.max()))
        self.arrays["weights"] = self._compared(matrix).data
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def forget(self, user: int) -> None:
        """Empties the row of one training viewer; the rows of the others stay where they are.

        The counts in the prior and in the films' rarity, which name nobody, are left until the
        next fit.

        Raises:
            InputError: there is no such row.
        """
        indptr = self.arrays["indptr"]
        if not 0 <= user < len(indptr) - 1:
            raise InputError(f"row {user} is not one of the {len(indptr) - 1:,} training viewers")
        start, stop = indptr[user], indptr[user + 1]
        for name in ("indices", "worth", "weights"):
            self.arrays[name] = np.delete(self.arrays[name], np.s_[start:stop])
        self.arrays["indptr"] = np.where(
            np.arange(len(indptr)) > user, indptr - (stop - start), indptr
        ).astype(np.int32)

    def score(self, query: Query) -> NDArray[np.float32]:
        alone: NDArray[np.float32] = self._sums(*self._row(query))[0]
        return alone

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        return self._sums(histories, self._worth(histories.data))

    def scores_at(self, histories: sp.csr_array, context: Context) -> NDArray[np.float32]:
        worth = self._worth(histories.data)
        left = recency(self.config, context.history_times, histories.indptr)
        return self._sums(histories, worth if left is None else worth * left)

    def similar(self, item: int) -> NDArray[np.float32]:
        matrix = self._matrix("worth")
        chosen = np.zeros(matrix.shape[1], dtype=np.float32)
        chosen[item] = 1
        common = matrix.T @ (matrix @ chosen)
        squares = np.bincount(matrix.indices, np.square(matrix.data), minlength=matrix.shape[1])
        cosine: NDArray[np.float32] = common / np.sqrt(np.maximum(squares * squares[item], 1e-9))
        return cosine.astype(np.float32)

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        matrix = self._matrix("worth")
        history = weighted_histories(*self._row(query))
        nearest = self._nearest(history)
        theirs = matrix[nearest.indices]
        compared = self._matrix("weights")[nearest.indices]
        # a viewer's likeness is shared among the films in common as each adds to what it is made of
        own = np.zeros(matrix.shape[1], dtype=np.float32)
        own[history.indices] = self._compared(history).data
        common = compared.toarray()[:, query.items] * own[query.items]
        shares = theirs[:, [item]].toarray()[:, 0] * nearest.data
        total = common.sum(axis=1)
        shares = np.divide(shares, total, out=np.zeros_like(shares), where=total != 0)
        parts: NDArray[np.float32] = (shares @ common).astype(np.float32)
        return parts if parts.any() else None

    def _worth(self, ratings: NDArray[np.float32]) -> NDArray[np.float32]:
        return rating_worth(self.config, ratings, self.arrays["scale"])

    def _left(self, query: Query) -> NDArray[np.float32]:
        """What every rating of one history is worth by its height and its age, `float32[h]`."""
        worth = self._worth(query.values)
        left = recency(self.config, query.times, np.array([0, len(query)]))
        return worth if left is None else worth * left

    def _row(self, query: Query) -> tuple[sp.csr_array, NDArray[np.float32]]:
        worth, shape = self._left(query), (1, len(self.arrays["prior"]))
        return sp.csr_array((worth, query.items, [0, len(query)]), shape=shape), worth

    def _sums(self, histories: sp.csr_array, worth: NDArray[np.float32]) -> NDArray[np.float32]:
        nearest = self._nearest(weighted_histories(histories, worth))
        return or_prior((nearest @ self._matrix("worth")).toarray(), self.arrays["prior"])

    def _matrix(self, values: str) -> sp.csr_array:
        """Training viewers by films: what their ratings are worth, or `weights` to compare them."""
        arrays = self.arrays
        shape = (len(arrays["indptr"]) - 1, len(arrays["prior"]))
        return sp.csr_array((arrays[values], arrays["indices"], arrays["indptr"]), shape=shape)

    def _compared(self, rows: sp.csr_array) -> sp.csr_array:
        """What stands for the likes of some viewers when they are compared."""
        config = self.config
        mean_length = float(self.arrays["mean_length"][0])
        weights = term_weights(
            rows, config.weighting, self.arrays["rarity"], config.k1, config.b, mean_length
        )
        return sp.csr_array((weights, rows.indices, rows.indptr), shape=rows.shape)

    def _nearest(self, histories: sp.csr_array) -> sp.csr_array:
        """The likeness of each history's nearest viewers, `float32[n, n_users]`, else zero."""
        asked, others = self._compared(histories), self._matrix("weights")
        if asked.shape[0] == 1:  # several times as fast as the product of two sparse matrices
            likeness = (others @ asked.toarray()[0])[None]
        else:
            likeness = (asked @ others.T).toarray()
        if self.config.weighting != "bm25":
            norms = _lengths(asked)[:, None] * _lengths(others)
            likeness /= np.maximum(norms + np.float32(self.config.shrinkage), 1e-9)
        n, n_users = likeness.shape
        k = min(self.config.neighbours, n_users)
        chosen = np.argpartition(-likeness, k - 1, axis=1)[:, :k]
        chosen.sort(axis=1)
        values = np.take_along_axis(likeness, chosen, axis=1)
        starts = np.arange(0, n * k + 1, k)
        return sp.csr_array((values.ravel(), chosen.ravel(), starts), shape=(n, n_users))


def _lengths(rows: sp.csr_array) -> NDArray[np.float32]:
    """Euclidean lengths of the rows, `float32[n]`."""
    of_entries = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    squares = np.bincount(of_entries, np.square(rows.data), minlength=rows.shape[0])
    return np.sqrt(squares).astype(np.float32)
