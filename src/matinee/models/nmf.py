"""Non-negative matrix factorisation: ratings as sums of parts."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Catalog, Histories, Interactions, rows_of
from matinee.errors import InputError
from matinee.models import (
    Model,
    RatingsConfig,
    cosine_rows,
    damped_for_lists,
    rating_counts,
    require_ratings,
    search,
    span,
)
from matinee.models._shared.factors import pair_products

__all__ = ["Nmf", "NmfConfig"]


class NmfConfig(RatingsConfig):
    """Options of `Nmf`."""

    factors: PositiveInt = Field(15, json_schema_extra=span(5, 60, log=True))
    """Number of parts, the factors of a film and of a viewer."""
    epochs: PositiveInt = Field(150, json_schema_extra=span(30, 300, log=True))
    """Rounds; each updates all viewers and then all films."""
    l2: NonNegativeFloat = Field(
        0.13, json_schema_extra=search(0.1, 0.13, 0.16) | span(0.01, 1, log=True)
    )
    """Penalty of the factors, times the number of ratings of a viewer or of a film."""
    fold_in_steps: PositiveInt = Field(50, json_schema_extra=span(10, 200, log=True))
    """Updates of a viewer's factors in the fold-in."""


class Nmf(Model[NmfConfig]):
    """Non-negative matrix factorisation by multiplicative updates (Lee & Seung 2001).

    "Algorithms for non-negative matrix factorization", NIPS, restricted to observed ratings and
    with a penalty (Zhang et al. 2006, SDM). A rating is predicted as film factors times viewer
    factors, without biases. Only the films' side is stored; a viewer's factors are folded in by
    updates that start from the average viewer.

    Scores are predicted ratings before they are clipped to the scale, damped by `list_damping`. An
    empty history is scored by the prior and predicted for the average viewer.
    """

    predicts_ratings: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.compiled import csr
        from matinee.kernels.multiply import multiply

        require_ratings(interactions)
        if interactions.values.min() < 0:
            raise InputError(
                "nmf cannot learn from ratings more than a quarter of the scale below its lowest "
                "rating; use svd"
            )
        by_user = interactions.matrix
        by_item = by_user.T.tocsr()
        level = np.sqrt(interactions.values.mean(dtype=np.float64) / self.config.factors)
        users, items = (
            (rng.uniform(0.5, 1.5, (n, self.config.factors)) * level).astype(np.float32)
            for n in by_user.shape
        )
        l2 = np.float32(self.config.l2)
        for _ in range(self.config.epochs):
            multiply(csr(by_user), items, l2, 1, users)
            multiply(csr(by_item), users, l2, 1, items)
        rated = np.diff(by_item.indptr) > 0
        items[~rated] = items[rated].mean(axis=0)
        self.arrays["item_factors"] = items
        self.arrays["rating_counts"] = rating_counts(interactions)
        self.arrays["average_viewer"] = users[np.diff(by_user.indptr) > 0].mean(axis=0)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        scores: NDArray[np.float32] = self._fold_in(histories) @ self.arrays["item_factors"].T
        return damped_for_lists(self, scores, histories)

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        own, items = self._fold_in(histories), self.arrays["item_factors"]
        rows = rows_of(wanted)
        predicted = pair_products(own, rows, items, wanted.indices)
        return np.clip(predicted, *self.arrays["scale"])

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], items)

    @property
    def item_vectors(self) -> NDArray[np.float32]:
        return self.arrays["item_factors"]

    def _fold_in(self, histories: Histories) -> NDArray[np.float32]:
        """Factors of every user, `float32[n, factors]`; the average user's without a history.

        Raises:
            InputError: a rating is below 0 stars.
        """
        from matinee.kernels.compiled import csr, serial
        from matinee.kernels.multiply import multiply

        if len(histories.values) and histories.values.min() < 0:
            raise InputError(
                "nmf cannot use ratings more than a quarter of the scale below its lowest rating"
            )
        own = np.tile(self.arrays["average_viewer"], (len(histories), 1))
        update = serial(multiply) if len(histories) == 1 else multiply
        l2, steps = np.float32(self.config.l2), self.config.fold_in_steps
        update(csr(histories.ratings), self.arrays["item_factors"], l2, steps, own)
        return own
