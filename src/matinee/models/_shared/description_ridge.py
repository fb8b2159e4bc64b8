"""Ridge regressions on descriptions of films, without an item-item matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["Smoother", "common_directions", "regressed_on_description"]

_DENSE_SIDE = 256
"""Matrices with a side up to this are decomposed as dense ones."""
_BLOCK = 2**22
"""Numbers computed at a time."""


@dataclass(frozen=True, eq=False)
class Smoother:
    """`X (X'X + ridge I)^-1 X'`: maps likes to the predictions of a ridge regression on them.

    It is computed as `X diag(squares) X' - D D'`, see `common_directions`.

    Attributes:
        features: `float32[n_items, n_features]`, without weights.
        squares: `float32[n_features]`, squared weights of the features over the ridge.
        directions: `float32[n_items, f]`, `D`.
    """

    features: sp.csr_array
    squares: NDArray[np.float32]
    directions: NDArray[np.float32]

    def smooth(self, likes: sp.csr_array) -> NDArray[np.float32]:
        """Predictions for every item from likes, both `float32[n, n_items]`, in blocks of users."""
        n, n_items = likes.shape
        predicted = np.empty((n, n_items), dtype=np.float32)
        step = max(1, _BLOCK // max(1, n_items, len(self.squares)))
        for start in range(0, n, step):
            some = likes[start : start + step]
            profiles = (some @ self.features).toarray() * self.squares
            predicted[start : start + step] = (self.features @ profiles.T).T
            predicted[start : start + step] -= (some @ self.directions) @ self.directions.T
        return predicted

    def between(
        self, liked: NDArray[np.integer], items: NDArray[np.integer]
    ) -> NDArray[np.float32]:
        """Predictions for items from single likes, `float32[len(items), len(liked)]`."""
        profiles = self.features[items].toarray() * self.squares
        between: NDArray[np.float32] = (self.features[liked] @ profiles.T).T
        between -= self.directions[items] @ self.directions[liked].T
        return between


def common_directions(films: sp.csr_array, ridge: float, most: int) -> NDArray[np.float32]:
    """Directions that many films share, `D` as `float32[n_items, f]`.

    With the singular value decomposition `X = U diag(s) V'`,

        X (X'X + ridge I)^-1 X' = X X' / ridge - D D',    D = U diag(s² / sqrt(ridge (s² + ridge)))

    Directions of small `s` can be left out of `D`, because both sides are nearly `X X' / ridge`
    there. Any number of threads gives the same bits.

    Args:
        films: `float32[n_items, n_features]`, weighted.
        ridge: more than 0.
        most: largest number of directions.
    """
    from matinee.kernels.threads import one_blas_thread_each

    if not films.nnz:
        return np.zeros((films.shape[0], 0), dtype=np.float32)
    with one_blas_thread_each():  # the number of threads would change the last bit
        left, values = _leading(films.astype(np.float64), most)
    squares = values**2
    directions: NDArray[np.float64] = left * (squares / np.sqrt(ridge * (squares + ridge)))
    return directions.astype(np.float32)


def regressed_on_description(
    films: sp.csr_array, known: NDArray[np.bool_], values: NDArray[np.floating], l2: float
) -> NDArray[np.float32]:
    """Values of all films predicted from those of some, by ridge regression on features.

    Args:
        films: `float32[n_items, n_features]`, weighted.
        known: `bool[n_items]`, films with a value.
        values: `[n_items]`; those of other films are ignored.
        l2: penalty of the regression.

    Returns:
        `float32[n_items]`, not negative.
    """
    from scipy.sparse.linalg import LinearOperator, cg

    from matinee.kernels.threads import one_blas_thread_each

    learned = films[known].astype(np.float64)
    transposed = learned.T.tocsr()
    n = learned.shape[0]
    system = LinearOperator(
        (n, n), matvec=lambda each: learned @ (transposed @ each) + l2 * each, dtype=np.float64
    )
    with one_blas_thread_each():
        solved, _ = cg(system, values[known].astype(np.float64), rtol=1e-9, maxiter=1000)
    predicted: NDArray[np.float64] = films @ (transposed @ solved)
    return np.maximum(predicted, 0).astype(np.float32)


def _leading(films: sp.csr_array, most: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The largest singular values, `[f]`, and their left vectors, `[n_items, f]`."""
    if min(films.shape) <= max(_DENSE_SIDE, most + 1):
        left, values, _ = np.linalg.svd(films.toarray(), full_matrices=False)
        return left[:, :most], values[:most]
    from scipy.sparse.linalg import svds

    start = np.asarray(films.sum(axis=1 if films.shape[0] <= films.shape[1] else 0)).ravel()
    left, values, _ = svds(films, k=most, v0=start, return_singular_vectors="u")
    return left, values
