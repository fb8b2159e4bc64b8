"""Models whose scores are a sum over the history: one matrix of weights from film to film."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Context, Query
from matinee.errors import InputError
from matinee.models import Model
from matinee.models._feedback import or_prior, weighted_histories
from matinee.models._inverse import invert, mirror
from matinee.models._worth import rating_worth, recency

__all__ = ["ItemToItem", "gram_of", "regularised_inverse"]

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


def gram_of(matrix: sp.csr_array) -> NDArray[np.float32]:
    """`matrix.T @ matrix`, `float32[n_items, n_items]`; counts of common viewers where it is ones.

    Args:
        matrix: `float32[n_users, n_items]`.
    """
    from matinee.kernels.cooccurrence import sum_common  # noqa: PLC0415  brings numba

    if (matrix.data == 1).all():
        return _counts(matrix)
    by_item = matrix.T.tocsr()
    gram = np.empty((matrix.shape[1], matrix.shape[1]), dtype=np.float32)
    users, items = (matrix.indptr, matrix.indices), (by_item.indptr, by_item.indices)
    sum_common(*users, matrix.data, *items, by_item.data, 0, gram)
    return gram


def _counts(matrix: sp.csr_array) -> NDArray[np.float32]:
    """`matrix.T @ matrix` of ones, every pair of films counted once."""
    from matinee.kernels.common_viewers import count_pairs  # noqa: PLC0415  brings numba

    matrix = matrix if matrix.has_sorted_indices else matrix.sorted_indices()
    places = np.arange(matrix.nnz, dtype=np.int32)
    by_item = sp.csr_array((places, matrix.indices, matrix.indptr), shape=matrix.shape).T.tocsr()
    counts = np.empty((matrix.shape[1], matrix.shape[1]), dtype=np.float32)
    count_pairs(
        matrix.indptr, matrix.indices, by_item.indptr, by_item.indices, by_item.data, counts
    )
    mirror(counts, counts)
    return counts


def regularised_inverse(
    gram: NDArray[np.float32], ridge: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Overwrites `gram` with the inverse of `gram + diag(ridge)`, and returns its exact diagonal.

    By Cholesky, in double precision; 6.4 GB at most for twenty thousand films.

    Args:
        gram: `float32[n, n]`, symmetric.
        ridge: `float64[n]`, added to the diagonal.

    Raises:
        InputError: the matrix is not positive definite as far as double precision can tell.
    """
    precision = gram.astype(np.float64)
    precision[np.diag_indices_from(precision)] += ridge
    if not invert(precision, into=gram):
        smallest = ridge.min()
        raise InputError(f"the Gram matrix cannot be inverted with {smallest:g}; use a larger l2")
    diagonal: NDArray[np.float64] = np.diagonal(precision).copy()
    return diagonal
