"""Popularity: the ranking without personalisation, and biases of films and viewers."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat

from matinee.data import Catalog, Histories, Interactions
from matinee.models import Config, Model, span
from matinee.models._shared.biases import user_biases
from matinee.models._shared.popularity import POPULARITY_DAMPING, damped_means, damped_popularity

__all__ = ["Popular", "PopularConfig"]


class PopularConfig(Config):
    """Options of `Popular`."""

    damping: NonNegativeFloat = Field(POPULARITY_DAMPING, json_schema_extra=span(0, 100))
    """Pseudo-ratings at the global mean added to every film."""
    user_damping: NonNegativeFloat = Field(5.0, json_schema_extra=span(0, 30))
    """Pseudo-ratings without deviation added to every viewer, for predicted ratings."""


class Popular(Model[PopularConfig]):
    """Damped popularity, the same ranking for everybody: the baseline every model must beat.

    A film's score is its damped mean times its number of ratings. A predicted rating is the film's
    damped mean plus the viewer's damped mean deviation from such means.
    """

    predicts_ratings: ClassVar[bool] = True
    personal: ClassVar[bool] = False

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        self.arrays["means"], _ = damped_means(interactions, self.config.damping)
        self.arrays["prior"] = damped_popularity(interactions, self.config.damping)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return np.tile(self.arrays["prior"], (len(histories), 1))

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        means = self.arrays["means"]
        biases = user_biases(histories, means, self.config.user_damping)
        rows = np.repeat(biases, np.diff(wanted.indptr))
        predicted: NDArray[np.float32] = np.clip(
            means[wanted.indices] + rows, *self.arrays["scale"]
        )
        return predicted.astype(np.float32)
