"""User-based nearest neighbours over ratings."""

from __future__ import annotations

from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Catalog, Histories, Interactions
from matinee.models import rating_counts
from matinee.models._shared.biases import baseline_levels, user_biases
from matinee.models._shared.neighbours import (
    Centres,
    RatingNeighbours,
    comparison_values,
    means_and_spreads,
)

__all__ = ["UserKnnRatings"]


class UserKnnRatings(RatingNeighbours):
    """User-user nearest neighbours over ratings (Herlocker et al. 1999, Koren 2010).

    "An algorithmic framework for performing collaborative filtering", SIGIR 1999. A prediction is
    the centre of the rating plus the weighted mean deviation of the most similar viewers' ratings
    of the film from their own centres.

    The neighbours are training viewers. This model therefore stores their ratings, without ids.
    An empty history is scored by the prior and predicted by the centres, as is a film without
    neighbours.
    """

    user_sized = frozenset({"raters", "compared", "deviations"})

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config, matrix = self.config, interactions.matrix
        self.arrays["rating_counts"] = rating_counts(interactions)
        levels = baseline_levels(interactions, config.item_damping, config.user_damping)
        self.arrays["levels"] = levels
        self.arrays["mean"] = np.array(interactions.values.mean(dtype=np.float64)).reshape(1)
        by_item = matrix.tocsc()
        self.arrays["starts"] = by_item.indptr.astype(np.int32)
        self.arrays["raters"] = by_item.indices.astype(np.int32)
        self.arrays["n_users"] = np.array([matrix.shape[0]], dtype=np.int64)
        compared = comparison_values(matrix, config.similarity, levels, config.user_damping)
        deviations = self._centres(Histories.of_interactions(interactions)).deviations(matrix)
        for name, values in (("compared", compared), ("deviations", deviations)):
            by_user = sp.csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape)
            self.arrays[name] = by_user.tocsc().data
        return self

    def user_similarities(self, histories: Histories) -> NDArray[np.float32]:
        """Similarity of each history to every training user, `float32[n, n_users]`."""
        from matinee.kernels.co_ratings import compare
        from matinee.kernels.compiled import serial

        config, ratings = self.config, histories.ratings
        values = comparison_values(
            ratings, config.similarity, self.arrays["levels"], config.user_damping
        )
        similarity = np.empty((len(histories), self._n_users()), dtype=np.float32)
        fill = serial(compare) if len(histories) == 1 else compare
        fill(
            (ratings.indptr, ratings.indices, values),
            (self.arrays["starts"], self.arrays["raters"], self.arrays["compared"]),
            False,  # histories with training users
            config.similarity == "pearson",
            np.float32(config.shrinkage),
            similarity,
        )
        return similarity

    def _stars(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        from matinee.kernels.compiled import csr, serial
        from matinee.kernels.nearest import mean_of_nearest

        centres, similarity = self._centres(histories), self.user_similarities(histories)
        average = serial(mean_of_nearest) if len(histories) == 1 else mean_of_nearest
        means = average(
            (self.arrays["starts"], self.arrays["raters"], self.arrays["deviations"]),
            csr(wanted),
            similarity,
            False,  # neighbours are users
            self.config.neighbours,
            np.float32(self.config.damping),
        )
        return centres.stars(wanted, means)

    def _centres(self, histories: Histories) -> Centres:
        n, n_items = histories.ratings.shape
        levels, spreads = np.zeros(n, dtype=np.float32), np.ones(n, dtype=np.float32)
        item_levels = np.zeros(n_items, dtype=np.float32)
        mean = float(self.arrays["mean"][0])
        if self.config.centring == "baseline":
            item_levels = self.arrays["levels"]
            levels = user_biases(histories, item_levels, self.config.user_damping)
        elif self.config.centring == "none":
            levels = np.full(n, mean, dtype=np.float32)
        else:
            levels, deviation = means_and_spreads(histories.rows, histories.values, n, mean)
            spreads = deviation if self.config.centring == "z-score" else spreads
        return Centres(item_levels, np.ones(n_items, dtype=np.float32), levels, spreads)

    def _width(self) -> int:
        return max(self.n_items, self._n_users())

    def _n_users(self) -> int:
        return int(self.arrays["n_users"][0])
