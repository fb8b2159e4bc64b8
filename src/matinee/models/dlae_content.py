"""The linear autoencoder with what films are about as viewers of its own."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat

from matinee.content.features import encode
from matinee.data import Catalog, Interactions
from matinee.errors import InputError
from matinee.models import Config, search
from matinee.models.dlae import Dlae, DlaeConfig

__all__ = ["DlaeContent", "DlaeContentConfig"]

_FIELDS = ("genres", "people", "keywords", "decade")
"""What two films may have in common."""


class DlaeContentConfig(DlaeConfig):
    """Options of `DlaeContent`."""

    l2: PositiveFloat = Field(150.0, json_schema_extra=search(150, 400))
    """Added to the diagonal of the item-item Gram matrix; higher with more viewers."""
    lowest_worth: float = Field(0.6, gt=0, le=1)
    """What the lowest rating of the scale is worth against 1 for the highest, those between in
    proportion; 1 makes no difference between ratings."""
    facts_weight: PositiveFloat = 2.0
    """How many viewers a fact counts as that two films have in common."""


class DlaeContent(Dlae):
    """`Dlae` with the films' features below the viewers, the collective EASE of Jeunen et al. 2020.

    "Closed-form models for collaborative filtering with side-information", RecSys 2020: every
    feature is one more viewer, who has all films of that feature.
    """

    Config: ClassVar[type[Config]] = DlaeContentConfig
    reads_catalog: ClassVar[bool] = True

    def _gram(self, interactions: Interactions, catalog: Catalog) -> NDArray[np.float64]:
        if len(catalog) != interactions.n_items:
            raise InputError(
                f"the catalogue has {len(catalog):,} films and the ratings are of "
                f"{interactions.n_items:,}; both must be over the same rows"
            )
        gram = super()._gram(interactions, catalog)
        facts = encode(catalog, _FIELDS).matrix
        gram += self.config.facts_weight * (facts @ facts.T).toarray()
        return gram
