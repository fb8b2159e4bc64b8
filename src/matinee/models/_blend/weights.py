"""Weights of several models, moved while the ratings that were held back are better found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.models import Model
from matinee.models._blend.held_out import HeldOut

__all__ = ["equal_weights", "learned_weights", "spread_of", "weights_for"]

_STEPS = (0.0, 0.5, 0.8, 1.25, 2.0)
"""What a weight is multiplied by in the search."""
_ROUNDS = 4
_FEWEST_VIEWERS = 200
"""Held-out viewers of similar history length from which they get weights of their own."""
_GAIN = 1e-4
"""Of NDCG: a smaller one is taken for chance."""
_TOLERANCE = 0.98
"""Share of the quality of the weights that were found which must be left halfway to equal ones."""


def spread_of(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Standard deviation of every row over the films it can rank, `float32[n]`; never 0."""
    finite = np.isfinite(scores)
    wide = np.where(finite, scores, 0).astype(np.float64)
    counts = np.maximum(finite.sum(axis=1), 1)
    means = wide.sum(axis=1) / counts
    squares = (wide**2).sum(axis=1) / counts - means**2
    spread: NDArray[np.float32] = np.sqrt(np.maximum(squares, 1e-24)).astype(np.float32)
    return spread


def equal_weights(n_parts: int) -> dict[str, NDArray[Any]]:
    """The same for every part, and for all viewers; of the form of `learned_weights`."""
    ones = np.ones((1, n_parts), dtype=np.float32)
    return {"bounds": np.empty(0, dtype=np.int64), "weights": ones}


def weights_for(
    arrays: Mapping[str, NDArray[Any]], lengths: NDArray[np.integer]
) -> NDArray[np.float32]:
    """`float32[n, n_parts]`: those of the bucket of each length."""
    weights: NDArray[np.float32] = arrays["weights"][
        np.searchsorted(arrays["bounds"], lengths, side="right")
    ]
    return weights


def learned_weights(
    models: Sequence[Model], held_out: HeldOut, depth: int, buckets: int
) -> dict[str, NDArray[Any]]:
    """Weights of fitted parts for viewers of similar length of history.

    Returns:
        `bounds`, `int64[n - 1]`, of the lengths, and `weights`, `float32[n, n_parts]`.
    """
    stacked = []
    for model in models:
        scores = held_out.scores(model)
        unseen = np.where(np.isfinite(scores), scores, np.float32(0))
        stacked.append(np.where(np.isfinite(scores), unseen / spread_of(scores)[:, None], -np.inf))
    common = _searched(stacked, held_out, depth, np.ones(len(models)))
    lengths = held_out.lengths
    cuts = np.quantile(lengths, np.arange(1, buckets) / buckets, method="lower")
    bounds = np.unique(cuts).astype(np.int64) + 1
    of_viewer = np.searchsorted(bounds, lengths, side="right")
    weights = np.tile(common, (len(bounds) + 1, 1))
    for bucket in range(len(weights)):
        rows = np.flatnonzero(of_viewer == bucket)
        if len(weights) > 1 and len(rows) >= _FEWEST_VIEWERS:
            own = HeldOut(held_out.train, held_out.histories[rows], held_out.targets[rows])
            weights[bucket] = _searched([each[rows] for each in stacked], own, depth, common)
    return {"bounds": bounds, "weights": weights.astype(np.float32)}


def _searched(
    stacked: list[NDArray[np.float32]], held_out: HeldOut, depth: int, start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights that sum to 1, moved one at a time from `start` while that is better.

    In the end they go halfway back to equal ones where what was held back is found nearly as well:
    some of what a search finds is chance, and equal weights are hard to beat (Dawes, "The robust
    beauty of improper linear models in decision making", American Psychologist 1979).
    """

    def quality(weights: NDArray[np.float64]) -> float:
        blended = np.zeros_like(stacked[0])
        for weight, scores in zip(weights, stacked, strict=True):
            # a seen film is minus infinity, and that times zero would be no number
            blended += np.float32(max(weight, 1e-12)) * scores
        return float(held_out.ndcg(blended, depth).mean())

    alone = [np.eye(len(stacked))[place] for place in range(len(stacked))]
    weights: NDArray[np.float64] = max([start / start.sum(), *alone], key=quality)
    best = quality(weights)
    for _ in range(_ROUNDS):
        before = best
        for place in range(len(weights)):
            for moved in _moves(weights, place):
                found = quality(moved)
                if found > best + _GAIN:
                    weights, best = moved, found
        if best == before:
            break
    halfway = (weights + 1 / len(weights)) / 2
    return halfway if quality(halfway) > _TOLERANCE * best else weights


def _moves(weights: NDArray[np.float64], place: int) -> list[NDArray[np.float64]]:
    """The weights with one of them changed: in proportion, or from nothing to a tenth."""
    moves = []
    for step in _STEPS if weights[place] > 0 else (0.1,):
        moved = weights.copy()
        moved[place] = moved[place] * step if weights[place] > 0 else step
        if moved.sum() > 0:
            moves.append(moved / moved.sum())
    return moves
