"""SVD that also reads which films were rated, whatever the stars."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat, PositiveInt

from matinee.data import Catalog, Interactions, Query
from matinee.errors import InputError
from matinee.models import Config, Model, search
from matinee.models._feedback import damped_popularity
from matinee.models._likeness import cosine_rows

__all__ = ["SvdPlusPlus", "SvdPlusPlusConfig"]

_INITIAL_SPREAD = 0.03
"""Standard deviation of the factors at the start."""

_PREDICTED_AT_ONCE = 2**16
"""Predictions whose factors are gathered together."""


class SvdPlusPlusConfig(Config):
    """Options of `SvdPlusPlus`."""

    factors: PositiveInt = 64
    """Numbers that describe a film, and a viewer."""
    epochs: PositiveInt = 30
    """Times to go through all ratings."""
    learning_rate: PositiveFloat = Field(0.01, le=0.5)
    """Length of a step along the gradient of one rating's error."""
    l2: PositiveFloat = Field(0.08, json_schema_extra=search(0.07, 0.08, 0.1))
    """Penalty of biases and factors at every step."""
    fold_in_l2: PositiveFloat = Field(8.0, json_schema_extra=search(6, 8))
    """Penalty of a viewer's own bias and factors, found from their history."""


class SvdPlusPlus(Model):
    """Matrix factorisation with implicit feedback by stochastic gradient descent (Koren 2008).

    "Factorization meets the neighborhood: a multifaceted collaborative filtering model", KDD 2008.
    A viewer's factors are what is their own plus the sum of a second vector of every film they
    rated over the root of its number. Only the films' side is kept: the sum is taken anew from
    any history, and bias and own factors are the ridge regression of the ratings on the rest.

    `score` is the predicted rating of every film, not clipped to the scale; without a history it
    is the prior. `predict` is clipped, and without a history rests on the films' biases.
    """

    Config: ClassVar[type[Config]] = SvdPlusPlusConfig
    predicts_ratings: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.factorise_plus_plus import descend_by_user  # noqa: PLC0415  numba

        if not len(interactions):
            raise InputError("there are no ratings to learn from; use a model that needs none")
        config, shape = self.config, (interactions.n_users, interactions.n_items)
        mean = interactions.values.mean(dtype=np.float64).astype(np.float32)
        shuffled = rng.permutation(len(interactions))
        by_user = shuffled[np.argsort(interactions.users[shuffled], kind="stable")]
        counts = np.bincount(interactions.users, minlength=shape[0])
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        items, residuals = interactions.items[by_user], interactions.values[by_user] - mean
        user_biases, item_biases = (np.zeros(n, dtype=np.float32) for n in shape)
        user_factors, item_factors, implicit = (
            rng.standard_normal((n, config.factors), dtype=np.float32) * np.float32(_INITIAL_SPREAD)
            for n in (*shape, shape[1])
        )
        for _ in range(config.epochs):
            descend_by_user(
                indptr,
                items,
                residuals,
                rng.permutation(shape[0]),
                user_biases,
                item_biases,
                user_factors,
                item_factors,
                implicit,
                np.float32(config.learning_rate),
                np.float32(config.l2),
            )
        rated = np.bincount(interactions.items, minlength=shape[1])[:, None] > 0
        self.arrays["item_factors"] = item_factors * rated
        self.arrays["implicit_factors"] = implicit * rated
        self.arrays["item_biases"] = item_biases
        self.arrays["mean"] = np.array([mean], dtype=np.float32)
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        alone: NDArray[np.float32] = self.scores(self._row(query))[0]
        return alone

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        biases, factors = self._viewers(histories)
        scores: NDArray[np.float32] = factors @ self.arrays["item_factors"].T
        scores += self._base()
        scores += biases[:, None]
        scores[np.diff(histories.indptr) == 0] = self.arrays["prior"]
        return scores

    def predict(self, query: Query, items: NDArray[np.int32]) -> NDArray[np.float32]:
        wanted = sp.csr_array(
            (np.ones(len(items)), items, [0, len(items)]), shape=(1, len(self.arrays["prior"]))
        )
        return self.predictions(self._row(query), wanted)

    def predictions(self, histories: sp.csr_array, wanted: sp.csr_array) -> NDArray[np.float32]:
        biases, factors = self._viewers(histories)
        viewers = np.repeat(np.arange(wanted.shape[0]), np.diff(wanted.indptr))
        items = wanted.indices
        predicted = self._base()[items] + biases[viewers]
        for start in range(0, len(items), _PREDICTED_AT_ONCE):
            some = slice(start, start + _PREDICTED_AT_ONCE)
            films = self.arrays["item_factors"][items[some]]
            predicted[some] += np.einsum("nf,nf->n", factors[viewers[some]], films)
        clipped: NDArray[np.float32] = np.clip(predicted, *self.arrays["scale"])
        return clipped

    def similar(self, item: int) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], item)

    def _viewers(self, histories: sp.csr_array) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Every viewer's bias, `float32[n]`, and factors, `float32[n, factors]`."""
        from matinee.kernels.factorise_plus_plus import implicit_sums  # noqa: PLC0415  numba
        from matinee.kernels.fold_in import fold_in  # noqa: PLC0415  the same

        indptr, items = histories.indptr, histories.indices
        films = self.arrays["item_factors"]
        implied = implicit_sums(indptr, items, self.arrays["implicit_factors"])
        rows = np.repeat(np.arange(histories.shape[0]), np.diff(indptr))
        explained = self._base()[items] + np.einsum("nf,nf->n", implied[rows], films[items])
        own = fold_in(
            indptr,
            items,
            histories.data - explained,
            np.column_stack([np.ones(len(films), dtype=np.float32), films]),
            np.diag(np.full(films.shape[1] + 1, self.config.fold_in_l2)),
            np.zeros(histories.shape[0]),
        )
        return own[:, 0], own[:, 1:] + implied

    def _base(self) -> NDArray[np.float32]:
        """What a film is given by a viewer without a bias, `float32[n_items]`."""
        base: NDArray[np.float32] = self.arrays["item_biases"] + self.arrays["mean"]
        return base

    def _row(self, query: Query) -> sp.csr_array:
        shape = (1, len(self.arrays["prior"]))
        return sp.csr_array((query.values, query.items, [0, len(query)]), shape=shape)
