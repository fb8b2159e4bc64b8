"""Popularity with exponential decay: the films that are watched now."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat

from matinee.data import Catalog, Histories, Interactions
from matinee.models import Config, Model, search, span
from matinee.models._shared.popularity import recent_popularity

__all__ = ["Trending", "TrendingConfig"]


class TrendingConfig(Config):
    """Options of `Trending`."""

    half_life: PositiveFloat = Field(
        90.0, json_schema_extra=search(7, 30, 90, 365) | span(1, 1000, log=True)
    )
    """Days until a rating has half its weight, counted back from the latest rating of all."""
    damping: float = Field(10.0, ge=0, json_schema_extra=span(0, 100))
    """Pseudo-ratings at the global mean added to every film."""


class Trending(Model[TrendingConfig]):
    """Popularity with exponential decay; the same ranking for everybody.

    A film's score is its damped mean times its number of ratings, each weighed by
    `0.5 ** (age / half_life)`. Ratings without a time are as old as the oldest one. Because decay
    is exponential, new ratings change the order of films and the time of a request does not.
    """

    personal: ClassVar[bool] = False

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config = self.config
        self.arrays["prior"] = recent_popularity(interactions, config.half_life, config.damping)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return np.tile(self.arrays["prior"], (len(histories), 1))
