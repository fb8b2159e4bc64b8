"""Bayesian personalised ranking: film factors learned from pairs in the right order."""

from __future__ import annotations

from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from matinee.data import Catalog, Histories, Interactions
from matinee.models import DislikesConfig, Model, cosine_rows, search, span
from matinee.models._shared.dislikes import liked_alone

__all__ = ["Bpr", "BprConfig"]

_INITIAL_SPREAD = 0.1
"""Standard deviation of the initial factors, times the root of their number."""
_FILMS_PER_NEGATIVE = 100
"""At most one film in so many is drawn as a negative. The best of nearly all films is one that the
viewer would like; learning that it comes behind ruins the model."""


class BprConfig(DislikesConfig):
    """Options of `Bpr`."""

    factors: PositiveInt = Field(64, json_schema_extra=span(16, 256, log=True))
    """Number of factors of a film in a history, and of a film to rank."""
    epochs: PositiveInt = Field(20, json_schema_extra=span(5, 100, log=True))
    """Passes over all likes."""
    rate: PositiveFloat = Field(0.05, json_schema_extra=span(0.005, 0.2, log=True))
    """Learning rate of the first epoch; it falls linearly to 0."""
    l2: NonNegativeFloat = Field(
        0.01, json_schema_extra=search(0.01, 0.03) | span(0.001, 0.1, log=True)
    )
    """Penalty of factors at each step; higher with fewer likes."""
    negatives: PositiveInt = Field(16, json_schema_extra=search(8, 16) | span(1, 64, log=True))
    """Films drawn for each like; the like must rank above the one with the highest score. More
    improve the top of a list only, and punish films that the viewer would like. At most one film
    in a hundred is drawn."""
    activity_discount: NonNegativeFloat = Field(0.3, le=1, json_schema_extra=span(0, 1))
    """Exponent `a`: each like of a viewer with n likes has the weight n^-a; 0 weighs all likes the
    same."""


class Bpr(Model[BprConfig]):
    """Bayesian personalised ranking (Rendle et al. 2009) of factored item similarities.

    "BPR: Bayesian personalized ranking from implicit feedback", UAI 2009, is a criterion for any
    model: pairs in the right order. The model here is that of Kabbur, Ning & Karypis 2013, "FISM:
    factored item similarity models for top-N recommender systems", KDD: a viewer is the sum of the
    films they liked, so no viewer is stored. The film that must rank below a like is the hardest
    of several (Zhang et al. 2013, "Optimizing top-N collaborative filtering via dynamic negative
    item sampling", SIGIR).
    """

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        by_user = self.weigh(liked_alone(interactions, self.config))
        history_factors, item_factors = self._learn(by_user, rng)
        counts = np.diff(by_user.indptr)
        learned = np.zeros(by_user.shape[1], dtype=np.bool_)
        learned[by_user.indices[np.repeat(counts > 1, counts)]] = True
        history_factors[~learned] = 0  # their random initial values would count as evidence
        self.arrays["history_factors"] = history_factors
        self.arrays["item_factors"] = item_factors
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        own, factors = self.factors(histories)
        return own @ factors.T

    def factors(self, histories: Histories) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        weights = self.weigh(histories)
        own = weights @ self.arrays["history_factors"]
        own *= _scale(np.diff(weights.indptr))[:, None]
        return own, self.arrays["item_factors"]

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], items)

    @property
    def item_vectors(self) -> NDArray[np.float32]:
        return self.arrays["item_factors"]

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        weights = self.rating_weights(histories)
        weights = weights * _scale(np.array([np.count_nonzero(weights)]))
        features = self.arrays["history_factors"][histories.items] * weights[:, None]
        return self.arrays["item_factors"][items] @ features.T

    def _learn(
        self, by_user: sp.csr_array, rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        from matinee.kernels.pairwise import learn_pairs

        config, shape = self.config, (by_user.shape[1], self.config.factors)
        spread = np.float32(_INITIAL_SPREAD / np.sqrt(config.factors))
        history_factors, item_factors = (
            rng.standard_normal(shape, dtype=np.float32) * spread for _ in range(2)
        )
        learn_pairs(
            by_user.indptr,
            by_user.indices,
            like_weights(np.diff(by_user.indptr), config.activity_discount),
            history_factors,
            item_factors,
            config.epochs,
            np.float32(config.rate),
            np.float32(config.l2),
            max(1, min(config.negatives, shape[0] // _FILMS_PER_NEGATIVE)),
            np.uint64(rng.integers(1, 2**63)),
        )
        return history_factors, item_factors


def like_weights(counts: NDArray[np.integer], discount: float) -> NDArray[np.float32]:
    """Weight of each like of a user, `float32[n]`, by the users' numbers of likes.

    The mean over all likes is 1, so that the discount does not change the pace of learning.
    """
    powers = np.maximum(counts, 1).astype(np.float64) ** -discount
    weights: NDArray[np.float64] = powers * (counts.sum() / (powers @ counts))
    return weights.astype(np.float32)


def _scale(counts: NDArray[np.integer]) -> NDArray[np.float32]:
    """Factor of the sum over a history: one over the root of its length."""
    return (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)
