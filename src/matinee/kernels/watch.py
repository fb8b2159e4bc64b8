"""Simulates which items a user watches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["watch"]


@compiled()
def watch(
    rng: np.random.Generator,
    bounds: NDArray[np.int64],
    progress: NDArray[np.float32],
    tastes: NDArray[np.float32],
    later_tastes: NDArray[np.float32],
    niches: NDArray[np.float64],
    later_niches: NDArray[np.float64],
    niche_bounds: NDArray[np.int64],
    shares: NDArray[np.float64],
    traits: NDArray[np.float32],
    quality: NDArray[np.float32],
    selectivity: float,
    items: NDArray[np.int32],
    liking: NDArray[np.float32],
) -> None:
    """Fills `items` and `liking`, user by user in the order of time, without repetitions.

    An item is proposed by drawing a niche from the user's distribution and an item of the niche by
    popularity. It is watched with a probability logistic in the user's liking. After too many
    rejected proposals the remaining items are drawn at once with the same weights (Efraimidis &
    Spirakis 2006).

    Args:
        rng: source of all draws, in the order of the rows.
        bounds: `int64[n_users + 1]`, rows of each user.
        progress: `float32[n]`, weight of the later tastes, in 0..1.
        tastes: `float32[n_users, n_traits]`; `later_tastes` likewise.
        later_tastes: the tastes at progress 1.
        niches: `float64[n_users, n_niches]`, cumulative probabilities; `later_niches` likewise.
        later_niches: those at progress 1.
        niche_bounds: `int64[n_niches + 1]`, items of each niche; items are ordered by niche.
        shares: `float64[n_items]`, cumulative popularity within the niche.
        traits: `float32[n_items, n_traits]`.
        quality: `float32[n_items]`, the part of liking common to all users.
        selectivity: slope of the logistic function.
        items: `int32[n]`, overwritten with positions in the order of niches.
        liking: `float32[n]`, overwritten.
    """
    watched_by = np.full(len(quality), -1, dtype=np.int64)
    for user in range(len(bounds) - 1):
        row, end = bounds[user], bounds[user + 1]
        patience = 30 * (end - row) + 100
        while row < end and patience > 0:
            patience -= 1
            if rng.random() < progress[row]:
                niche = _position(later_niches[user], 0, niches.shape[1], rng.random())
            else:
                niche = _position(niches[user], 0, niches.shape[1], rng.random())
            item = _position(shares, niche_bounds[niche], niche_bounds[niche + 1], rng.random())
            if watched_by[item] == user:
                continue
            affinity = quality[item] + _affinity(
                tastes[user], later_tastes[user], progress[row], traits[item]
            )
            if rng.random() * (1 + np.exp(-selectivity * affinity)) < 1:
                watched_by[item] = user
                items[row] = item
                liking[row] = affinity
                row += 1
        if row < end:
            odds = np.zeros(len(quality))
            liked_all = np.zeros(len(quality), dtype=np.float32)
            for niche in range(len(niche_bounds) - 1):
                weight = niches[user, niche] - (niches[user, niche - 1] if niche else 0.0)
                first, last = niche_bounds[niche], niche_bounds[niche + 1]
                for item in range(first, last):
                    share = shares[item] - (shares[item - 1] if item > first else 0.0)
                    liked_all[item] = quality[item] + _affinity(
                        tastes[user], later_tastes[user], progress[row], traits[item]
                    )
                    odds[item] = weight * share / (1 + np.exp(-selectivity * liked_all[item]))
            for item in _sample(rng, odds, watched_by == user, end - row):
                items[row] = item
                liking[row] = liked_all[item]
                row += 1


@compiled()
def _sample(
    rng: np.random.Generator,
    odds: NDArray[np.float64],
    without: NDArray[np.bool_],
    size: int,
) -> NDArray[np.int64]:
    """Positions drawn without replacement, in proportion to the odds."""
    waits = rng.standard_exponential(len(odds)) / np.maximum(odds, 1e-300)
    waits[without] = np.inf
    return np.argsort(waits)[:size]


@compiled()
def _position(cumulative: NDArray[np.float64], first: int, last: int, share: float) -> int:
    """The first position in `[first, last)` with a cumulative share above `share`."""
    low, high = first, last - 1
    while low < high:
        middle = (low + high) // 2
        if cumulative[middle] > share:
            high = middle
        else:
            low = middle + 1
    return low


@compiled()
def _affinity(
    taste: NDArray[np.float32],
    later: NDArray[np.float32],
    progress: float,
    traits: NDArray[np.float32],
) -> float:
    first, second = 0.0, 0.0
    for trait in range(len(traits)):
        first += taste[trait] * traits[trait]
        second += later[trait] * traits[trait]
    return (1 - progress) * first + progress * second
