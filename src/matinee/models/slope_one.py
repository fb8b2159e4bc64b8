"""Ratings from how much more or less films are given than others by the same viewers."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat

from matinee.data import Catalog, Interactions, Query
from matinee.models import Config, Model, search
from matinee.models._shared.biases import baseline_levels
from matinee.models._shared.feedback import damped_popularity

__all__ = ["SlopeOne", "SlopeOneConfig"]


class SlopeOneConfig(Config):
    """Options of `SlopeOne`."""

    damping: NonNegativeFloat = Field(300.0, json_schema_extra=search(30, 300, 1000))
    """Weight of the baseline beside what the films of the history say, in common viewers."""
    item_damping: NonNegativeFloat = 3.0
    """Penalty of a film's bias in the baseline, in ratings."""
    viewer_damping: NonNegativeFloat = 5.0
    """The same for a viewer's."""


class SlopeOne(Model):
    """Weighted Slope One, damped (Lemire & Maclachlan 2005).

    "Slope One predictors for online rating-based collaborative filtering", SDM. Two films differ by
    the mean difference of what their common viewers gave. A rating is the mean, over the films of
    the history, of what was given to each plus that difference, weighted by the common viewers,
    and drawn towards mean + film bias + viewer bias where these are few. The ranking is the prior
    for everybody: a mean difference does not depend on who asks, so it tells no tastes apart.
    """

    Config: ClassVar[type[Config]] = SlopeOneConfig
    predicts_ratings: ClassVar[bool] = True
    personal: ClassVar[bool] = False

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.cooccurrence import count_common  # noqa: PLC0415  brings numba
        from matinee.kernels.differences import sum_differences  # noqa: PLC0415  the same

        config, by_user = self.config, interactions.matrix
        levels = baseline_levels(interactions, config.item_damping, config.viewer_damping)
        by_item = by_user.T.tocsr()
        counts, differences = np.empty((2, len(levels), len(levels)), dtype=np.float32)
        count_common(by_user.indptr, by_user.indices, by_item.indptr, by_item.indices, 0, counts)
        sum_differences(
            by_user.indptr,
            by_user.indices,
            by_user.data,
            by_item.indptr,
            by_item.indices,
            by_item.data,
            differences,
        )
        np.fill_diagonal(counts, 0)  # what a viewer gave a film already is no evidence of it
        self.arrays["counts"] = counts
        self.arrays["differences"] = differences
        self.arrays["levels"] = levels
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        return np.array(self.arrays["prior"])

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        return np.tile(self.arrays["prior"], (histories.shape[0], 1))

    def predict(self, query: Query, items: NDArray[np.int32]) -> NDArray[np.float32]:
        config, levels = self.config, self.arrays["levels"]
        off = query.values - levels[query.items]
        usual = levels[items] + off.sum() / max(len(query) + config.viewer_damping, 1e-9)
        pairs = np.ix_(items, query.items)
        counts = self.arrays["counts"][pairs]
        said = counts @ query.values + self.arrays["differences"][pairs].sum(axis=1)
        weights = counts.sum(axis=1) + config.damping
        stars = (said + config.damping * usual) / np.maximum(weights, 1e-9)
        stars = np.where(weights > 0, stars, usual)
        clipped: NDArray[np.float32] = np.clip(stars, *self.arrays["scale"]).astype(np.float32)
        return clipped
