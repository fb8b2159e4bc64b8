"""Weights of features that make the films watched next most probable among the candidates."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Sample", "Weights", "learned_weights"]

_STEPS = 100
_TOLERANCE = 1e-6
"""Relative gain of the loss in a step below which weights are found; smaller ones change lists as
chance does (docs/decisions/0036)."""


class Weights(NamedTuple):
    """Weights of features.

    Attributes:
        common: `float64[f]`.
        context: `float64[k]`.
        personal: `float64[p]`.
    """

    common: NDArray[np.float64]
    context: NDArray[np.float64]
    personal: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sample:
    """Users at one cut, and candidate films.

    Attributes:
        common: `float32[c, f]`, features of the candidates, the same for all users.
        context: `float32[n, k]`, features of the users.
        scaled: `float32[c, k]`, features of the candidates that `context` multiplies.
        personal: `float32[p, n, c]`, features of a user and a candidate.
        allowed: `float32[n, c]`, added to scores: minus infinity for films of the history, and the
            logarithm of the number of films that a candidate stands for.
        targets: `float32[n, c]`, shares of the targets; a row sums to 1.
        users: `float32[n]`, number of users that a row stands for.
    """

    common: NDArray[np.float32]
    context: NDArray[np.float32]
    scaled: NDArray[np.float32]
    personal: NDArray[np.float32]
    allowed: NDArray[np.float32]
    targets: NDArray[np.float32]
    users: NDArray[np.float32]

    def scores(self, weights: Weights) -> NDArray[np.float32]:
        """Scores without `allowed`, `float32[n, c]`."""
        common = self.common @ weights.common.astype(np.float32)
        context = self.context * weights.context.astype(np.float32)
        scores: NDArray[np.float32] = context @ self.scaled.T + common
        scores += (weights.personal.astype(np.float32) @ self._flat).reshape(scores.shape)
        return scores

    def loss(self, weights: Weights) -> tuple[float, NDArray[np.float64]]:
        """Sum over users of the cross-entropy, and its gradient, `float64[f + k + p]`."""
        scores = self.scores(weights)
        scores += self.allowed
        scores -= scores.max(axis=1, keepdims=True)
        found = (self.targets * np.maximum(scores, -1e30)).sum(axis=1)  # 0 times infinity is NaN
        odds = np.exp(scores, out=scores)
        total = odds.sum(axis=1, keepdims=True)
        loss = float(self.users.astype(np.float64) @ (np.log(total[:, 0]) - found))
        odds /= total
        odds -= self.targets
        odds *= self.users[:, None]
        slopes = (
            odds.sum(axis=0) @ self.common,
            ((odds @ self.scaled) * self.context).sum(axis=0),
            self._flat @ odds.ravel(),
        )
        return loss, np.concatenate(slopes).astype(np.float64)

    @property
    def spread(self) -> NDArray[np.float64]:
        """Standard deviation of each feature over the candidates, `float64[f + k + p]`."""
        context = np.sqrt((self.context**2).mean(axis=0)) * self.scaled.std(axis=0)
        personal = self.personal.std(axis=2).mean(axis=1)
        return np.concatenate([self.common.std(axis=0), context, personal]).astype(np.float64)

    @property
    def _flat(self) -> NDArray[np.float32]:
        return self.personal.reshape(len(self.personal), -1)


def learned_weights(
    samples: Sequence[Sample], l2: float, n_parts: int = 0, start: Weights | None = None
) -> Weights:
    """Weights that minimise the mean cross-entropy over users.

    This is ListNet with each user's targets as distribution (Cao, Qin, Liu, Tsai & Li 2007,
    "Learning to rank: from pairwise approach to listwise approach", ICML), found by L-BFGS. `l2`
    penalises the squares of weights of features with a spread of 1. Weights of the first `n_parts`
    personal features are at least 0: below, a part would recommend what it advises against.
    `start` are weights of similar samples, which take fewer steps.
    """
    from scipy.optimize import Bounds, minimize

    from matinee.kernels.threads import one_blas_thread_each

    first = samples[0]
    ends = np.cumsum([first.common.shape[1], first.context.shape[1]])
    spread = np.max([each.spread for each in samples], axis=0)
    spread = np.where(spread > 1e-6, spread, 1)
    n_users = sum(float(each.users.sum()) for each in samples)

    def objective(scaled: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = Weights(*np.split(scaled / spread, ends))
        loss, gradient = l2 * float(scaled @ scaled), 2 * l2 * scaled
        # in the order of the samples, so that threads change nothing
        for own, slopes in pool.map(partial(Sample.loss, weights=weights), samples):
            loss += own / n_users
            gradient += slopes / (spread * n_users)
        return loss, gradient

    lowest = np.full(len(spread), -np.inf)
    lowest[ends[1] : ends[1] + n_parts] = 0
    first_guess = np.zeros(len(spread)) if start is None else np.concatenate(start) * spread
    # the number of threads of BLAS would change the last bit
    with one_blas_thread_each() as workers, ThreadPoolExecutor(workers) as pool:
        found = minimize(
            objective,
            first_guess,
            jac=True,
            method="L-BFGS-B",
            bounds=Bounds(lowest, np.inf),
            options={"maxiter": _STEPS, "ftol": _TOLERANCE},
        )
    return Weights(*np.split(found.x / spread, ends))
