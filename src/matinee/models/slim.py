"""SLIM: each film is predicted from few others by an elastic net."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from matinee.data import Catalog, Interactions
from matinee.models import CountsConfig, search, span
from matinee.models._shared.item_graph import ItemGraph, largest
from matinee.models._shared.item_to_item import gram_of, symmetric

__all__ = ["Slim", "SlimConfig"]


class SlimConfig(CountsConfig):
    """Options of `Slim`."""

    l1: NonNegativeFloat = Field(1.0, json_schema_extra=search(0.3, 3) | span(0.01, 30, log=True))
    """Penalty of absolute weights; higher leaves fewer weights."""
    l2: PositiveFloat = Field(
        100.0, json_schema_extra=search(100, 200, 400) | span(10, 2000, log=True)
    )
    """Penalty of squared weights; higher with more viewers."""
    neighbours: PositiveInt = Field(200, json_schema_extra=span(20, 500, log=True))
    """Number of most similar films that can have a weight for a film."""
    negative: bool = True
    """Whether weights can be negative; those of the paper cannot."""
    sweeps: PositiveInt = Field(100, json_schema_extra=span(10, 200, log=True))
    """Largest number of passes over the weights of a film."""


class Slim(ItemGraph[SlimConfig]):
    """Sparse linear method (Ning & Karypis 2011): one elastic net per film.

    "SLIM: sparse linear methods for top-N recommender systems", ICDM 2011. Candidates for the
    weights of a film are chosen beforehand by cosine, as in the paper's fsSLIM.
    """

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.coordinate_descent import elastic_nets

        config = self.config
        gram = symmetric(gram_of(self.weigh(interactions)))
        films = _nearest(gram, config.neighbours)
        weights = np.empty(films.shape, dtype=np.float32)
        least = -np.inf if config.negative else 0.0
        elastic_nets(gram, films, config.l1, config.l2, least, config.sweeps, weights)
        self._keep(films, weights)
        return self


def _nearest(gram: NDArray[np.float32], k: int) -> NDArray[np.int32]:
    """The `k` items of highest cosine to each, `int32[n_items, k]`, in ascending order."""
    n_items = len(gram)
    k = max(1, min(k, n_items - 1))
    norms = np.sqrt(np.maximum(np.diagonal(gram), 1))
    nearest = np.empty((n_items, k), dtype=np.int32)
    for item in range(n_items):
        cosine = gram[item] / norms
        cosine[item] = -1
        nearest[item] = np.sort(largest(cosine[None], k)[0][0])
    return nearest
