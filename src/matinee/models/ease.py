"""EASE: a linear autoencoder from one matrix inversion."""

from __future__ import annotations

from typing import Self

import numpy as np
from pydantic import Field, PositiveFloat

from matinee.data import Catalog, Interactions
from matinee.models import Weighting, search, span
from matinee.models._shared.item_to_item import (
    ItemToItem,
    like_counts,
    regularised_inverse,
    symmetric,
)

__all__ = ["Ease", "EaseConfig"]


class EaseConfig(Weighting):
    """Options of `Ease`."""

    l2: PositiveFloat = Field(
        300.0, json_schema_extra=search(50, 100, 200, 300, 500, 1000) | span(10, 5000, log=True)
    )
    """Added to the diagonal of the item-item Gram matrix; higher with more viewers."""


class Ease(ItemToItem[EaseConfig]):
    """Shallow linear autoencoder with a zero diagonal, in closed form (Steck 2019).

    "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019. With `P` the inverse of the
    regularised Gram matrix, film `j` of a history adds `-P[j, i] / P[i, i]` to film `i`.
    """

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        weights = self.weigh(interactions)
        self.arrays["likes"] = like_counts(weights)
        inverse = regularised_inverse(weights, np.full(weights.shape[1], self.config.l2))
        # weights = -P / diag(P), column by column, with zeros on the diagonal
        self.arrays["weights"] = symmetric(
            inverse, scale=-1 / np.diagonal(inverse), diagonal=np.zeros(len(inverse))
        )
        return self
