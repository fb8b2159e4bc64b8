"""Item-based nearest neighbours over ratings."""

from __future__ import annotations

from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Catalog, Histories, Interactions
from matinee.models import rating_counts
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

    An empty history is scored by the prior and predicted by the centres, as is a film without
    neighbours.
    """

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.co_ratings import compare
        from matinee.kernels.compiled import csr

        config, matrix = self.config, interactions.matrix
        self.arrays["rating_counts"] = rating_counts(interactions)
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
        from matinee.kernels.compiled import csr
        from matinee.kernels.nearest import mean_of_nearest

        biases = np.zeros(len(histories), dtype=np.float32)
        levels = self.arrays["item_levels"]
        if self.config.centring == "baseline":
            biases = user_biases(histories, levels, self.config.user_damping)
        centres = Centres(levels, self.arrays["item_spreads"], biases, np.ones_like(biases))
        deviations = centres.deviations(histories.ratings)
        neighbours, damping = self.config.neighbours, np.float32(self.config.damping)
        if len(histories) == 1:  # a request must not start a parallel kernel
            weights = self.arrays["similarity"][histories.items][:, wanted.indices].T
            return centres.stars(wanted, _mean_of_nearest(weights, deviations, neighbours, damping))
        means = mean_of_nearest(
            (histories.starts, histories.items, deviations),
            csr(wanted),
            self.arrays["similarity"],
            True,  # neighbours are items
            neighbours,
            damping,
        )
        return centres.stars(wanted, means)

    def _keep_centres(self, interactions: Interactions, levels: NDArray[np.float32]) -> None:
        n = interactions.n_items
        overall = float(interactions.values.mean(dtype=np.float64))
        means, spreads = means_and_spreads(interactions.items, interactions.values, n, overall)
        ones = np.ones(n, dtype=np.float32)
        centres = {
            "none": (np.full(n, overall, dtype=np.float32), ones),
            "mean": (means, ones),
            "z-score": (means, spreads),
            "baseline": (levels, ones),
        }
        self.arrays["item_levels"], self.arrays["item_spreads"] = centres[self.config.centring]


def _mean_of_nearest(
    weights: NDArray[np.float32],
    deviations: NDArray[np.float32],
    neighbours: int,
    damping: np.float32,
) -> NDArray[np.float32]:
    """Mean deviation over the `neighbours` largest weights above 0 of each row, `float32[n]`.

    The kernel for one user, in half its time: `weights` are `[n, h]`, ties are broken by column.
    """
    n_columns = weights.shape[1]
    weights = np.maximum(weights, np.float32(0))
    if n_columns > neighbours:
        least = np.partition(weights, n_columns - neighbours, axis=1)[:, [n_columns - neighbours]]
        above, ties = weights > least, weights == least
        room = neighbours - np.count_nonzero(above, axis=1, keepdims=True)
        weights[~(above | (ties & (np.cumsum(ties, axis=1) <= room)))] = 0
    totals = weights.sum(axis=1) + damping
    totals[totals <= 0] = 1  # no neighbours: the mean is 0
    return weights @ deviations / totals
