"""What the neighbour models of ratings share: centring, comparisons and scores as predictions."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Histories, rows_of
from matinee.models import Model, RatingsConfig, damped_for_lists, search, span
from matinee.models._shared.biases import row_biases

__all__ = [
    "Centres",
    "NeighbourConfig",
    "RatingNeighbours",
    "comparison_values",
    "means_and_spreads",
]

Similarity = Literal["cosine", "pearson", "pearson-baseline"]
Centring = Literal["none", "mean", "z-score", "baseline"]

_LEAST_SPREAD = 0.1
"""Standard deviations in stars below this are noise and replaced by 1."""
_BLOCK = 2**22
"""Predictions computed at a time."""


class NeighbourConfig(RatingsConfig):
    """Options of `ItemKnnRatings` and `UserKnnRatings`."""

    damping: NonNegativeFloat = Field(0.1, json_schema_extra=span(0, 2))
    """Similarity of a pseudo-neighbour without deviation, against few or distant neighbours."""
    item_damping: NonNegativeFloat = Field(5.0, json_schema_extra=span(0, 30))
    """Penalty of a film's bias in the baseline, in ratings."""
    user_damping: NonNegativeFloat = Field(15.0, json_schema_extra=span(0, 50))
    """Penalty of a viewer's bias in the baseline, in ratings."""
    neighbours: PositiveInt = Field(60, json_schema_extra=search(40, 60) | span(10, 200, log=True))
    """Largest number of neighbours in a prediction: films of the history, or viewers of the film,
    the most similar ones."""
    similarity: Similarity = "pearson-baseline"
    """How two films or two viewers are compared over their common ratings: cosine of stars,
    pearson, or cosine of residuals of the baseline."""
    shrinkage: NonNegativeFloat = Field(
        100.0, json_schema_extra=search(100, 200) | span(1, 1000, log=True)
    )
    """Number of common ratings at which a similarity keeps half its value."""
    centring: Centring = "baseline"
    """Centre of a rating: none (the mean of all ratings), mean of the film or of the viewer,
    z-score (the latter in standard deviations), or baseline (mean, film bias and viewer bias)."""


class RatingNeighbours(Model[NeighbourConfig]):
    """Scores are predicted ratings, damped by `list_damping` and not clipped to the scale."""

    predicts_ratings: ClassVar[bool] = True

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        n, n_items = histories.ratings.shape
        scores = np.empty((n, n_items), dtype=np.float32)
        for rows in self._blocks(n):
            some = histories.take(rows)
            stars = self._stars(some, _every_item(len(some), n_items))
            scores[rows] = stars.reshape(-1, n_items)
        return damped_for_lists(self, scores, histories)

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        stars = np.empty(wanted.nnz, dtype=np.float32)
        for rows in self._blocks(len(histories)):
            entries = slice(wanted.indptr[rows.start], wanted.indptr[rows.stop])
            stars[entries] = self._stars(histories.take(rows), wanted[rows])
        return np.clip(stars, *self.arrays["scale"])

    def _blocks(self, n: int) -> list[slice]:
        """Rows of `n` users to compute at a time."""
        step = max(1, _BLOCK // self._width())
        return [slice(start, min(n, start + step)) for start in range(0, n, step)]

    def _width(self) -> int:
        """Numbers that are in memory for each user of a block."""
        return self.n_items

    @abstractmethod
    def _stars(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        """Predictions before they are clipped, `float32[wanted.nnz]`."""


@dataclass(frozen=True, eq=False)
class Centres:
    """Centre and spread of ratings; deviations from them are averaged over neighbours.

    A rating has the centre `item centre + user centre` and the spread `item spread * user spread`.

    Attributes:
        items: `float32[n_items]`, centres.
        item_spreads: `float32[n_items]`.
        users: `float32[n]`, centres.
        user_spreads: `float32[n]`.
    """

    items: NDArray[np.float32]
    item_spreads: NDArray[np.float32]
    users: NDArray[np.float32]
    user_spreads: NDArray[np.float32]

    def deviations(self, ratings: sp.csr_array) -> NDArray[np.float32]:
        """Deviation of each rating from its centre, in spreads, `float32[nnz]`."""
        rows, items = rows_of(ratings), ratings.indices
        deviations: NDArray[np.float32] = ratings.data - self.items[items] - self.users[rows]
        return deviations / self._spreads(rows, items)

    def stars(self, wanted: sp.csr_array, deviations: NDArray[np.float32]) -> NDArray[np.float32]:
        """Ratings in stars from deviations, both `float32[wanted.nnz]`."""
        rows, items = rows_of(wanted), wanted.indices
        stars: NDArray[np.float32] = self.items[items] + self.users[rows]
        return stars + self._spreads(rows, items) * deviations

    def _spreads(
        self, rows: NDArray[np.integer], items: NDArray[np.integer]
    ) -> NDArray[np.float32]:
        return self.item_spreads[items] * self.user_spreads[rows]


def comparison_values(
    ratings: sp.csr_array,
    similarity: Similarity,
    levels: NDArray[np.float32],
    user_damping: float,
) -> NDArray[np.float32]:
    """Values that stand for ratings when rows are compared, `float32[nnz]`.

    The stars for `cosine`; for `pearson` the stars less a constant, which keeps rounding errors
    small; residuals of the baseline for `pearson-baseline`.
    """
    values: NDArray[np.float32] = ratings.data.astype(np.float32)
    if similarity == "cosine":
        return values
    if similarity == "pearson":
        return values - np.float32(levels.mean(dtype=np.float64))
    residuals: NDArray[np.float32] = values - levels[ratings.indices]
    rows = rows_of(ratings)
    residuals -= row_biases(rows, residuals, ratings.shape[0], user_damping)[rows]
    return residuals


def means_and_spreads(
    rows: NDArray[np.integer], values: NDArray[np.float32], n: int, default: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation of the values of each of `n` rows, `float32[n]` each.

    Empty rows have the mean `default`; spreads near 0 are replaced by 1.
    """
    counts = np.bincount(rows, minlength=n)
    means = np.bincount(rows, values, minlength=n) / np.maximum(counts, 1)
    means[counts == 0] = default
    squares = np.bincount(rows, np.square(values - means[rows]), minlength=n)
    spreads = np.sqrt(squares / np.maximum(counts, 1))
    spreads[spreads < _LEAST_SPREAD] = 1
    return means.astype(np.float32), spreads.astype(np.float32)


def _every_item(n: int, n_items: int) -> sp.csr_array:
    """`wanted` with every item for each of `n` users."""
    items = np.tile(np.arange(n_items, dtype=np.int32), n)
    starts = np.arange(n + 1, dtype=np.int64) * n_items
    return sp.csr_array((np.zeros(len(items), dtype=np.int64), items, starts), shape=(n, n_items))
