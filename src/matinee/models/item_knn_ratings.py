"""Ratings from what the viewer gave to the films most like it."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Catalog, Interactions, Query
from matinee.models import Config, Model, search
from matinee.models._shared.biases import baseline_levels, viewer_biases
from matinee.models._shared.feedback import damped_popularity
from matinee.models._shared.neighbours import (
    Centring,
    Expected,
    Similarity,
    compared,
    moments,
    wanted_everywhere,
)

__all__ = ["ItemKnnRatings", "ItemKnnRatingsConfig"]

_AT_ONCE = 2**22
"""Scores that are worked out together."""


class ItemKnnRatingsConfig(Config):
    """Options of `ItemKnnRatings`."""

    neighbours: PositiveInt = Field(60, json_schema_extra=search(40, 60))
    """How many films of the history are asked at most, the most alike."""
    similarity: Similarity = "pearson-baseline"
    """How films are compared over their common viewers: cosine of stars, pearson, or cosine of
    what is left after the baseline."""
    shrinkage: NonNegativeFloat = Field(100.0, json_schema_extra=search(100, 200))
    """Common viewers that count as half the evidence for a likeness."""
    centring: Centring = "baseline"
    """What a rating is measured from: none (0), mean of the film, z-score (the same in standard
    deviations), or baseline (mean, film bias and viewer bias)."""
    damping: NonNegativeFloat = 0.1
    """Likeness of an imaginary neighbour who says what was expected; distrusts few or far ones."""
    item_damping: NonNegativeFloat = 5.0
    """Penalty of a film's bias in the baseline, in ratings."""
    viewer_damping: NonNegativeFloat = 15.0
    """The same for a viewer's."""


class ItemKnnRatings(Model):
    """Item-item nearest neighbours over ratings (Sarwar et al. 2001, Koren 2010).

    "Item-based collaborative filtering recommendation algorithms", WWW 2001, and with baselines
    and shrinkage "Factor in the neighbors: scalable and accurate collaborative filtering", TKDD
    4(1). A rating is what was expected plus the weighted mean of how far the viewer's ratings of
    the nearest films were from what was expected of them.

    `score` is the predicted rating of every film, not clipped to the scale; without a history it
    is the prior. `predict` is clipped, and without a history is what is expected.
    """

    Config: ClassVar[type[Config]] = ItemKnnRatingsConfig
    predicts_ratings: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.co_ratings import compare, mirror  # noqa: PLC0415  brings numba

        config, matrix = self.config, interactions.matrix
        levels = baseline_levels(interactions, config.item_damping, config.viewer_damping)
        self._keep_expected(interactions, levels)
        values = compared(matrix, config.similarity, levels, config.viewer_damping)
        by_user = sp.csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape)
        by_item = by_user.T.tocsr()
        likeness = np.empty((len(levels), len(levels)), dtype=np.float32)
        compare(
            by_item.indptr,
            by_item.indices,
            by_item.data,
            by_user.indptr,
            by_user.indices,
            by_user.data,
            True,  # with each other
            config.similarity == "pearson",
            np.float32(config.shrinkage),
            likeness,
        )
        np.fill_diagonal(likeness, 0)
        mirror(likeness)
        self.arrays["likeness"] = likeness
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        alone: NDArray[np.float32] = self.scores(self._row(query))[0]
        return alone

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        n, n_items = histories.shape
        scores = np.empty((n, n_items), dtype=np.float32)
        step = max(1, _AT_ONCE // max(n_items, 1))
        for start in range(0, n, step):
            some = histories[start : start + step]
            stars = self._stars(some, wanted_everywhere(some.shape[0], n_items))
            scores[start : start + step] = stars.reshape(-1, n_items)
        scores[np.diff(histories.indptr) == 0] = self.arrays["prior"]
        return scores

    def predict(self, query: Query, items: NDArray[np.int32]) -> NDArray[np.float32]:
        shape = (1, len(self.arrays["prior"]))
        ones = np.ones(len(items), dtype=np.float32)
        return self.predictions(
            self._row(query), sp.csr_array((ones, items, [0, len(items)]), shape=shape)
        )

    def predictions(self, histories: sp.csr_array, wanted: sp.csr_array) -> NDArray[np.float32]:
        clipped: NDArray[np.float32] = np.clip(
            self._stars(histories, wanted), *self.arrays["scale"]
        )
        return clipped

    def similar(self, item: int) -> NDArray[np.float32]:
        alike = np.array(self.arrays["likeness"][item])
        alike[item] = 1
        return alike

    def _stars(self, histories: sp.csr_array, wanted: sp.csr_array) -> NDArray[np.float32]:
        from matinee.kernels.nearest_rated import mean_of_nearest  # noqa: PLC0415  brings numba

        expected = self._expected(histories)
        said = mean_of_nearest(
            histories.indptr,
            histories.indices,
            expected.deviations(histories),
            wanted.indptr,
            wanted.indices,
            self.arrays["likeness"],
            True,  # by item
            self.config.neighbours,
            np.float32(self.config.damping),
        )
        return expected.stars(wanted, said)

    def _keep_expected(self, interactions: Interactions, levels: NDArray[np.float32]) -> None:
        n = interactions.n_items
        overall = float(interactions.values.mean(dtype=np.float64))
        means, spreads = moments(interactions.items, interactions.values, n, overall)
        zeros, ones = np.zeros(n, dtype=np.float32), np.ones(n, dtype=np.float32)
        kept = {
            "none": (zeros, ones),
            "mean": (means, ones),
            "z-score": (means, spreads),
            "baseline": (levels, ones),
        }
        self.arrays["item_levels"], self.arrays["item_spreads"] = kept[self.config.centring]

    def _expected(self, histories: sp.csr_array) -> Expected:
        levels = self.arrays["item_levels"]
        n = histories.shape[0]
        biases = np.zeros(n, dtype=np.float32)
        if self.config.centring == "baseline":
            biases = viewer_biases(histories, levels, self.config.viewer_damping)
        return Expected(levels, self.arrays["item_spreads"], biases, np.ones(n, dtype=np.float32))

    def _row(self, query: Query) -> sp.csr_array:
        shape = (1, len(self.arrays["prior"]))
        return sp.csr_array((query.values, query.items, [0, len(query)]), shape=shape)
