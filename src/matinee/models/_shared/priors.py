"""Expected factors before any feedback: of users by attributes, of items by description."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["ItemPrior", "UserPrior", "dual_ridge"]

_MAX_STEPS = 200
"""Steps after which the approximation reached is good enough."""
_TOLERANCE = 1e-5
"""Residual relative to the right-hand side at which a regression counts as solved."""


class UserPrior:
    """Weighted mean of the users' factors, plus an effect of each attribute.

    Attributes:
        mean: `float64[f]`.
        effects: `float64[n_attributes, f]`, a ridge regression of the deviations from the mean.
    """

    def __init__(self, attributes: sp.csr_array, weights: NDArray[np.floating], l2: float) -> None:
        """Prepares the regression for users with `[n, n_attributes]` and `[n]` weights.

        `l2` users of average weight and without a deviation are added to every attribute.
        """
        self._attributes = attributes
        self._shares = weights / weights.sum()
        weighted = attributes.multiply((weights / weights[weights > 0].mean())[:, None])
        self._weighted = sp.csr_array(weighted.T, dtype=np.float64)
        gram = (self._weighted @ attributes).toarray()
        self._system = gram + l2 * np.eye(len(gram))

    def learn(self, factors: NDArray[np.float32]) -> None:
        """Fits `mean` and `effects` to users' factors, `float32[n, f]`."""
        self.mean: NDArray[np.float64] = np.einsum("n,nk->k", self._shares, factors)
        self.effects: NDArray[np.float64] = np.linalg.solve(
            self._system, self._weighted @ (factors - self.mean)
        )

    def expected(self) -> NDArray[np.float32]:
        """Expected factors of every user, `float32[n, f]`."""
        factors: NDArray[np.float64] = self.mean + self._attributes @ self.effects
        return factors.astype(np.float32)


class ItemPrior:
    """Ridge regression of items' factors on their descriptions."""

    def __init__(self, features: sp.csr_array, liked: NDArray[np.bool_], l2: float) -> None:
        """Prepares the regression on `features`, `float32[n_items, n_features]`, of liked items."""
        self._features, self._liked, self._l2 = features, liked, l2
        self._training = sp.csr_array(features[liked])
        self._dual: NDArray[np.float64] | None = None

    def learn(self, factors: NDArray[np.float32]) -> None:
        """Fits the regression to items' factors, `float32[n_items, f]`."""
        self._dual = dual_ridge(self._training, factors[self._liked], self._l2, self._dual)

    def expected(self) -> NDArray[np.float32]:
        """Expected factors of every item, liked or not, `float32[n_items, f]`."""
        factors: NDArray[np.float64] = self._features @ (self._training.T @ self._dual)
        return factors.astype(np.float32)


def dual_ridge(
    features: sp.csr_array,
    targets: NDArray[np.floating],
    l2: float,
    start: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """`(features features' + l2 I)^-1 targets` by conjugate gradients, `float64[n, f]`.

    These are the dual coefficients of a ridge regression; its weights are `features.T` times them.
    Only sparse products are computed, never an `[n, n]` or `[n_features, n_features]` matrix, so
    large catalogues are no problem. `start` is an approximate solution, such as that for similar
    targets.
    """
    features = features.astype(np.float64)  # else every product would convert it
    transposed = features.T.tocsr()

    def apply(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        image: NDArray[np.float64] = features @ (transposed @ vectors)
        image += l2 * vectors
        return image

    right = targets.astype(np.float64)
    solution = np.zeros_like(right) if start is None else start.copy()
    residual = right - apply(solution)
    direction = residual.copy()
    norm = (residual**2).sum(axis=0)
    solved = _TOLERANCE**2 * (right**2).sum(axis=0)
    for _ in range(_MAX_STEPS):
        unsolved = norm > solved
        if not unsolved.any():
            break
        image = apply(direction)
        curvature = np.maximum(np.einsum("nk,nk->k", direction, image), 1e-300)
        step = np.where(unsolved, norm / curvature, 0)
        solution += step * direction
        image *= step
        residual -= image
        previous, norm = norm, np.einsum("nk,nk->k", residual, residual)
        direction *= norm / np.maximum(previous, 1e-300)
        direction += residual
    return solution
