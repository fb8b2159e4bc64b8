"""Viewers whose taste is yours."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Catalog, Interactions, Query
from matinee.errors import InputError
from matinee.models import Config, Model, search
from matinee.models._feedback import (
    damped_popularity,
    liked,
    liked_histories,
    likes,
    or_prior,
    single_row,
)

__all__ = ["UserKnn", "UserKnnConfig"]


class UserKnnConfig(Config):
    """Options of `UserKnn`."""

    neighbours: PositiveInt = Field(100, json_schema_extra=search(50, 100, 200))
    """How many viewers are asked, the most alike."""
    shrinkage: NonNegativeFloat = Field(10.0, json_schema_extra=search(0, 10))
    """Added to the denominator of the cosine: distrusts viewers who share few films."""
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class UserKnn(Model):
    """User-user nearest neighbours by shrunk cosine over likes (Herlocker et al. 1999).

    "An algorithmic framework for performing collaborative filtering", SIGIR 1999. A film's score
    is the likeness of the nearest viewers who like it. The neighbours are the training viewers,
    so this model keeps their likes, and nobody's name; `forget` removes one.
    """

    Config: ClassVar[type[Config]] = UserKnnConfig
    user_sized: ClassVar[frozenset[str]] = frozenset({"indptr", "indices"})

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        matrix = likes(interactions, self.config.min_rating)
        self.arrays["indptr"] = matrix.indptr
        self.arrays["indices"] = matrix.indices
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def forget(self, user: int) -> None:
        """Empties the row of one training viewer; the rows of the others stay where they are.

        The counts in the prior, which name nobody, are left until the next fit.

        Raises:
            InputError: there is no such row.
        """
        indptr = self.arrays["indptr"]
        if not 0 <= user < len(indptr) - 1:
            raise InputError(f"row {user} is not one of the {len(indptr) - 1:,} training viewers")
        start, stop = indptr[user], indptr[user + 1]
        self.arrays["indices"] = np.delete(self.arrays["indices"], np.s_[start:stop])
        self.arrays["indptr"] = np.where(
            np.arange(len(indptr)) > user, indptr - (stop - start), indptr
        ).astype(np.int32)

    def score(self, query: Query) -> NDArray[np.float32]:
        items = query.items[liked(query, self.config.min_rating)]
        alone: NDArray[np.float32] = self._scores(single_row(items, len(self.arrays["prior"])))[0]
        return alone

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        return self._scores(liked_histories(histories, self.config.min_rating))

    def similar(self, item: int) -> NDArray[np.float32]:
        matrix = self._matrix()
        chosen = np.zeros(matrix.shape[1], dtype=np.float32)
        chosen[item] = 1
        common = matrix.T @ (matrix @ chosen)
        counts = np.bincount(matrix.indices, minlength=matrix.shape[1])
        cosine: NDArray[np.float32] = common / np.sqrt(np.maximum(counts * counts[item], 1))
        return cosine.astype(np.float32)

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        kept = liked(query, self.config.min_rating)
        matrix = self._matrix()
        history = single_row(query.items[kept], matrix.shape[1])
        nearest = _nearest(history, matrix, self.config.neighbours, self.config.shrinkage)
        theirs = matrix[nearest.indices].toarray()
        # a viewer's likeness is shared equally among the films they have in common with the history
        common = theirs[:, query.items[kept]].sum(axis=1)
        shares = theirs[:, item] * nearest.data / np.maximum(common, 1)
        parts = np.where(kept, shares @ theirs[:, query.items], np.float32(0)).astype(np.float32)
        return parts if parts.any() else None

    def _scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        matrix = self._matrix()
        nearest = _nearest(histories, matrix, self.config.neighbours, self.config.shrinkage)
        return or_prior((nearest @ matrix).toarray(), self.arrays["prior"])

    def _matrix(self) -> sp.csr_array:
        indptr, indices = self.arrays["indptr"], self.arrays["indices"]
        ones = np.ones(len(indices), dtype=np.float32)
        shape = (len(indptr) - 1, len(self.arrays["prior"]))
        return sp.csr_array((ones, indices, indptr), shape=shape)


def _nearest(
    histories: sp.csr_array, matrix: sp.csr_array, neighbours: int, shrinkage: float
) -> sp.csr_array:
    """The likeness of each history's nearest viewers, `float32[n, n_users]`, zero for others."""
    n, n_users = histories.shape[0], matrix.shape[0]
    likeness = (histories @ matrix.T).toarray()
    lengths = np.sqrt(np.diff(histories.indptr)).astype(np.float32)
    norms = lengths[:, None] * np.sqrt(np.diff(matrix.indptr)).astype(np.float32)
    likeness /= np.maximum(norms + np.float32(shrinkage), 1e-9)
    k = min(neighbours, n_users)
    chosen = np.argpartition(-likeness, k - 1, axis=1)[:, :k]
    chosen.sort(axis=1)
    values = np.take_along_axis(likeness, chosen, axis=1)
    starts = np.arange(0, n * k + 1, k)
    return sp.csr_array((values.ravel(), chosen.ravel(), starts), shape=(n, n_users))
