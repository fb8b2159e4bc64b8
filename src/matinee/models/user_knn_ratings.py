"""User-based nearest neighbours over ratings."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Catalog, Histories, Interactions
from matinee.models import search
from matinee.models._shared.biases import baseline_levels, user_biases
from matinee.models._shared.neighbours import (
    Centres,
    Centring,
    NeighbourConfig,
    RatingNeighbours,
    Similarity,
    comparison_values,
    means_and_spreads,
)

__all__ = ["UserKnnRatings", "UserKnnRatingsConfig"]

_LEAST_VARIANCE = 1e-5
"""Mean squares below this are rounding errors of a constant."""


class UserKnnRatingsConfig(NeighbourConfig):
    """Options of `UserKnnRatings`."""

    neighbours: PositiveInt = Field(60, json_schema_extra=search(40, 60))
    """Largest number of most similar viewers of the film in a prediction."""
    similarity: Similarity = "pearson-baseline"
    """How viewers are compared over their common films: cosine of stars, pearson, or cosine of
    residuals of the baseline."""
    shrinkage: NonNegativeFloat = Field(100.0, json_schema_extra=search(100, 200))
    """Number of common films at which a similarity keeps half its value."""
    centring: Centring = "baseline"
    """Centre of a rating: none (0), mean of the viewer, z-score (the mean, in standard deviations),
    or baseline (mean, film bias and viewer bias)."""


class UserKnnRatings(RatingNeighbours[UserKnnRatingsConfig]):
    """User-user nearest neighbours over ratings (Herlocker et al. 1999, Koren 2010).

    "An algorithmic framework for performing collaborative filtering", SIGIR 1999. A prediction is
    the centre of the rating plus the weighted mean deviation of the most similar viewers' ratings
    of the film from their own centres.

    The neighbours are training viewers. This model therefore stores their ratings, without ids.
    An empty history is scored by the prior and predicted by the centres.
    """

    user_sized: ClassVar[frozenset[str]] = frozenset({"raters", "compared", "deviations"})

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config, matrix = self.config, interactions.matrix
        levels = baseline_levels(interactions, config.item_damping, config.user_damping)
        self.arrays["levels"] = levels
        self.arrays["mean"] = np.array(interactions.values.mean(dtype=np.float64)).reshape(1)
        by_item = matrix.tocsc()
        self.arrays["starts"] = by_item.indptr.astype(np.int32)
        self.arrays["raters"] = by_item.indices.astype(np.int32)
        self.arrays["n_users"] = np.array([matrix.shape[0]], dtype=np.int64)
        compared = comparison_values(matrix, config.similarity, levels, config.user_damping)
        deviations = self._centres(Histories(matrix)).deviations(matrix)
        for name, values in (("compared", compared), ("deviations", deviations)):
            by_user = sp.csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape)
            self.arrays[name] = by_user.tocsc().data
        return self

    def _stars(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        from matinee.kernels.nearest import mean_of_nearest, mean_of_nearest_raters

        centres, similarity = self._centres(histories), self._similarity(histories)
        raters = (self.arrays["starts"], self.arrays["raters"], self.arrays["deviations"])
        neighbours, damping = self.config.neighbours, np.float32(self.config.damping)
        if len(histories) == 1:  # a request must not start a parallel kernel
            means = mean_of_nearest_raters(
                *raters, wanted.indices, similarity[0], neighbours, damping
            )
        else:
            means = mean_of_nearest(
                *raters,
                wanted.indptr,
                wanted.indices,
                similarity,
                False,  # neighbours are users
                neighbours,
                damping,
            )
        return centres.stars(wanted, means)

    def _similarity(self, histories: Histories) -> NDArray[np.float32]:
        """Similarity of each history to every training user, `float32[n, n_users]`."""
        from matinee.kernels.co_ratings import compare

        config, ratings = self.config, histories.ratings
        values = comparison_values(
            ratings, config.similarity, self.arrays["levels"], config.user_damping
        )
        if len(histories) == 1:
            return self._similarity_of_one(histories.items, values)[None]
        similarity = np.empty((len(histories), self._n_users()), dtype=np.float32)
        compare(
            ratings.indptr,
            ratings.indices,
            values,
            self.arrays["starts"],
            self.arrays["raters"],
            self.arrays["compared"],
            False,  # histories with training users
            config.similarity == "pearson",
            np.float32(config.shrinkage),
            similarity,
        )
        return similarity

    def _similarity_of_one(
        self, items: NDArray[np.integer], values: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """The same for a single history, `float32[n_users]`, without a parallel kernel."""
        starts, n_users = self.arrays["starts"], self._n_users()
        if not len(items):
            return np.zeros(n_users, dtype=np.float32)
        common = np.concatenate([np.arange(*starts[item : item + 2]) for item in items.tolist()])
        raters, y = self.arrays["raters"][common], self.arrays["compared"][common]
        x = np.repeat(values, np.diff(starts)[items])

        def sums(numbers: NDArray[np.floating]) -> NDArray[np.float64]:
            return np.bincount(raters, numbers, minlength=n_users).astype(np.float64, copy=False)

        n = np.bincount(raters, minlength=n_users)
        xx, yy, xy = sums(np.square(x)), sums(np.square(y)), sums(x * y)
        if self.config.similarity == "pearson":
            x_sum, y_sum, at_least_1 = sums(x), sums(y), np.maximum(n, 1)
            xx -= x_sum * x_sum / at_least_1
            yy -= y_sum * y_sum / at_least_1
            xy -= x_sum * y_sum / at_least_1
        varied = (n > 1) & (np.minimum(xx, yy) > _LEAST_VARIANCE * n)
        cosine = xy[varied] / np.sqrt(xx[varied] * yy[varied])
        evidence = n[varied] - 1
        similarity = np.zeros(n_users, dtype=np.float32)
        similarity[varied] = cosine * evidence / (evidence + self.config.shrinkage)
        return similarity

    def _centres(self, histories: Histories) -> Centres:
        n, n_items = histories.ratings.shape
        levels, spreads = np.zeros(n, dtype=np.float32), np.ones(n, dtype=np.float32)
        item_levels = np.zeros(n_items, dtype=np.float32)
        if self.config.centring == "baseline":
            item_levels = self.arrays["levels"]
            levels = user_biases(histories, item_levels, self.config.user_damping)
        elif self.config.centring != "none":
            mean = float(self.arrays["mean"][0])
            levels, deviation = means_and_spreads(histories.rows, histories.values, n, mean)
            spreads = deviation if self.config.centring == "z-score" else spreads
        return Centres(item_levels, np.ones(n_items, dtype=np.float32), levels, spreads)

    def _width(self) -> int:
        return max(self.n_items, self._n_users())

    def _n_users(self) -> int:
        return int(self.arrays["n_users"][0])
