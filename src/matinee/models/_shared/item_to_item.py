"""Models whose scores are a sum over the history: one matrix of weights from film to film."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Context, Query
from matinee.errors import InputError
from matinee.models import Model
from matinee.models._shared.feedback import or_prior, weighted_histories
from matinee.models._shared.inverse import invert
from matinee.models._shared.worth import rating_worth, recency

__all__ = ["ItemToItem", "gram_of", "regularised_inverse", "whole"]

_FEWEST_LIKES = np.float32(20)
"""Added to every film's likes where likeness is measured, so that rare films do not crowd in."""


class ItemToItem(Model):
    """What `Ease` and `Dlae` share once `fit` has found their arrays.

    `weights` is `float32[n_items, n_items]`: row `j` is what film `j` of a history adds to every
    film's score, times what its rating is worth. `likes` is how many viewers liked each film, and
    `prior` the answer for a stranger, both `float32[n_items]`.
    """

    def worth(self, ratings: NDArray[np.float32]) -> NDArray[np.float32]:
        """How much each rating of a history counts by its height, `float32[n]`; 0 for not at all.

        Where a model has `half_life` or `half_life_films`, what is left of a rating by its age is
        multiplied to it when the model answers.
        """
        return rating_worth(self.config, ratings, self.arrays.get("scale"))

    def score(self, query: Query) -> NDArray[np.float32]:
        worth = self._left(query)
        kept = worth != 0
        sums: NDArray[np.float32] = worth[kept] @ self.arrays["weights"][query.items[kept]]
        return or_prior(sums, self.arrays["prior"])

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        return self._sums(histories, self.worth(histories.data))

    def scores_at(self, histories: sp.csr_array, context: Context) -> NDArray[np.float32]:
        worth = self.worth(histories.data)
        left = recency(self.config, context.history_times, histories.indptr)
        return self._sums(histories, worth if left is None else worth * left)

    def similar(self, item: int) -> NDArray[np.float32]:
        # a film that everybody likes explains, and is explained by, nearly every other a little
        rarity = 1 / np.sqrt(self.arrays["likes"] + _FEWEST_LIKES)
        alike = (self._row(item) * rarity).astype(np.float32, copy=False)
        alike[item] = 1  # beyond any other: weights are less than 1, and so is rarity
        return alike

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        worth = self._left(query)
        parts = np.where(worth != 0, worth * self._between(query.items, item), np.float32(0))
        return parts if parts.any() else None

    def _left(self, query: Query) -> NDArray[np.float32]:
        """What every rating of one history is worth by its height and its age, `float32[h]`."""
        worth = self.worth(query.values)
        left = recency(self.config, query.times, np.array([0, len(query)]))
        return worth if left is None else worth * left

    def _sums(self, histories: sp.csr_array, worth: NDArray[np.float32]) -> NDArray[np.float32]:
        """Scores of histories whose every rating, as they are stored, is worth so much."""
        kept = weighted_histories(histories, worth)
        return or_prior(kept @ self.arrays["weights"], self.arrays["prior"])

    def _row(self, item: int) -> NDArray[np.float32]:
        """What one film of a history adds to every film's score, `float32[n_items]`."""
        row: NDArray[np.float32] = self.arrays["weights"][item]
        return row

    def _between(self, items: NDArray[np.int32], item: int) -> NDArray[np.float32]:
        """What each of some films of a history adds to one film's score, `float32[len(items)]`."""
        between: NDArray[np.float32] = self.arrays["weights"][items, item]
        return between


def gram_of(matrix: sp.csr_array) -> NDArray[np.float64]:
    """The upper triangle of `matrix.T @ matrix`, `float64[n_items, n_items]`, zero below.

    The memory below the diagonal is asked for and never touched, so it costs little.

    Args:
        matrix: `float32[n_users, n_items]`; where it is ones, counts of common viewers come of it.
    """
    from matinee.kernels.common_viewers import count_pairs, sum_pairs  # noqa: PLC0415  brings numba
    from matinee.kernels.turn import turned  # noqa: PLC0415  likewise

    matrix = matrix if matrix.has_sorted_indices else matrix.sorted_indices()
    places = np.arange(matrix.nnz, dtype=np.int32)
    by_item = turned(sp.csr_array((places, matrix.indices, matrix.indptr), shape=matrix.shape))
    items = (by_item.indptr, by_item.indices, by_item.data)
    gram = np.zeros((matrix.shape[1], matrix.shape[1]))
    if (matrix.data == 1).all():
        count_pairs(matrix.indptr, matrix.indices, *items, gram)
    else:
        sum_pairs(matrix.indptr, matrix.indices, matrix.data, *items, gram)
    return gram


def regularised_inverse(gram: NDArray[np.float64], ridge: NDArray[np.float64]) -> None:
    """Overwrites the upper triangle of `gram` with that of the inverse of `gram + diag(ridge)`.

    Args:
        gram: `float64[n, n]`, as `gram_of` makes it.
        ridge: `float64[n]`, added to the diagonal.

    Raises:
        InputError: the matrix is not positive definite as far as double precision can tell.
    """
    gram[np.diag_indices_from(gram)] += ridge
    if not invert(gram):
        smallest = ridge.min()
        raise InputError(f"the Gram matrix cannot be inverted with {smallest:g}; use a larger l2")


def whole(
    upper: NDArray[np.float64],
    scale: NDArray[np.float64] | None = None,
    diagonal: NDArray[np.float64] | None = None,
) -> NDArray[np.float32]:
    """The symmetric matrix of an upper triangle in single precision, `float32[n, n]`.

    Args:
        upper: `float64[n, n]`.
        scale: `float64[n]`, times which every column is taken, ones if none are given.
        diagonal: `float64[n]`, what stands there instead.
    """
    from matinee.kernels.triangle import spread  # noqa: PLC0415  brings numba

    matrix = np.empty(upper.shape, dtype=np.float32)
    scale = np.ones(len(upper)) if scale is None else scale
    diagonal = np.diagonal(upper) * scale if diagonal is None else diagonal
    spread(upper, scale, diagonal, matrix)
    return matrix
