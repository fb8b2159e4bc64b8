"""Ratings as a sum: everybody's mean, the film's, the viewer's, and how the two meet."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat, PositiveInt

from matinee.data import Catalog, Interactions, Query
from matinee.errors import InputError
from matinee.models import Config, Model, search
from matinee.models._shared.feedback import damped_popularity
from matinee.models._shared.likeness import cosine_rows
from matinee.models._shared.ridge import ridge_solve

__all__ = ["Svd", "SvdConfig"]

_INITIAL_SPREAD = 0.03
"""Standard deviation of the factors at the start; what no rating moves stays noise of this size."""

_PREDICTED_AT_ONCE = 2**16
"""Predictions whose factors are gathered together: some 50 MB at 100 factors."""


class SvdConfig(Config):
    """Options of `Svd`."""

    factors: PositiveInt = 100
    """Numbers that describe a film, and a viewer."""
    epochs: PositiveInt = 20
    """Times to go through all ratings."""
    learning_rate: PositiveFloat = Field(0.02, le=0.5)
    """Length of a step along the gradient of one rating's error."""
    l2: PositiveFloat = Field(0.1, json_schema_extra=search(0.07, 0.1, 0.14))
    """Penalty of biases and factors at every step."""
    fold_in_l2: PositiveFloat = Field(8.0, json_schema_extra=search(5, 8))
    """Penalty of a viewer's own bias and factors, found from their history."""


class Svd(Model):
    """Biased matrix factorisation by stochastic gradient descent (Koren, Bell & Volinsky 2009).

    "Matrix factorization techniques for recommender systems", IEEE Computer 42(8). Predicts mean +
    film bias + viewer bias + film factors times viewer factors. Only the films' side is kept; a
    viewer's bias and factors are the ridge regression of their history on it.

    `score` is the predicted rating of every film, not clipped to the scale; without a history it
    is the prior. `predict` is clipped, and without a history rests on the films' biases.
    """

    Config: ClassVar[type[Config]] = SvdConfig
    predicts_ratings: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.factorise import deal, descend, whole_lines  # noqa: PLC0415  numba

        if not len(interactions):
            raise InputError("there are no ratings to learn from; use a model that needs none")
        shape, config = (interactions.n_users, interactions.n_items), self.config
        mean = interactions.values.mean(dtype=np.float64).astype(np.float32)
        strata = deal(interactions.users, interactions.items, shape, rng)
        user_biases, item_biases = (np.zeros(n, dtype=np.float32) for n in shape)
        user_factors, item_factors = (whole_lines(_noise((n, config.factors), rng)) for n in shape)
        descend(
            strata.users,
            strata.items,
            interactions.values[strata.order] - mean,
            strata.starts,
            user_biases,
            item_biases,
            user_factors,
            item_factors,
            config.epochs,
            np.float32(config.learning_rate),
            np.float32(config.l2),
        )
        rated = np.bincount(interactions.items, minlength=shape[1]) > 0
        learned = item_factors[strata.item_rows, : config.factors]
        self.arrays["item_factors"] = learned * rated[:, None]
        self.arrays["item_biases"] = item_biases[strata.item_rows]
        self.arrays["mean"] = np.array([mean], dtype=np.float32)
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        if not len(query):
            return np.array(self.arrays["prior"])
        return self._predicted(query, np.arange(len(self.arrays["prior"])))

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        own = self._own(histories)
        scores: NDArray[np.float32] = own[:, 1:] @ self.arrays["item_factors"].T
        scores += self._base()
        scores += own[:, :1]
        scores[np.diff(histories.indptr) == 0] = self.arrays["prior"]
        return scores

    def predict(self, query: Query, items: NDArray[np.int32]) -> NDArray[np.float32]:
        predicted: NDArray[np.float32] = np.clip(
            self._predicted(query, items), *self.arrays["scale"]
        )
        return predicted

    def predictions(self, histories: sp.csr_array, wanted: sp.csr_array) -> NDArray[np.float32]:
        own = self._own(histories)
        viewers = np.repeat(np.arange(wanted.shape[0]), np.diff(wanted.indptr))
        items = wanted.indices
        predicted = self._base()[items] + own[viewers, 0]
        for start in range(0, len(items), _PREDICTED_AT_ONCE):
            some = slice(start, start + _PREDICTED_AT_ONCE)
            factors = self.arrays["item_factors"][items[some]]
            predicted[some] += np.einsum("nf,nf->n", own[viewers[some], 1:], factors)
        clipped: NDArray[np.float32] = np.clip(predicted, *self.arrays["scale"])
        return clipped

    def similar(self, item: int) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], item)

    def _own(self, histories: sp.csr_array) -> NDArray[np.float32]:
        """Every viewer's bias and factors, `float32[n, 1 + factors]`; zeros without a history."""
        from matinee.kernels.fold_in import fold_in  # noqa: PLC0415  brings numba

        factors = self.arrays["item_factors"]
        return fold_in(
            histories.indptr,
            histories.indices,
            histories.data - self._base()[histories.indices],
            np.column_stack([np.ones(len(factors), dtype=np.float32), factors]),
            np.diag(np.full(factors.shape[1] + 1, self.config.fold_in_l2)),
            np.zeros(histories.shape[0]),
        )

    def _base(self) -> NDArray[np.float32]:
        """What a film is given by a viewer without a bias, `float32[n_items]`."""
        base: NDArray[np.float32] = self.arrays["item_biases"] + self.arrays["mean"]
        return base

    def _predicted(self, query: Query, items: NDArray[np.integer]) -> NDArray[np.float32]:
        factors = self.arrays["item_factors"]
        base = self._base()
        features = np.column_stack([np.ones(len(query)), factors[query.items]])
        penalty = np.diag(np.full(features.shape[1], self.config.fold_in_l2))
        own = ridge_solve(features, query.values - base[query.items], penalty).astype(np.float32)
        predicted: NDArray[np.float32] = base[items] + own[0] + factors[items] @ own[1:]
        return predicted


def _noise(shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    return rng.standard_normal(shape, dtype=np.float32) * np.float32(_INITIAL_SPREAD)
