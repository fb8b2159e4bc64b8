"""DLAE: a linear autoencoder trained with dropout, in closed form."""

from __future__ import annotations

from typing import Self

import numpy as np

from matinee.data import Catalog, Interactions
from matinee.models._shared.denoising import DenoisingConfig, denoising_weights, discount_activity
from matinee.models._shared.item_to_item import ItemToItem, like_counts

__all__ = ["Dlae", "DlaeConfig"]


class DlaeConfig(DenoisingConfig):
    """Options of `Dlae`."""


class Dlae(ItemToItem[DlaeConfig]):
    """Linear autoencoder trained with dropout, in closed form (Steck 2020).

    "Autoencoders that don't overfit towards the identity", NeurIPS 2020. Averaged over all ways to
    drop a share `p` of the input, the least squares have the solution `(G + L)^-1 G` with
    `L = p / (1 - p) diag(G) + l2`. This penalty grows with a film's likes and takes the place of
    the zero diagonal of EASE.

    Beyond the paper, very active viewers and low ratings weigh less in `G`.
    """

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        likes = self.weigh(interactions)
        self.arrays["likes"] = like_counts(likes)
        likes = discount_activity(likes, self.config.activity_discount)
        self.arrays["weights"] = denoising_weights(likes, self.config)
        return self
