"""Item-based nearest neighbours over ratings."""

from __future__ import annotations

from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Catalog, Histories, Interactions
from matinee.models._shared.biases import baseline_levels, user_biases
from matinee.models._shared.item_to_item import symmetric
from matinee.models._shared.neighbours import (
    Centres,
    RatingNeighbours,
    comparison_values,
    means_and_spreads,
)

__all__ = ["ItemKnnRatings"]


class ItemKnnRatings(RatingNeighbours):
    """Item-item nearest neighbours over ratings (Sarwar et al. 2001, Koren 2010).

    "Item-based collaborative filtering recommendation algorithms", WWW 2001; baselines and
    shrinkage from "Factor in the neighbors: scalable and accurate collaborative filtering", TKDD
    4(1). A prediction is the centre of the rating plus the weighted mean deviation of the viewer's
    ratings of the most similar films from their own centres.

    An empty history is scored by the prior and predicted by the centres.
    """

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.co_ratings import compare
        from matinee.kernels.compiled import csr

        config, matrix = self.config, interactions.matrix
        levels = baseline_levels(interactions, config.item_damping, config.user_damping)
        self._keep_centres(interactions, levels)
        values = comparison_values(matrix, config.similarity, levels, config.user_damping)
        by_user = sp.csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape)
        by_item = by_user.T.tocsr()
        similarity = np.empty((len(levels), len(levels)), dtype=np.float32)
        compare(
            csr(by_item),
            csr(by_user),
            True,  # items with items
            config.similarity == "pearson",
            np.float32(config.shrinkage),
            similarity,
        )
        self.arrays["similarity"] = symmetric(similarity, diagonal=np.zeros(len(levels)))
        return self

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        similar: NDArray[np.float32] = self.arrays["similarity"][items]
        similar[np.arange(len(items)), items] = 1
        return similar

    def _stars(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        from matinee.kernels.compiled import csr, serial
        from matinee.kernels.nearest import mean_of_nearest

        biases = np.zeros(len(histories), dtype=np.float32)
        levels = self.arrays["item_levels"]
        if self.config.centring == "baseline":
            biases = user_biases(histories, levels, self.config.user_damping)
        centres = Centres(levels, self.arrays["item_spreads"], biases, np.ones_like(biases))
        deviations = centres.deviations(histories.ratings)
        average = serial(mean_of_nearest) if len(histories) == 1 else mean_of_nearest
        means = average(
            (histories.starts, histories.items, deviations),
            csr(wanted),
            self.arrays["similarity"],
            True,  # neighbours are items
            self.config.neighbours,
            np.float32(self.config.damping),
        )
        return centres.stars(wanted, means)

    def _keep_centres(self, interactions: Interactions, levels: NDArray[np.float32]) -> None:
        n = interactions.n_items
        overall = float(interactions.values.mean(dtype=np.float64))
        means, spreads = means_and_spreads(interactions.items, interactions.values, n, overall)
        zeros, ones = np.zeros(n, dtype=np.float32), np.ones(n, dtype=np.float32)
        centres = {
            "none": (zeros, ones),
            "mean": (means, ones),
            "z-score": (means, spreads),
            "baseline": (levels, ones),
        }
        self.arrays["item_levels"], self.arrays["item_spreads"] = centres[self.config.centring]
