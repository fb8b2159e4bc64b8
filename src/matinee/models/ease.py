"""EASE: every film explains every other, in one matrix inversion."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from pydantic import Field, PositiveFloat

from matinee.data import Catalog, Interactions
from matinee.models import Config, search
from matinee.models._shared.feedback import damped_popularity, likes, weighted_histories
from matinee.models._shared.item_to_item import ItemToItem, gram_of, regularised_inverse, whole
from matinee.models._shared.worth import HalfLife, HalfLifeFilms, LowestWorth

__all__ = ["Ease", "EaseConfig"]


class EaseConfig(Config):
    """Options of `Ease`."""

    l2: PositiveFloat = Field(300.0, json_schema_extra=search(50, 100, 200, 300, 500, 1000))
    """Added to the diagonal of the item-item Gram matrix; higher with more viewers."""
    lowest_worth: LowestWorth = 1.0
    half_life: HalfLife = 0.0
    half_life_films: HalfLifeFilms = 0.0
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class Ease(ItemToItem):
    """Shallow linear autoencoder with a zero diagonal, fitted in closed form (Steck 2019).

    "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019. With `P` the inverse of the
    regularised Gram matrix, film `j` of a history adds `-P[j, i] / P[i, i]` to film `i`.
    """

    Config: ClassVar[type[Config]] = EaseConfig

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        liked = likes(interactions, self.config.min_rating)
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        ratings = interactions.matrix
        inverse = gram_of(weighted_histories(ratings, self.worth(ratings.data)))
        regularised_inverse(inverse, np.full(len(inverse), self.config.l2))
        nothing = np.zeros(len(inverse))
        self.arrays["weights"] = whole(inverse, -1 / np.diagonal(inverse), nothing)
        self.arrays["likes"] = liked.sum(axis=0).astype(np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self
