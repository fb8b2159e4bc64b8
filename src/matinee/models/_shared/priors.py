"""Where factors are expected before any feedback: viewers by attributes, films by description."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["FilmPrior", "ViewerPrior", "smoothing"]

_TOLERANCE = 1e-5
"""Residual over right side at which a regression counts as solved."""


class ViewerPrior:
    """The weighted mean of the viewers' factors, and what each attribute adds to it.

    Attributes:
        mean: `float64[f]`.
        effects: `float64[n_attributes, f]`, by ridge regression of what the mean leaves.
    """

    def __init__(self, attributes: sp.csr_array, worth: NDArray[np.floating], l2: float) -> None:
        """From `float32[n, n_attributes]`, and what each viewer's factors count, `[n]`.

        An attribute of `l2` viewers of mean worth adds half of what they are apart.
        """
        self._attributes = attributes
        self._shares = worth / worth.sum()
        weighted = attributes.multiply((worth / worth[worth > 0].mean())[:, None])
        self._weighted = sp.csr_array(weighted.T, dtype=np.float64)
        gram = (self._weighted @ attributes).toarray()
        self._system = gram + l2 * np.eye(len(gram))

    def learn(self, factors: NDArray[np.float32]) -> None:
        """From the viewers' factors, `float32[n, f]`."""
        self.mean: NDArray[np.float64] = np.einsum("n,nk->k", self._shares, factors)
        self.effects: NDArray[np.float64] = np.linalg.solve(
            self._system, self._weighted @ (factors - self.mean)
        )

    def expected(self) -> NDArray[np.float32]:
        """`float32[n, f]`, for every viewer."""
        factors: NDArray[np.float64] = self.mean + self._attributes @ self.effects
        return factors.astype(np.float32)


class FilmPrior:
    """Films' factors by ridge regression on the films' descriptions."""

    def __init__(self, features: sp.csr_array, rated: NDArray[np.bool_], l2: float) -> None:
        """From `float32[n_items, n_features]`; films without a like say nothing."""
        self._features, self._rated, self._l2 = features, rated, l2
        self._known = sp.csr_array(features[rated])
        self._dual: NDArray[np.float64] | None = None

    def learn(self, factors: NDArray[np.float32]) -> None:
        """From the films' factors, `float32[n_items, f]`."""
        self._dual = smoothing(self._known, factors[self._rated], self._l2, self._dual)

    def expected(self) -> NDArray[np.float32]:
        """`float32[n_items, f]`, for every film, also those without a like."""
        factors: NDArray[np.float64] = self._features @ (self._known.T @ self._dual)
        return factors.astype(np.float32)


def smoothing(
    features: sp.csr_array,
    targets: NDArray[np.floating],
    l2: float,
    start: NDArray[np.float64] | None = None,
    most_steps: int = 200,
) -> NDArray[np.float64]:
    """`(features features' + l2 I)^-1 targets` by conjugate gradients, a column for each target.

    `features.T` times it are the weights of a ridge regression. Neither the matrix of films by
    films nor that of features by features is ever made, so large catalogues are no trouble.

    Args:
        features: `float32[n, n_features]`.
        targets: `[n, f]`.
        l2: penalty of the regression.
        start: `float64[n, f]`, a guess: the solution for targets that were nearly the same.
        most_steps: after which it is given up, with what is reached.
    """
    across = sp.csr_array(features.T)

    def image(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        product: NDArray[np.float64] = features @ (across @ vectors) + l2 * vectors
        return product

    wide = targets.astype(np.float64)
    here = np.zeros_like(wide) if start is None else start.copy()
    residual = wide - image(here)
    direction = residual.copy()
    norm = (residual**2).sum(axis=0)
    enough = _TOLERANCE**2 * (wide**2).sum(axis=0)
    for _ in range(most_steps):
        open_ = norm > enough
        if not open_.any():
            break
        moved = image(direction)
        curvature = np.maximum((direction * moved).sum(axis=0), 1e-300)
        pace = np.where(open_, norm / curvature, 0)
        here += pace * direction
        residual -= pace * moved
        before, norm = norm, (residual**2).sum(axis=0)
        direction = residual + norm / np.maximum(before, 1e-300) * direction
    return here
