"""Regressions on what films are about, with no matrix of films by films."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["Smoother", "expected_from_description", "usual_directions"]

_DENSE_SIDE = 256
"""A matrix with a side no longer than this is decomposed whole."""
_NUMBERS_AT_ONCE = 2**22


@dataclass(frozen=True, eq=False)
class Smoother:
    """`X (X'X + ridge I)^-1 X'`: a viewer's likes in, what their ridge regression expects out.

    It is `X diag(squares) X' - D D'`, see `usual_directions`.

    Attributes:
        features: `float32[n_items, n_features]`, before they are weighted.
        squares: `float32[n_features]`, squared weights of the features over the ridge.
        usual: `float32[n_items, f]`, `D`.
    """

    features: sp.csr_array
    squares: NDArray[np.float32]
    usual: NDArray[np.float32]

    def expected(self, histories: sp.csr_array) -> NDArray[np.float32]:
        """`float32[n, n_items]` for `float32[n, n_items]`, a few viewers at a time."""
        n, n_items = histories.shape
        answers = np.empty((n, n_items), dtype=np.float32)
        step = max(1, _NUMBERS_AT_ONCE // max(1, n_items, len(self.squares)))
        for start in range(0, n, step):
            some = histories[start : start + step]
            profiles = (some @ self.features).toarray() * self.squares
            answers[start : start + step] = (self.features @ profiles.T).T
            answers[start : start + step] -= (some @ self.usual) @ self.usual.T
        return answers

    def between(self, items: NDArray[np.integer], item: int) -> NDArray[np.float32]:
        """What a like of each of `items` makes one expect of `item`, `float32[len(items)]`."""
        wanted = self.features[[item]].toarray().ravel() * self.squares
        alike: NDArray[np.float32] = self.features[items] @ wanted
        between: NDArray[np.float32] = alike - self.usual[items] @ self.usual[item]
        return between


def usual_directions(films: sp.csr_array, ridge: float, wanted: int) -> NDArray[np.float32]:
    """What films usually have in common, `D` as `float32[n_items, f]`.

    With the singular value decomposition `X = U diag(s) V'`,

        X (X'X + ridge I)^-1 X' = X X' / ridge - D D',    D = U diag(s² / sqrt(ridge (s² + ridge)))

    Directions of the smallest `s` may be left out of `D`: there both sides are nearly
    `X X' / ridge` anyhow. The same with any number of threads.

    Args:
        films: `float32[n_items, n_features]`, weighted.
        ridge: more than 0.
        wanted: directions, at most.
    """
    from matinee.kernels.threads import one_blas_thread_each  # noqa: PLC0415  not needed to score

    if not films.nnz:
        return np.zeros((films.shape[0], 0), dtype=np.float32)
    with one_blas_thread_each():  # as many threads as there may be would change the last bit
        left, values = _leading(films.astype(np.float64), wanted)
    squares = values**2
    usual: NDArray[np.float64] = left * (squares / np.sqrt(ridge * (squares + ridge)))
    return usual.astype(np.float32)


def expected_from_description(
    films: sp.csr_array, known: NDArray[np.bool_], values: NDArray[np.floating], l2: float
) -> NDArray[np.float32]:
    """What is known of some films, expected of every film by a ridge regression on its features.

    Args:
        films: `float32[n_items, n_features]`, weighted.
        known: `bool[n_items]`, the films that are learned from.
        values: `[n_items]`; those of other films are not looked at.
        l2: penalty of the regression.

    Returns:
        `float32[n_items]`, not negative.
    """
    from scipy.sparse.linalg import LinearOperator, cg  # noqa: PLC0415  not needed to score

    from matinee.kernels.threads import one_blas_thread_each  # noqa: PLC0415  the same

    learned = films[known].astype(np.float64)
    across = learned.T.tocsr()
    n = learned.shape[0]
    system = LinearOperator(
        (n, n), matvec=lambda each: learned @ (across @ each) + l2 * each, dtype=np.float64
    )
    with one_blas_thread_each():
        solved, _ = cg(system, values[known].astype(np.float64), rtol=1e-9, maxiter=1000)
    expected: NDArray[np.float64] = films @ (across @ solved)
    return np.maximum(expected, 0).astype(np.float32)


def _leading(films: sp.csr_array, wanted: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Left singular vectors `[n_items, f]` and values `[f]`, the largest."""
    if min(films.shape) <= max(_DENSE_SIDE, wanted + 1):
        left, values, _ = np.linalg.svd(films.toarray(), full_matrices=False)
        return left[:, :wanted], values[:wanted]
    from scipy.sparse.linalg import svds  # noqa: PLC0415  not needed to score

    start = np.asarray(films.sum(axis=1 if films.shape[0] <= films.shape[1] else 0)).ravel()
    left, values, _ = svds(films, k=wanted, v0=start, return_singular_vectors="u")
    return left, values
