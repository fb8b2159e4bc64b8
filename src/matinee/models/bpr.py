"""Films before which a viewer would put what they liked are learned from pairs."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from matinee.data import Catalog, Interactions, Query
from matinee.models import Config, Model, search
from matinee.models._shared.feedback import (
    damped_popularity,
    liked,
    liked_histories,
    likes,
    or_prior,
)
from matinee.models._shared.likeness import cosine_rows

__all__ = ["Bpr", "BprConfig"]

_INITIAL_SPREAD = 0.1
"""Standard deviation of factors at the start, over the root of their number."""

_DRAWN_AT_MOST = 100
"""One film in so many, whatever `negatives` says: the highest of nearly all films is one that the
viewer would like, and to learn that it is not takes the model apart."""


class BprConfig(Config):
    """Options of `Bpr`."""

    factors: PositiveInt = 64
    """Numbers that describe what a film says about a viewer, and as many what it offers."""
    epochs: PositiveInt = 20
    """Times to go through all likes."""
    rate: PositiveFloat = 0.05
    """Learning rate of the first epoch; it falls in a straight line."""
    l2: NonNegativeFloat = Field(0.01, json_schema_extra=search(0.01, 0.03))
    """Penalty of factors at each step; higher with fewer likes."""
    negatives: PositiveInt = Field(16, json_schema_extra=search(8, 16))
    """Films drawn for each like, of which the one of highest score must come behind it; more care
    for the top of the list alone, and take films that would be liked for ones that are not. Never
    more than one film in a hundred."""
    activity_discount: NonNegativeFloat = Field(0.3, le=1)
    """Exponent: each like of a viewer with n likes counts as n to the minus this; 0 counts all
    alike."""
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class Bpr(Model):
    """Bayesian personalised ranking (Rendle et al. 2009) of factored item similarities.

    "BPR: Bayesian personalized ranking from implicit feedback", UAI 2009, gives a criterion, pairs
    in the right order, and learns any model by it. The model here is that of Kabbur, Ning &
    Karypis 2013, "FISM: factored item similarity models for top-N recommender systems", KDD: a
    viewer is the sum of the films they liked, so that none has to be stored. The film a like must
    be ahead of is the hardest of several, from Zhang et al. 2013, "Optimizing top-N collaborative
    filtering via dynamic negative item sampling", SIGIR.
    """

    Config: ClassVar[type[Config]] = BprConfig

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        by_user = likes(interactions, self.config.min_rating)
        history_factors, item_factors = self._learn(by_user, rng)
        counts = np.diff(by_user.indptr)
        learned = np.zeros(by_user.shape[1], dtype=np.bool_)
        learned[by_user.indices[np.repeat(counts > 1, counts)]] = True
        history_factors[~learned] = 0  # else their random start would speak for a viewer
        self.arrays["history_factors"] = history_factors
        self.arrays["item_factors"] = item_factors
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        items = query.items[liked(query, self.config.min_rating)]
        own = self.arrays["history_factors"][items].sum(axis=0) * _scale(len(items))
        return or_prior(self.arrays["item_factors"] @ own, self.arrays["prior"])

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        own, factors = self.factors(histories)
        return or_prior(own @ factors.T, self.arrays["prior"])

    def factors(self, histories: sp.csr_array) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        kept = liked_histories(histories, self.config.min_rating)
        own = kept @ self.arrays["history_factors"]
        own *= _scale(np.diff(kept.indptr))[:, None]
        return own, self.arrays["item_factors"]

    def similar(self, item: int) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], item)

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        kept = liked(query, self.config.min_rating)
        features = self.arrays["history_factors"][query.items[kept]]
        parts = np.zeros(len(query), dtype=np.float32)
        parts[kept] = features @ self.arrays["item_factors"][item] * _scale(len(features))
        return parts if parts.any() else None

    def _learn(
        self, by_user: sp.csr_array, rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        from matinee.kernels.pairwise import learn_pairs  # noqa: PLC0415  brings numba

        config = self.config
        spread = np.float32(_INITIAL_SPREAD / np.sqrt(config.factors))
        shape = (by_user.shape[1], config.factors)
        history_factors, item_factors = (
            rng.standard_normal(shape, dtype=np.float32) * spread for _ in range(2)
        )
        learn_pairs(
            by_user.indptr,
            by_user.indices,
            self._weights(np.diff(by_user.indptr)),
            history_factors,
            item_factors,
            config.epochs,
            np.float32(config.rate),
            np.float32(config.l2),
            max(1, min(config.negatives, shape[0] // _DRAWN_AT_MOST)),
            np.uint64(rng.integers(1, 2**63)),
        )
        return history_factors, item_factors

    def _weights(self, counts: NDArray[np.integer]) -> NDArray[np.float32]:
        """Of the likes of each viewer, `float32[n]`; over all likes their mean is 1."""
        discount = np.maximum(counts, 1).astype(np.float64) ** -self.config.activity_discount
        weights: NDArray[np.float64] = discount * (counts.sum() / (discount @ counts))
        return weights.astype(np.float32)


def _scale(counts: NDArray[np.integer] | int) -> NDArray[np.float32]:
    """What the sum over a history is multiplied by: the root of its length under 1."""
    scale: NDArray[np.float32] = (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)
    return scale
