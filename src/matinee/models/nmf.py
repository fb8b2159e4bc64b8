"""Ratings as sums of parts: nobody has less than nothing of any."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Catalog, Interactions, Query
from matinee.errors import InputError
from matinee.models import Config, Model, search
from matinee.models._shared.feedback import damped_popularity
from matinee.models._shared.likeness import cosine_rows

__all__ = ["Nmf", "NmfConfig"]

_PREDICTED_AT_ONCE = 2**16
"""Predictions whose factors are gathered together."""


class NmfConfig(Config):
    """Options of `Nmf`."""

    factors: PositiveInt = 15
    """Parts that make up a film, and a viewer's taste."""
    epochs: PositiveInt = 150
    """Times to improve all viewers and then all films."""
    l2: NonNegativeFloat = Field(0.13, json_schema_extra=search(0.1, 0.13, 0.16))
    """Penalty of the factors for each rating of a viewer, each viewer of a film."""
    fold_in_steps: PositiveInt = 50
    """Times to improve a viewer's factors when they are found from their history."""


class Nmf(Model):
    """Non-negative matrix factorisation by multiplicative updates (Lee & Seung 2001).

    "Algorithms for non-negative matrix factorization", NIPS, over the given ratings alone and with
    a penalty (Zhang et al. 2006, SDM). A rating is film factors times viewer factors, without
    biases. Only the films' side is kept; a viewer's factors are improved from the average
    viewer's until they fit their history.

    `score` is the predicted rating of every film, not clipped to the scale; without a history it
    is the prior. `predict` is clipped, and without a history is for the average viewer.
    """

    Config: ClassVar[type[Config]] = NmfConfig
    predicts_ratings: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.multiply import multiply  # noqa: PLC0415  brings numba

        if not len(interactions):
            raise InputError("there are no ratings to learn from; use a model that needs none")
        if interactions.values.min() < 0:
            raise InputError("there are negative ratings, which no sum of parts can be; use svd")
        by_user = interactions.matrix
        by_item = by_user.T.tocsr()
        level = np.sqrt(interactions.values.mean(dtype=np.float64) / self.config.factors)
        users, items = (
            (rng.uniform(0.5, 1.5, (n, self.config.factors)) * level).astype(np.float32)
            for n in by_user.shape
        )
        l2 = np.float32(self.config.l2)
        for _ in range(self.config.epochs):
            multiply(by_user.indptr, by_user.indices, by_user.data, items, l2, 1, users)
            multiply(by_item.indptr, by_item.indices, by_item.data, users, l2, 1, items)
        rated = np.diff(by_item.indptr) > 0
        items[~rated] = items[rated].mean(axis=0)
        self.arrays["item_factors"] = items
        self.arrays["average_viewer"] = users[np.diff(by_user.indptr) > 0].mean(axis=0)
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        alone: NDArray[np.float32] = self.scores(self._row(query))[0]
        return alone

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        scores: NDArray[np.float32] = self._viewers(histories) @ self.arrays["item_factors"].T
        scores[np.diff(histories.indptr) == 0] = self.arrays["prior"]
        return scores

    def predict(self, query: Query, items: NDArray[np.int32]) -> NDArray[np.float32]:
        own = self._viewers(self._row(query))[0]
        predicted: NDArray[np.float32] = self.arrays["item_factors"][items] @ own
        clipped: NDArray[np.float32] = np.clip(predicted, *self.arrays["scale"])
        return clipped

    def predictions(self, histories: sp.csr_array, wanted: sp.csr_array) -> NDArray[np.float32]:
        own = self._viewers(histories)
        viewers = np.repeat(np.arange(wanted.shape[0]), np.diff(wanted.indptr))
        predicted = np.empty(wanted.nnz, dtype=np.float32)
        for start in range(0, len(predicted), _PREDICTED_AT_ONCE):
            some = slice(start, start + _PREDICTED_AT_ONCE)
            films = self.arrays["item_factors"][wanted.indices[some]]
            predicted[some] = np.einsum("nf,nf->n", own[viewers[some]], films)
        clipped: NDArray[np.float32] = np.clip(predicted, *self.arrays["scale"])
        return clipped

    def similar(self, item: int) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], item)

    def _viewers(self, histories: sp.csr_array) -> NDArray[np.float32]:
        """Every viewer's factors, `float32[n, factors]`; the average viewer's without a history."""
        from matinee.kernels.multiply import multiply  # noqa: PLC0415  brings numba

        viewers = np.tile(self.arrays["average_viewer"], (histories.shape[0], 1))
        multiply(
            histories.indptr,
            histories.indices,
            histories.data,
            self.arrays["item_factors"],
            np.float32(self.config.l2),
            self.config.fold_in_steps,
            viewers,
        )
        return viewers

    def _row(self, query: Query) -> sp.csr_array:
        shape = (1, len(self.arrays["prior"]))
        return sp.csr_array((query.values, query.items, [0, len(query)]), shape=shape)
