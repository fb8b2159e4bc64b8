"""What neighbours by ratings are compared by, and what a rating is measured from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.models._shared.biases import viewer_biases

__all__ = ["Centring", "Expected", "Similarity", "compared", "moments", "wanted_everywhere"]

Similarity = Literal["cosine", "pearson", "pearson-baseline"]
Centring = Literal["none", "mean", "z-score", "baseline"]

_LEAST_SPREAD = 0.1
"""Standard deviation, in stars, below which ratings are taken to differ by chance."""


@dataclass(frozen=True, eq=False)
class Expected:
    """What ratings are before neighbours are asked, and what one unit of their deviation is worth.

    A rating is `level of the film + level of the viewer`, give or take `spread of the film * spread
    of the viewer`.

    Attributes:
        item_levels: `float32[n_items]`.
        item_spreads: `float32[n_items]`.
        viewer_levels: `float32[n]`.
        viewer_spreads: `float32[n]`.
    """

    item_levels: NDArray[np.float32]
    item_spreads: NDArray[np.float32]
    viewer_levels: NDArray[np.float32]
    viewer_spreads: NDArray[np.float32]

    def deviations(self, histories: sp.csr_array) -> NDArray[np.float32]:
        """How far each rating of the viewers is from what was expected, `float32[nnz]`."""
        rows, items = _rows(histories), histories.indices
        off = histories.data - self.item_levels[items] - self.viewer_levels[rows]
        deviations: NDArray[np.float32] = off / self._spreads(rows, items)
        return deviations

    def stars(self, wanted: sp.csr_array, said: NDArray[np.float32]) -> NDArray[np.float32]:
        """Ratings in stars from what the neighbours said, both `float32[wanted.nnz]`."""
        rows, items = _rows(wanted), wanted.indices
        stars: NDArray[np.float32] = self.item_levels[items] + self.viewer_levels[rows]
        return stars + self._spreads(rows, items) * said

    def _spreads(
        self, rows: NDArray[np.integer], items: NDArray[np.integer]
    ) -> NDArray[np.float32]:
        spreads: NDArray[np.float32] = self.item_spreads[items] * self.viewer_spreads[rows]
        return spreads


def compared(
    histories: sp.csr_array,
    similarity: Similarity,
    levels: NDArray[np.float32],
    viewer_damping: float,
) -> NDArray[np.float32]:
    """What stands for each rating when rows are compared, `float32[nnz]`.

    Args:
        histories: ratings by viewer.
        similarity: stars themselves for the cosine; for Pearson too, but near 0, for the sake of
            rounding; what is left of them after the baseline for the last.
        levels: `float32[n_items]`, mean plus film bias.
        viewer_damping: penalty of a viewer's bias in the baseline, in ratings.
    """
    values: NDArray[np.float32] = histories.data.astype(np.float32)
    if similarity == "cosine":
        return values
    if similarity == "pearson":
        return values - np.float32(levels.mean(dtype=np.float64))
    biases = viewer_biases(histories, levels, viewer_damping)
    left: NDArray[np.float32] = values - levels[histories.indices] - biases[_rows(histories)]
    return left


def moments(
    rows: NDArray[np.integer], values: NDArray[np.float32], n: int, otherwise: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation of the values of each of `n` rows, `float32[n]` each.

    A row without any has the mean `otherwise`; a deviation of next to nothing is taken as 1.
    """
    counts = np.bincount(rows, minlength=n)
    means = np.bincount(rows, values, minlength=n) / np.maximum(counts, 1)
    means[counts == 0] = otherwise
    squares = np.bincount(rows, np.square(values - means[rows]), minlength=n)
    spreads = np.sqrt(squares / np.maximum(counts, 1))
    spreads[spreads < _LEAST_SPREAD] = 1
    return means.astype(np.float32), spreads.astype(np.float32)


def wanted_everywhere(n: int, n_items: int) -> sp.csr_array:
    """A matrix in which every film is asked for by each of `n` viewers."""
    items = np.tile(np.arange(n_items, dtype=np.int32), n)
    starts = np.arange(n + 1, dtype=np.int64) * n_items
    return sp.csr_array((np.ones(len(items), dtype=np.float32), items, starts), shape=(n, n_items))


def _rows(matrix: sp.csr_array) -> NDArray[np.int64]:
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
