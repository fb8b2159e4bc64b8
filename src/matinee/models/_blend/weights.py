"""Weights of the parts of a blend, by coordinate search on held-out ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.models import Model
from matinee.models._blend.held_out import HeldOut

__all__ = ["equal_weights", "learned_weights", "searched", "spread_of", "weights_for"]

_STEPS = (0.0, 0.5, 0.8, 1.25, 2.0)
"""Factors tried for a weight."""
_ROUNDS = 4
_FEWEST_USERS = 200
"""Held-out users a group needs to get weights of its own."""
_LEAST_GAIN = 1e-4
"""Smaller gains of NDCG are chance."""
_TOLERANCE = 0.98
"""Share of the best quality that weights halfway to equal ones must keep."""


def spread_of(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Standard deviation of each row over its finite scores, `float32[n]`; never 0."""
    finite = np.isfinite(scores)
    wide = np.where(finite, scores, 0).astype(np.float64)
    counts = np.maximum(finite.sum(axis=1), 1)
    means = wide.sum(axis=1) / counts
    squares = (wide**2).sum(axis=1) / counts - means**2
    return np.sqrt(np.maximum(squares, 1e-24)).astype(np.float32)


def equal_weights(n_parts: int) -> dict[str, NDArray[Any]]:
    """The same weight for every part and all users, in the form of `learned_weights`."""
    ones = np.ones((1, n_parts), dtype=np.float32)
    return {"bounds": np.empty(0, dtype=np.int64), "weights": ones}


def weights_for(
    arrays: Mapping[str, NDArray[Any]], lengths: NDArray[np.integer]
) -> NDArray[np.float32]:
    """Weights for histories of these lengths, `float32[n, n_parts]`."""
    groups = np.searchsorted(arrays["bounds"], lengths, side="right")
    return arrays["weights"][groups]


def learned_weights(
    models: Sequence[Model], held_out: HeldOut, depth: int, buckets: int
) -> dict[str, NDArray[Any]]:
    """Weights of fitted parts for groups of users by length of their history.

    Returns:
        `bounds`, `int64[n - 1]`, lengths between the groups; `weights`, `float32[n, n_parts]`.
    """
    parts = []
    for model in models:
        scores = held_out.scores(model)
        finite = np.isfinite(scores)
        unseen = np.where(finite, scores, np.float32(0))
        parts.append(np.where(finite, unseen / spread_of(scores)[:, None], -np.inf))
    common = searched(parts, held_out, depth, np.ones(len(models)))
    lengths = held_out.histories.lengths
    cuts = np.quantile(lengths, np.arange(1, buckets) / buckets, method="lower")
    bounds = np.unique(cuts).astype(np.int64) + 1
    groups = np.searchsorted(bounds, lengths, side="right")
    weights = np.tile(common, (len(bounds) + 1, 1))
    for group in range(len(weights)):
        rows = np.flatnonzero(groups == group)
        if len(weights) > 1 and len(rows) >= _FEWEST_USERS:
            own = [each[rows] for each in parts]
            weights[group] = searched(own, held_out.take(rows), depth, common)
    return {"bounds": bounds, "weights": weights.astype(np.float32)}


def searched(
    parts: list[NDArray[np.float32]], held_out: HeldOut, depth: int, start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights, `float64[n_parts]` with a sum of 1, found by changing one at a time from `start`.

    In the end they are moved halfway to equal weights if this keeps most of the quality. Part of
    the gain of a search is chance, and equal weights are hard to beat (Dawes, "The robust beauty of
    improper linear models in decision making", American Psychologist 1979).

    Parts are scores over their spread, `float32[n, n_items]`, minus infinity for seen films. NDCG
    of lists of length `depth` is maximised.
    """

    def quality(weights: NDArray[np.float64]) -> float:
        blended = np.zeros_like(parts[0])
        for weight, scores in zip(weights, parts, strict=True):
            # minus infinity times 0 would be NaN
            blended += np.float32(max(weight, 1e-12)) * scores
        return float(held_out.ndcg(blended, depth).mean())

    alone = [np.eye(len(parts))[place] for place in range(len(parts))]
    weights: NDArray[np.float64] = max([start / start.sum(), *alone], key=quality)
    best = quality(weights)
    for _ in range(_ROUNDS):
        before = best
        for place in range(len(weights)):
            for moved in _moves(weights, place):
                gained = quality(moved)
                if gained > best + _LEAST_GAIN:
                    weights, best = moved, gained
        if best == before:
            break
    halfway = (weights + 1 / len(weights)) / 2
    return halfway if quality(halfway) > _TOLERANCE * best else weights


def _moves(weights: NDArray[np.float64], place: int) -> list[NDArray[np.float64]]:
    """The weights with one of them multiplied by each step, or raised from 0 to a tenth."""
    moves = []
    for step in _STEPS if weights[place] > 0 else (0.1,):
        moved = weights.copy()
        moved[place] = moved[place] * step if weights[place] > 0 else step
        if moved.sum() > 0:
            moves.append(moved / moved.sum())
    return moves
