"""What everybody watches lately."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat

from matinee.data import Catalog, Interactions, Query
from matinee.models import Config, Model, search
from matinee.models._shared.feedback import damped_means

__all__ = ["Trending", "TrendingConfig"]

_DAY = 86_400


class TrendingConfig(Config):
    """Options of `Trending`."""

    half_life: PositiveFloat = Field(90.0, json_schema_extra=search(7, 30, 90, 365))
    """Days after which a rating counts half; the time is counted back from the latest rating."""
    damping: float = Field(10.0, ge=0)
    """Ratings of the global mean that every film is given before its own are counted."""


class Trending(Model):
    """Popularity that forgets: the same ranking for everybody, of what is watched now.

    A film's score is its damped mean times the number of its ratings, each counted
    `0.5 ** (age / half_life)`. Ratings without a time count as the oldest there are. Fading is
    exponential, so that the moment of the request changes no order, only new ratings do.
    """

    Config: ClassVar[type[Config]] = TrendingConfig
    personal: ClassVar[bool] = False

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        means, _ = damped_means(interactions, self.config.damping)
        recent = np.bincount(
            interactions.items,
            weights=_faded(interactions.times, self.config.half_life),
            minlength=interactions.n_items,
        )
        self.arrays["prior"] = (means * recent).astype(np.float32)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        return np.array(self.arrays["prior"])

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        return np.tile(self.arrays["prior"], (histories.shape[0], 1))


def _faded(times: NDArray[np.int64], half_life: float) -> NDArray[np.float64]:
    """What a rating still counts, `float64[n]`, from its time in Unix seconds; 0 is unknown."""
    known = times != 0
    if not known.any():
        return np.ones(len(times))
    when = np.where(known, times, times[known].min())
    days = (when.max() - when) // _DAY  # whole ones: an hour makes no film less popular
    return np.asarray(0.5 ** (days / half_life))
