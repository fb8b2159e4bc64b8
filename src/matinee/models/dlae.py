"""A linear autoencoder that learns to find what was left out of a history."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat

from matinee.data import Catalog, Interactions
from matinee.models import Config, search
from matinee.models._shared.feedback import damped_popularity, likes, weighted_histories
from matinee.models._shared.item_to_item import ItemToItem, gram_of, regularised_inverse, whole
from matinee.models._shared.worth import HalfLife, HalfLifeFilms

__all__ = ["Dlae", "DlaeConfig"]


class DlaeConfig(Config):
    """Options of `Dlae`."""

    l2: PositiveFloat = Field(200.0, json_schema_extra=search(100, 200, 400))
    """Added to the diagonal of the item-item Gram matrix; higher with more viewers."""
    dropout: NonNegativeFloat = Field(0.45, lt=1)
    """Share of every history that is thought to be missing while the rest must explain it."""
    activity_discount: NonNegativeFloat = Field(0.3, le=1)
    """Exponent: a viewer with n likes counts as n to the minus this; 0 counts all alike."""
    lowest_worth: float = Field(0.6, gt=0, le=1, json_schema_extra=search(0.6, 1))
    """What the lowest rating of the scale is worth against 1 for the highest, those between in
    proportion; 1 makes no difference between ratings."""
    half_life: HalfLife = 0.0
    half_life_films: HalfLifeFilms = 0.0
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class Dlae(ItemToItem):
    """Linear autoencoder trained by dropout, in closed form (Steck 2020).

    "Autoencoders that don't overfit towards the identity", NeurIPS 2020. Averaged over all ways to
    leave out a share `p` of the input, the least squares have the solution `(G + L)^-1 G` with
    `L = p / (1 - p) diag(G) + l2`: a penalty that grows with a film's likes takes the place of
    EASE's zero diagonal.

    Beyond the paper, `G` counts very active viewers less and low ratings less.
    """

    Config: ClassVar[type[Config]] = DlaeConfig

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        liked = likes(interactions, self.config.min_rating)
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        inverse = self._gram(interactions, catalog)
        odds = self.config.dropout / (1 - self.config.dropout)
        ridge = odds * np.diagonal(inverse) + self.config.l2
        regularised_inverse(inverse, ridge)
        self.arrays["weights"] = whole(inverse, -ridge, 1 - np.diagonal(inverse) * ridge)
        self.arrays["likes"] = liked.sum(axis=0).astype(np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def _gram(self, interactions: Interactions, catalog: Catalog) -> NDArray[np.float64]:
        """What the films have in common, on and above the diagonal, `float64[n_items, n_items]`."""
        return gram_of(self._weighted(interactions.matrix))

    def _weighted(self, ratings: sp.csr_array) -> sp.csr_array:
        """Worth of every like times the root of its viewer's weight, `float32[n_users, n_items]`.

        Viewers' weights have a mean of 1, so that `l2` means the same with any discount.
        """
        matrix = weighted_histories(ratings, self.worth(ratings.data))
        counts = np.diff(matrix.indptr)
        weights = np.maximum(counts, 1).astype(np.float64) ** -self.config.activity_discount
        weights /= weights[counts > 0].mean()
        matrix.data *= np.repeat(np.sqrt(weights), counts).astype(np.float32)
        return matrix
