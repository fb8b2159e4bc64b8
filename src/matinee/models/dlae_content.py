"""DLAE with features of films as additional users."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from pydantic import Field, PositiveFloat

from matinee.data import Catalog, Interactions
from matinee.models import search, span
from matinee.models._shared.config import LowestPositiveWeight
from matinee.models._shared.denoising import (
    DenoisingConfig,
    denoising_weights,
    discount_activity,
    facts_as_users,
)
from matinee.models._shared.item_to_item import ItemToItem, like_counts

__all__ = ["DlaeContent", "DlaeContentConfig"]


class DlaeContentConfig(DenoisingConfig):
    """Options of `DlaeContent`."""

    lowest_weight: LowestPositiveWeight = 0.6
    l2: PositiveFloat = Field(150.0, json_schema_extra=search(150, 400) | span(20, 2000, log=True))
    """Added to the diagonal of the item-item Gram matrix; higher with more viewers."""
    facts_weight: PositiveFloat = Field(2.0, json_schema_extra=span(0.1, 50, log=True))
    """Weight of a feature that two films share, in viewers."""


class DlaeContent(ItemToItem[DlaeContentConfig]):
    """`Dlae` with one more user for every feature, who likes all films that have it.

    This is the collective EASE of Jeunen et al. 2020, "Closed-form models for collaborative
    filtering with side-information", RecSys 2020, with the penalty of `Dlae`.
    """

    reads_catalog: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        likes = self.weigh(interactions)
        self.arrays["likes"] = like_counts(likes)
        likes = discount_activity(likes, self.config.activity_discount)
        facts = facts_as_users(catalog) * np.float32(np.sqrt(self.config.facts_weight))
        both = sp.csr_array(sp.vstack([likes, facts], format="csr"))
        self.arrays["weights"] = denoising_weights(both, self.config)
        return self
