"""Every film explained by a few others, most of them not at all."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from matinee.data import Catalog, Interactions
from matinee.models import Config, search
from matinee.models._shared.feedback import damped_popularity, likes
from matinee.models._shared.item_graph import ItemGraph, largest
from matinee.models._shared.item_to_item import gram_of, whole

__all__ = ["Slim", "SlimConfig"]


class SlimConfig(Config):
    """Options of `Slim`."""

    l1: NonNegativeFloat = Field(1.0, json_schema_extra=search(0.3, 3))
    """Penalty of absolute weights: higher leaves fewer films that count."""
    l2: PositiveFloat = Field(100.0, json_schema_extra=search(100, 200, 400))
    """Penalty of squared weights; higher with more viewers."""
    neighbours: PositiveInt = 200
    """How many films, the most alike, each film may be explained by."""
    negative: bool = True
    """Whether a film may also speak against another; the paper's weights cannot."""
    sweeps: PositiveInt = 100
    """Times to go through a film's weights, at most."""
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class Slim(ItemGraph):
    """Sparse linear method (Ning & Karypis 2011), an elastic net a film.

    "SLIM: sparse linear methods for top-N recommender systems", ICDM 2011, with the films that
    may count chosen beforehand by their cosine, the paper's fsSLIM.
    """

    Config: ClassVar[type[Config]] = SlimConfig

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.coordinate_descent import elastic_nets  # noqa: PLC0415  brings numba

        config = self.config
        gram = whole(gram_of(likes(interactions, config.min_rating)))
        films = _most_alike(gram, config.neighbours)
        weights = np.empty(films.shape, dtype=np.float32)
        least = -np.inf if config.negative else 0.0
        elastic_nets(gram, films, config.l1, config.l2, least, config.sweeps, weights)
        self._keep(films, weights)
        self.arrays["prior"] = damped_popularity(interactions)
        return self


def _most_alike(gram: NDArray[np.float32], k: int) -> NDArray[np.int32]:
    """The `k` films of highest cosine to each, `int32[n_items, k]`, in ascending order."""
    n_items = len(gram)
    k = max(1, min(k, n_items - 1))
    norms = np.sqrt(np.maximum(np.diagonal(gram), 1))
    films = np.empty((n_items, k), dtype=np.int32)
    for item in range(n_items):
        cosine = gram[item] / norms
        cosine[item] = -1
        films[item] = np.sort(largest(cosine[None], k)[0][0])
    return films
