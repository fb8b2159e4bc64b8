"""EASE: every film explains every other, in one matrix inversion."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from pydantic import Field, PositiveFloat

from matinee.data import Catalog, Interactions
from matinee.models import Config, search
from matinee.models._feedback import damped_popularity, likes
from matinee.models._item_to_item import ItemToItem, gram_of, regularised_inverse

__all__ = ["Ease", "EaseConfig"]


class EaseConfig(Config):
    """Options of `Ease`."""

    l2: PositiveFloat = Field(300.0, json_schema_extra=search(50, 100, 200, 300, 500, 1000))
    """Added to the diagonal of the item-item Gram matrix; higher with more viewers."""
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
        matrix = likes(interactions, self.config.min_rating)
        weights = gram_of(matrix)
        diagonal = regularised_inverse(weights, np.full(len(weights), self.config.l2))
        weights /= -diagonal.astype(np.float32)
        np.fill_diagonal(weights, 0)
        self.arrays["weights"] = weights
        self.arrays["likes"] = matrix.sum(axis=0).astype(np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self
