"""User-based nearest neighbours over likes."""

from __future__ import annotations

from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Catalog, Histories, Interactions, rows_of
from matinee.models import Model, Weighting, search, span
from matinee.models._shared.dislikes import liked_alone
from matinee.models._shared.term_weights import (
    LengthShare,
    Saturation,
    TermWeighting,
    rarity,
    term_weights,
)

__all__ = ["UserKnn", "UserKnnConfig"]


class UserKnnConfig(Weighting):
    """Options of `UserKnn`."""

    neighbours: PositiveInt = Field(
        100, json_schema_extra=search(50, 100, 200) | span(10, 500, log=True)
    )
    """Number of most similar viewers whose likes are added up."""
    weighting: TermWeighting = "bm25"
    """How films count when viewers are compared: cosine weighs all films the same, tfidf gives more
    weight to films with few viewers, bm25 also discounts viewers of many films and has no
    denominator."""
    shrinkage: NonNegativeFloat = Field(10.0, json_schema_extra=span(0, 100))
    """Added to the denominator of the cosine, against similarities that rest on few films."""
    k1: Saturation = 10.0
    b: LengthShare = 0.75


class UserKnn(Model[UserKnnConfig]):
    """User-user nearest neighbours over likes (Herlocker et al. 1999).

    "An algorithmic framework for performing collaborative filtering", SIGIR 1999. A film's score is
    the sum of the similarities of the nearest viewers who like it, each times the weight of their
    rating. Beyond the paper, films are weighted like terms in text retrieval, and a dislike in a
    history makes those viewers less similar who like the film.

    The neighbours are training viewers. This model therefore stores their likes, without ids.
    """

    user_sized = frozenset({"starts", "items", "weights", "term_weights"})

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        weights = self.weigh(liked_alone(interactions, self.config))
        users = int(np.count_nonzero(np.diff(weights.indptr)))
        counts = np.bincount(weights.indices, minlength=weights.shape[1])
        self.arrays["starts"] = weights.indptr
        self.arrays["items"] = weights.indices
        self.arrays["weights"] = weights.data
        self.arrays["mean_length"] = np.array([weights.nnz / users], dtype=np.float32)
        self.arrays["rarity"] = rarity(counts, users)
        self.arrays["term_weights"] = self._term_weighted(weights).data
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        nearest = self._nearest(self._term_weighted(self.weigh(histories)))
        return (nearest @ self._training("weights")).toarray()

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        likes = self._training("weights")
        norms = np.sqrt(np.bincount(likes.indices, np.square(likes.data), minlength=self.n_items))
        common = (likes.T @ likes[:, items].toarray()).T
        cosine: NDArray[np.floating] = common / np.maximum(norms[items, None] * norms, 1e-9)
        return cosine.astype(np.float32)

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        history = self._term_weighted(self.weigh(histories))
        nearest = self._nearest(history)
        own = history.toarray()[0, histories.items]
        theirs = self._training("term_weights")[nearest.indices].toarray()[:, histories.items]
        # each film adds its product to the similarity of a neighbour, and gets that share of it
        products = theirs * own
        totals = products.sum(axis=1, keepdims=True)
        shares = np.divide(products, totals, out=np.zeros_like(products), where=totals != 0)
        likes = self._training("weights")[nearest.indices][:, items].toarray()
        parts: NDArray[np.float32] = (likes * nearest.data[:, None]).T @ shares
        return parts.astype(np.float32)

    def user_similarities(self, histories: Histories) -> NDArray[np.float32]:
        """Similarity of each history to every training user, `float32[n, n_users]`."""
        return self._similarities(self._term_weighted(self.weigh(histories)))

    def _training(self, values: str) -> sp.csr_array:
        """`weights` or `term_weights` of training users, `float32[n_users, n_items]`."""
        arrays = self.arrays
        entries = (arrays[values], arrays["items"], arrays["starts"])
        return sp.csr_array(entries, shape=(len(arrays["starts"]) - 1, len(arrays["rarity"])))

    def _term_weighted(self, weights: sp.csr_array) -> sp.csr_array:
        config = self.config
        mean_length = float(self.arrays["mean_length"][0])
        values = term_weights(
            weights, config.weighting, self.arrays["rarity"], config.k1, config.b, mean_length
        )
        return sp.csr_array((values, weights.indices, weights.indptr), shape=weights.shape)

    def _similarities(self, histories: sp.csr_array) -> NDArray[np.float32]:
        training = self._training("term_weights")
        if histories.shape[0] == 1:  # several times as fast as the product of two sparse matrices
            similarity = (training @ histories.toarray()[0])[None]
        else:
            similarity = (histories @ training.T).toarray()
        if self.config.weighting != "bm25":
            norms = _norms(histories)[:, None] * _norms(training)
            similarity /= np.maximum(norms + np.float32(self.config.shrinkage), 1e-9)
        return np.asarray(similarity, dtype=np.float32)

    def _nearest(self, histories: sp.csr_array) -> sp.csr_array:
        """Similarities of term-weighted histories to the nearest training users, `[n, n_users]`.

        Users who like what the history dislikes have none: their likes say nothing.
        """
        similarity = self._similarities(histories)
        n, n_users = similarity.shape
        k = min(self.config.neighbours, n_users)
        chosen = np.argpartition(-similarity, k - 1, axis=1)[:, :k]
        chosen.sort(axis=1)
        values = np.maximum(np.take_along_axis(similarity, chosen, axis=1), 0)
        starts = np.arange(0, n * k + 1, k)
        return sp.csr_array((values.ravel(), chosen.ravel(), starts), shape=(n, n_users))


def _norms(rows: sp.csr_array) -> NDArray[np.float32]:
    """Euclidean norms of the rows, `float32[n]`."""
    row_of_entry = rows_of(rows)
    squares = np.bincount(row_of_entry, np.square(rows.data), minlength=rows.shape[0])
    return np.sqrt(squares).astype(np.float32)
