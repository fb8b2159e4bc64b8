"""Films that nobody has rated: what their descriptions say about scores and factors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.description import film_features
from matinee.data import Catalog
from matinee.models._shared.priors import dual_ridge

__all__ = ["Descriptions"]

_L2 = 5.0
"""Penalty of the regressions."""


@dataclass(frozen=True, eq=False)
class Descriptions:
    """Descriptions of rated and unrated films.

    Attributes:
        rated: `bool[n_items]`.
        known, unknown: `float32[_, n_features]`, features of rated and of unrated films.
    """

    rated: NDArray[np.bool_]
    known: sp.csr_array
    unknown: sp.csr_array

    @classmethod
    def of(cls, catalog: Catalog, rated: NDArray[np.bool_]) -> Descriptions:
        """Descriptions of all films; features of rated films are all that is learned from."""
        if rated.all():
            nothing = sp.csr_array((0, 0), dtype=np.float32)
            return cls(rated, nothing, nothing)
        features = film_features(catalog)
        return cls(rated, features[rated], features[~rated])

    def regressed(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Values of unrated films by ridge regression on those of rated ones, `[m, k]`.

        Args:
            values: `float32[n_items, k]`; those of unrated films are ignored.
        """
        from matinee.kernels.threads import one_blas_thread_each

        own = values[self.rated].astype(np.float64)
        means = own.mean(axis=0)
        with one_blas_thread_each():
            if self.unknown.shape[0] <= own.shape[1]:
                return (means + self._shares.T @ (own - means)).astype(np.float32)
            dual = dual_ridge(self.known, own - means, _L2)
            predicted = self.unknown @ (self.known.T @ dual)
        return (means + predicted).astype(np.float32)

    @cached_property
    def _shares(self) -> NDArray[np.float64]:
        """Shares of the rated films in each prediction, `float64[n_rated, m]`.

        A ridge regression is linear in the values it learns from. With few unrated films its
        transpose is solved instead, once for all values.
        """
        return dual_ridge(self.known, (self.known @ self.unknown.T).toarray(), _L2)

    def fill(self, factors: NDArray[np.float32]) -> None:
        """Replaces factors of unrated films, `float32[n_items, f]`, by regressed ones, in place."""
        if not self.rated.all() and self.rated.any():
            factors[~self.rated] = self.regressed(factors)

    def below(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Scores with those of unrated films regressed, and moved below those of all others.

        `float32[n_items]`. Their differences stay, so that what a viewer likes can outweigh them.
        """
        if self.rated.all() or not self.rated.any():
            return scores
        predicted = self.regressed(scores[:, None])[:, 0]
        moved = scores.copy()
        moved[~self.rated] = predicted - predicted.max() + scores[self.rated].min()
        return moved
