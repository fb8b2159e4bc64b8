"""Popularity: damped means, and the prior for viewers without a history."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.data import Interactions

__all__ = [
    "POPULARITY_DAMPING",
    "damped_means",
    "damped_popularity",
    "days_before_last",
    "recent_popularity",
]

POPULARITY_DAMPING = 10.0
"""Pseudo-ratings at the global mean added to every film."""

_DAY = 86_400
_BLOCK = 1 << 20
"""Ratings counted at a time: NumPy's copies of a whole column would double the memory."""


def damped_means(
    interactions: Interactions, damping: float
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Mean rating of every film, damped towards the global mean, and its number of ratings.

    Without ratings the middle of the scale is the global mean. Counts are all 1: one viewer's many
    plays do not make a film popular.
    """
    n_items = interactions.n_items
    overall = sum(interactions.scale) / 2
    if len(interactions):
        overall = float(_values(interactions, slice(None)).mean(dtype=np.float64))
    counts, sums = np.zeros(n_items, dtype=np.int64), np.zeros(n_items)
    for start in range(0, len(interactions), _BLOCK):
        items = interactions.items[start : start + _BLOCK].astype(np.int64)
        values = _values(interactions, slice(start, start + _BLOCK))
        counts += np.bincount(items, minlength=n_items)
        sums += np.bincount(items, weights=values, minlength=n_items)
    means = (sums + damping * overall) / np.maximum(counts + damping, 1e-9)
    return np.where(counts + damping > 0, means, overall).astype(np.float32), counts


def damped_popularity(
    interactions: Interactions, damping: float = POPULARITY_DAMPING
) -> NDArray[np.float32]:
    """Damped mean times number of ratings, `float32[n_items]`: the prior for an empty history."""
    means, counts = damped_means(interactions, damping)
    return (means * counts).astype(np.float32)


def recent_popularity(
    interactions: Interactions, half_life: float, damping: float = POPULARITY_DAMPING
) -> NDArray[np.float32]:
    """Damped mean times the sum of `0.5 ** (age / half_life)` over a film's ratings.

    Ages are in days, see `days_before_last`. `float32[n_items]`.
    """
    means, _ = damped_means(interactions, damping)
    days = days_before_last(interactions.times)
    weights = 0.5 ** (days / half_life)
    recent = np.bincount(interactions.items, weights=weights, minlength=interactions.n_items)
    return (means * recent).astype(np.float32)


def days_before_last(times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole days between each rating and the latest of all, `int64[n]`, from Unix seconds.

    An hour must not make a film less popular. A time of 0 is unknown, and counts as the oldest.
    """
    known = times != 0
    if not known.any():
        return np.zeros(len(times), dtype=np.int64)
    seconds = np.where(known, times, times[known].min())
    days: NDArray[np.int64] = (seconds.max() - seconds) // _DAY
    return days


def _values(interactions: Interactions, rows: slice) -> NDArray[np.float32]:
    values = interactions.values[rows]
    return np.minimum(values, 1) if interactions.counts else values
