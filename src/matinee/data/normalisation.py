"""Ratings freed from the habits of who gave them: some people's 3 is other people's 5.

All forms take ratings as `Interactions.matrix` holds them, viewers by films, and work row by row
on what is stored: a stored 0 is a value, and the pattern of the matrix is kept. Centring and
z-scores were compared by Herlocker, Konstan, Borchers and Riedl, "An Algorithmic Framework for
Performing Collaborative Filtering" (SIGIR 1999); the others are named where they stand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["Normalised", "decoupled", "mean_centred", "percentiles", "z_scored"]


@dataclass(frozen=True, eq=False)
class Normalised:
    """Ratings as `(rating - centre) / spread` of their viewer.

    Attributes:
        matrix: `float32[n_users, n_items]`, the pattern of the ratings.
        centres: `float64[n_users]`, each viewer's mean in stars; 0 where there are no ratings.
        spreads: `float64[n_users]`, what a unit of `matrix` is in stars; 1 or positive.
    """

    matrix: sp.csr_array
    centres: NDArray[np.float64]
    spreads: NDArray[np.float64]

    def inverse(self) -> sp.csr_array:
        """The ratings again, `float32[n_users, n_items]` in stars."""
        users = _users(self.matrix)
        return _like(self.matrix, self.restore(users, self.matrix.data))

    def restore(
        self, users: NDArray[np.integer], values: NDArray[np.floating]
    ) -> NDArray[np.float32]:
        """Normalised values, for instance predicted ones, in the stars of the given viewers.

        Args:
            users: `[n]`, rows of the matrix.
            values: `[n]`, on the scale of `matrix`.

        Returns:
            `float32[n]`, not clipped to the scale of the ratings.
        """
        stars = values.astype(np.float64) * self.spreads[users] + self.centres[users]
        restored: NDArray[np.float32] = stars.astype(np.float32)
        return restored


def mean_centred(matrix: sp.csr_array) -> Normalised:
    """Every rating less its viewer's mean."""
    return _normalised(matrix, np.ones(matrix.shape[0]))


def z_scored(matrix: sp.csr_array) -> Normalised:
    """Every rating less its viewer's mean, over their standard deviation.

    The deviation is that of the ratings given, `sqrt(sum((r - mean)²) / n)`; who rates everything
    alike has none, and is only centred.
    """
    counts, users = np.diff(matrix.indptr), _users(matrix)
    differences = matrix.data.astype(np.float64) - _means(matrix)[users]
    sums = np.bincount(users, weights=differences**2, minlength=len(counts))
    spreads = np.sqrt(sums / np.maximum(counts, 1))
    # Equal ratings may differ from their rounded mean in the last digit: that is no spread.
    return _normalised(matrix, np.where(spreads > 1e-9, spreads, 1.0))


def decoupled(matrix: sp.csr_array) -> sp.csr_array:
    """How likely a viewer is to like a film less than this one, `float32[n_users, n_items]`.

    The halfway accumulative distribution `P(R < r) + P(R = r) / 2` over the viewer's own ratings,
    in 0..1 (Jin and Si, "A Study of Methods for Normalizing User Ratings in Collaborative
    Filtering", SIGIR 2004). Its mean is 1/2 for everybody. There is no inverse.
    """
    below, equal, count = _ranks(matrix)
    return _like(matrix, ((below + equal / 2) / count).astype(np.float32))


def percentiles(matrix: sp.csr_array) -> sp.csr_array:
    """The percentile of a rating among its viewer's, `float32[n_users, n_items]`.

    `100 (number of ratings <= r) / (n + 1)`, in 0..100 with both ends left out: Mansoury, Burke
    and Mobasher, "Flatter is better: Percentile Transformations for Recommender Systems" (ACM
    TIST 2021), in the form that counts equals at their last place. There is no inverse.
    """
    below, equal, count = _ranks(matrix)
    return _like(matrix, (100 * (below + equal) / (count + 1)).astype(np.float32))


def _normalised(matrix: sp.csr_array, spreads: NDArray[np.float64]) -> Normalised:
    users, centres = _users(matrix), _means(matrix)
    values = (matrix.data.astype(np.float64) - centres[users]) / spreads[users]
    return Normalised(_like(matrix, values.astype(np.float32)), centres, spreads)


def _ranks(
    matrix: sp.csr_array,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """For every stored rating: its viewer's lower ratings, equal ratings, and all ratings."""
    users, values = _users(matrix), matrix.data
    order = np.lexsort((values, users))
    in_order = values[order]
    starts_run = np.ones(len(order), dtype=np.bool_)
    starts_run[1:] = (in_order[1:] != in_order[:-1]) | (users[order][1:] != users[order][:-1])
    run = np.cumsum(starts_run) - 1
    starts = np.flatnonzero(starts_run)
    below, equal = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
    below[order] = starts[run] - matrix.indptr[users[order]]
    equal[order] = np.diff(np.append(starts, len(order)))[run]
    return below, equal, np.diff(matrix.indptr)[users].astype(np.int64)


def _means(matrix: sp.csr_array) -> NDArray[np.float64]:
    counts = np.diff(matrix.indptr)
    sums = np.bincount(_users(matrix), weights=matrix.data, minlength=len(counts))
    means: NDArray[np.float64] = sums / np.maximum(counts, 1)
    return means


def _users(matrix: sp.csr_array) -> NDArray[np.int64]:
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def _like(matrix: sp.csr_array, data: NDArray[np.float32]) -> sp.csr_array:
    """The pattern of a matrix, copied, with other values."""
    pattern = (data, matrix.indices.copy(), matrix.indptr.copy())
    return sp.csr_array(pattern, shape=matrix.shape)
