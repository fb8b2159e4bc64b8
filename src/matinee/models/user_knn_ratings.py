"""Ratings from what viewers of your taste gave."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Catalog, Interactions, Query
from matinee.errors import InputError
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

__all__ = ["UserKnnRatings", "UserKnnRatingsConfig"]

_AT_ONCE = 2**22
"""Likenesses, or scores, that are worked out together."""


class UserKnnRatingsConfig(Config):
    """Options of `UserKnnRatings`."""

    neighbours: PositiveInt = Field(60, json_schema_extra=search(40, 60))
    """How many viewers who rated a film are asked at most, the most alike."""
    similarity: Similarity = "pearson-baseline"
    """How viewers are compared over their common films: cosine of stars, pearson, or cosine of
    what is left after the baseline."""
    shrinkage: NonNegativeFloat = Field(100.0, json_schema_extra=search(100, 200))
    """Common films that count as half the evidence for a likeness."""
    centring: Centring = "baseline"
    """What a rating is measured from: none (0), mean of the viewer, z-score (the same in standard
    deviations), or baseline (mean, film bias and viewer bias)."""
    damping: NonNegativeFloat = 0.1
    """Likeness of an imaginary neighbour who says what was expected; distrusts few or far ones."""
    item_damping: NonNegativeFloat = 5.0
    """Penalty of a film's bias in the baseline, in ratings."""
    viewer_damping: NonNegativeFloat = 15.0
    """The same for a viewer's."""


class UserKnnRatings(Model):
    """User-user nearest neighbours over ratings (Herlocker et al. 1999, Koren 2010).

    "An algorithmic framework for performing collaborative filtering", SIGIR 1999. A rating is what
    was expected plus the weighted mean of how far the nearest viewers who rated the film were from
    what was expected of them. The neighbours are the training viewers, so this model keeps their
    ratings, and nobody's name; `forget` removes one.

    `score` is the predicted rating of every film, not clipped to the scale; without a history it
    is the prior. `predict` is clipped, and without a history is what is expected.
    """

    Config: ClassVar[type[Config]] = UserKnnRatingsConfig
    predicts_ratings: ClassVar[bool] = True
    user_sized: ClassVar[frozenset[str]] = frozenset({"raters", "compared", "deviations"})

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config, matrix = self.config, interactions.matrix
        levels = baseline_levels(interactions, config.item_damping, config.viewer_damping)
        self.arrays["levels"] = levels
        self.arrays["mean"] = np.array(interactions.values.mean(dtype=np.float64)).reshape(1)
        by_item = matrix.tocsc()
        self.arrays["indptr"] = by_item.indptr.astype(np.int32)
        self.arrays["raters"] = by_item.indices.astype(np.int32)
        self.arrays["n_viewers"] = np.array([matrix.shape[0]], dtype=np.int64)
        for name, values in (
            ("compared", compared(matrix, config.similarity, levels, config.viewer_damping)),
            ("deviations", self._expected(matrix).deviations(matrix)),
        ):
            in_order = sp.csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape)
            self.arrays[name] = in_order.tocsc().data
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def forget(self, user: int) -> None:
        """Removes the ratings of one training viewer; the rows of the others stay as they are.

        Means over everybody, which name nobody, are left until the next fit.

        Raises:
            InputError: there is no such row.
        """
        n_viewers = int(self.arrays["n_viewers"][0])
        if not 0 <= user < n_viewers:
            raise InputError(f"row {user} is not one of the {n_viewers:,} training viewers")
        kept = self.arrays["raters"] != user
        kept_before = np.concatenate([[0], np.cumsum(kept)])
        self.arrays["indptr"] = kept_before[self.arrays["indptr"]].astype(np.int32)
        for name in sorted(self.user_sized):
            self.arrays[name] = self.arrays[name][kept]

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
        step = max(1, _AT_ONCE // max(int(self.arrays["n_viewers"][0]), 1))
        stars = [
            self._stars(histories[start : start + step], wanted[start : start + step])
            for start in range(0, wanted.shape[0], step)
        ]
        whole = np.concatenate([np.empty(0, dtype=np.float32), *stars])
        clipped: NDArray[np.float32] = np.clip(whole, *self.arrays["scale"])
        return clipped

    def _stars(self, histories: sp.csr_array, wanted: sp.csr_array) -> NDArray[np.float32]:
        from matinee.kernels.nearest_rated import mean_of_nearest  # noqa: PLC0415  brings numba

        expected = self._expected(histories)
        said = mean_of_nearest(
            self.arrays["indptr"],
            self.arrays["raters"],
            self.arrays["deviations"],
            wanted.indptr,
            wanted.indices,
            self._likeness(histories),
            False,  # by viewer
            self.config.neighbours,
            np.float32(self.config.damping),
        )
        return expected.stars(wanted, said)

    def _likeness(self, histories: sp.csr_array) -> NDArray[np.float32]:
        """Of each history to every training viewer, `float32[n, n_users]`."""
        from matinee.kernels.co_ratings import compare  # noqa: PLC0415  brings numba

        config, levels = self.config, self.arrays["levels"]
        shape = (histories.shape[0], int(self.arrays["n_viewers"][0]))
        likeness = np.empty(shape, dtype=np.float32)
        compare(
            histories.indptr,
            histories.indices,
            compared(histories, config.similarity, levels, config.viewer_damping),
            self.arrays["indptr"],
            self.arrays["raters"],
            self.arrays["compared"],
            False,  # with others
            config.similarity == "pearson",
            np.float32(config.shrinkage),
            likeness,
        )
        return likeness

    def _expected(self, histories: sp.csr_array) -> Expected:
        n, n_items = histories.shape
        levels, spreads = np.zeros(n, dtype=np.float32), np.ones(n, dtype=np.float32)
        item_levels = np.zeros(n_items, dtype=np.float32)
        if self.config.centring == "baseline":
            item_levels = self.arrays["levels"]
            levels = viewer_biases(histories, item_levels, self.config.viewer_damping)
        elif self.config.centring != "none":
            rows = np.repeat(np.arange(n), np.diff(histories.indptr))
            mean = float(self.arrays["mean"][0])
            levels, deviation = moments(rows, histories.data, n, mean)
            spreads = deviation if self.config.centring == "z-score" else spreads
        return Expected(item_levels, np.ones(n_items, dtype=np.float32), levels, spreads)

    def _row(self, query: Query) -> sp.csr_array:
        shape = (1, len(self.arrays["prior"]))
        return sp.csr_array((query.values, query.items, [0, len(query)]), shape=shape)
