"""What everybody watches, and what everybody thinks of it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import NonNegativeFloat

from matinee.data import Catalog, Interactions, Query
from matinee.models import Config, Model
from matinee.models._shared.feedback import POPULARITY_DAMPING, damped_means, damped_popularity

__all__ = ["Popular", "PopularConfig"]


class PopularConfig(Config):
    """Options of `Popular`."""

    damping: NonNegativeFloat = POPULARITY_DAMPING
    """Ratings of the global mean that every film is given before its own are counted."""
    viewer_damping: NonNegativeFloat = 5.0
    """The same for a viewer's habit of rating higher or lower than others, in `predict`."""


class Popular(Model):
    """Damped popularity: the same ranking for everybody; what every other model must beat.

    A film's score is its damped mean times its number of ratings; a predicted rating is the film's
    damped mean plus the viewer's damped mean deviation from such means.
    """

    Config: ClassVar[type[Config]] = PopularConfig
    predicts_ratings: ClassVar[bool] = True
    personal: ClassVar[bool] = False

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        means, _ = damped_means(interactions, self.config.damping)
        self.arrays: dict[str, NDArray[Any]] = {
            "prior": damped_popularity(interactions, self.config.damping),
            "means": means,
            "scale": np.array(interactions.scale, dtype=np.float32),
        }
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        return np.array(self.arrays["prior"])

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        return np.tile(self.arrays["prior"], (histories.shape[0], 1))

    def predict(self, query: Query, items: NDArray[np.int32]) -> NDArray[np.float32]:
        means = self.arrays["means"]
        deviations = query.values - means[query.items]
        habit = deviations.sum() / max(len(query) + self.config.viewer_damping, 1.0)
        predicted: NDArray[np.float32] = np.clip(means[items] + habit, *self.arrays["scale"])
        return predicted.astype(np.float32)
