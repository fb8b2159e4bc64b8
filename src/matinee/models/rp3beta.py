"""RP3beta: a random walk of three steps with a discount for popular films."""

from __future__ import annotations

from typing import Self

import numpy as np
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from matinee.data import Catalog, Interactions
from matinee.models import CountsConfig, search, span
from matinee.models._shared.dislikes import liked_alone
from matinee.models._shared.item_graph import ItemGraph, blocks, largest

__all__ = ["Rp3beta", "Rp3betaConfig"]


class Rp3betaConfig(CountsConfig):
    """Options of `Rp3beta`."""

    neighbours: PositiveInt = Field(200, json_schema_extra=span(20, 500, log=True))
    """Number of films stored for each film: those from which it is reached most often."""
    alpha: PositiveFloat = Field(0.8, le=3, json_schema_extra=search(0.6, 0.9) | span(0.2, 2))
    """Exponent of the probability of every step; below 1 makes probabilities more equal."""
    beta: NonNegativeFloat = Field(0.5, le=3, json_schema_extra=search(0.3, 0.5, 0.7) | span(0, 1))
    """A film's score is divided by its number of likes to this power; 0 favours popular films."""


class Rp3beta(ItemGraph[Rp3betaConfig]):
    """Random walk from a film to its viewers to their other films (Paudel et al. 2017).

    "Updatable, accurate, diverse, and scalable recommendations for interactive applications", ACM
    TiiS 7(1). The weight of film `j` for film `i` is the probability to walk from `j` to `i` by a
    random viewer of `j` and a random like of this viewer, each step to the power `alpha`, divided
    by `likes_i ** beta`.
    """

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.cooccurrence import sum_common

        likes = self.weigh(liked_alone(interactions, self.config))
        by_item = likes.T.tocsr()
        n_items = likes.shape[1]
        user_likes, item_likes = np.diff(likes.indptr), np.diff(by_item.indptr)
        alpha = np.float32(self.config.alpha)
        to_user = item_likes[likes.indices].astype(np.float32) ** -alpha
        to_item = user_likes[by_item.indices].astype(np.float32) ** -alpha
        users = (likes.indptr, likes.indices, to_user)
        items = (by_item.indptr, by_item.indices, to_item)
        popularity = np.maximum(item_likes, 1).astype(np.float32) ** np.float32(self.config.beta)
        k = max(1, min(self.config.neighbours, n_items - 1))
        films = np.empty((n_items, k), dtype=np.int32)
        weights = np.empty((n_items, k), dtype=np.float32)
        for first, walks in blocks(n_items):
            rows = np.arange(first, first + len(walks))
            sum_common(users, items, first, walks)
            np.divide(walks, popularity[rows, None], out=walks)
            walks[np.arange(len(walks)), rows] = 0
            films[rows], weights[rows] = largest(walks, k)
        self._keep(films, weights)
        return self
