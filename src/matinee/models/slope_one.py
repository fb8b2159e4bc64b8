"""Slope One: ratings predicted from mean differences between films."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat

from matinee.data import Catalog, Histories, Interactions
from matinee.models import Config, Model, search, span
from matinee.models._shared.biases import baseline_levels, user_biases

__all__ = ["SlopeOne", "SlopeOneConfig"]


class SlopeOneConfig(Config):
    """Options of `SlopeOne`."""

    damping: NonNegativeFloat = Field(
        300.0, json_schema_extra=search(30, 300, 1000) | span(3, 3000, log=True)
    )
    """Weight of the baseline in a prediction, in common viewers."""
    item_damping: NonNegativeFloat = Field(3.0, json_schema_extra=span(0, 30))
    """Penalty of a film's bias in the baseline, in ratings."""
    user_damping: NonNegativeFloat = Field(5.0, json_schema_extra=span(0, 30))
    """Penalty of a viewer's bias in the baseline, in ratings."""


class SlopeOne(Model[SlopeOneConfig]):
    """Weighted Slope One with damping (Lemire & Maclachlan 2005).

    "Slope One predictors for online rating-based collaborative filtering", SDM. The difference
    between two films is the mean difference of their ratings by common viewers. A prediction is the
    mean over the films of the history of their rating plus that difference, weighted by the
    number of common viewers, and damped towards mean + film bias + viewer bias. The ranking is the
    prior for everybody, because differences are the same for all viewers and say little of taste.
    """

    predicts_ratings: ClassVar[bool] = True
    personal: ClassVar[bool] = False

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.compiled import csr
        from matinee.kernels.cooccurrence import count_common, sum_common

        config, by_user = self.config, interactions.matrix
        levels = baseline_levels(interactions, config.item_damping, config.user_damping)
        by_item = by_user.T.tocsr()
        counts, differences = np.empty((2, len(levels), len(levels)), dtype=np.float32)
        count_common(csr(by_user), csr(by_item), 0, counts)
        ones = np.ones_like(by_user.data)
        sum_common((by_user.indptr, by_user.indices, ones), csr(by_item), 0, differences)
        differences -= differences.T  # sums of r_i - r_j over the viewers of both films
        np.fill_diagonal(counts, 0)  # a rating of the film itself must not enter its prediction
        self.arrays["counts"] = counts
        self.arrays["differences"] = differences
        self.arrays["levels"] = levels
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return np.tile(self.arrays["prior"], (len(histories), 1))

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        levels, damping = self.arrays["levels"], self.config.damping
        biases = user_biases(histories, levels, self.config.user_damping)
        baseline = levels[wanted.indices] + np.repeat(biases, np.diff(wanted.indptr))
        totals, weights = np.empty((2, wanted.nnz))
        for row in range(len(histories)):
            rated = slice(*histories.starts[row : row + 2])
            entries = slice(*wanted.indptr[row : row + 2])
            pairs = np.ix_(wanted.indices[entries], histories.items[rated])
            counts = self.arrays["counts"][pairs]
            sums = self.arrays["differences"][pairs].sum(axis=1)
            totals[entries] = counts @ histories.values[rated] + sums
            weights[entries] = counts.sum(axis=1) + damping
        stars = (totals + damping * baseline) / np.maximum(weights, 1e-9)
        stars = np.where(weights > 0, stars, baseline)
        return np.clip(stars, *self.arrays["scale"]).astype(np.float32)
