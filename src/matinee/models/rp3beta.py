"""A random walk of three steps that is not drawn to popular films."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from matinee.data import Catalog, Interactions
from matinee.models import Config, search
from matinee.models._shared.feedback import damped_popularity, likes
from matinee.models._shared.item_graph import ItemGraph, blocks, largest

__all__ = ["Rp3beta", "Rp3betaConfig"]


class Rp3betaConfig(Config):
    """Options of `Rp3beta`."""

    neighbours: PositiveInt = 200
    """How many films are kept for each film, those from which it is reached most."""
    alpha: PositiveFloat = Field(0.8, le=3, json_schema_extra=search(0.6, 0.9))
    """Exponent of the chance of every step; below 1 evens out chances."""
    beta: NonNegativeFloat = Field(0.5, le=3, json_schema_extra=search(0.3, 0.5, 0.7))
    """Exponent of a film's likes that its score is divided by; 0 favours popular films."""
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class Rp3beta(ItemGraph):
    """From a film to its viewers to their other films (Paudel et al. 2017).

    "Updatable, accurate, diverse, and scalable recommendations for interactive applications", ACM
    TiiS 7(1). The chance to come from film `j` to film `i` by a random viewer of `j` and a random
    like of theirs, each step to the power `alpha`, over `likes_i ** beta`.
    """

    Config: ClassVar[type[Config]] = Rp3betaConfig

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.cooccurrence import sum_common  # noqa: PLC0415  brings numba

        matrix = likes(interactions, self.config.min_rating)
        by_item = matrix.T.tocsr()
        users, items = (matrix.indptr, matrix.indices), (by_item.indptr, by_item.indices)
        n_items = matrix.shape[1]
        viewer_likes, film_likes = np.diff(matrix.indptr), np.diff(by_item.indptr)
        alpha = np.float32(self.config.alpha)
        to_viewer = film_likes[matrix.indices].astype(np.float32) ** -alpha
        to_film = viewer_likes[by_item.indices].astype(np.float32) ** -alpha
        fame = np.maximum(film_likes, 1).astype(np.float32) ** np.float32(self.config.beta)
        k = max(1, min(self.config.neighbours, n_items - 1))
        films = np.empty((n_items, k), dtype=np.int32)
        weights = np.empty((n_items, k), dtype=np.float32)
        for first, chances in blocks(n_items):
            rows = np.arange(first, first + len(chances))
            sum_common(*users, to_viewer, *items, to_film, first, chances)
            np.divide(chances, fame[rows, None], out=chances)
            chances[np.arange(len(chances)), rows] = 0
            films[rows], weights[rows] = largest(chances, k)
        self._keep(films, weights)
        self.arrays["prior"] = damped_popularity(interactions)
        return self
