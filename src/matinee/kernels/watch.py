"""Which films a generated viewer comes to watch."""

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
    """Fills `items` and `liking`, viewer by viewer in the order of time, no film twice.

    A film is met by drawing a niche from the viewer's own distribution and a film of the niche by
    its popularity; it is watched with a probability that is a logistic function of how much the
    viewer will like it. Whoever has nearly run out of films to meet gets the rest in one go, by
    the same weights (Efraimidis & Spirakis 2006).

    Args:
        rng: all chance comes from here, in the order of the rows.
        bounds: `int64[n_viewers + 1]`, rows of each viewer.
        progress: `float32[n]`, 0 where the first tastes hold, 1 where the later ones do.
        tastes: `float32[n_viewers, n_traits]`; `later_tastes` likewise.
        later_tastes: what the tastes drift to.
        niches: `float64[n_viewers, n_niches]`, cumulated, ending with 1; `later_niches` likewise.
        later_niches: what the choice of niches drifts to.
        niche_bounds: `int64[n_niches + 1]`, films of each niche; films lie ordered by niche.
        shares: `float64[n_items]`, popularity cumulated within the niche, ending with 1.
        traits: `float32[n_items, n_traits]`.
        quality: `float32[n_items]`, liked by everybody alike.
        selectivity: how steeply liking decides about watching.
        items: `int32[n]`, overwritten with positions in the order of niches.
        liking: `float32[n]`, overwritten.
    """
    watched_by = np.full(len(quality), -1, dtype=np.int64)
    for viewer in range(len(bounds) - 1):
        row, end = bounds[viewer], bounds[viewer + 1]
        patience = 30 * (end - row) + 100
        while row < end and patience > 0:
            patience -= 1
            if rng.random() < progress[row]:
                niche = _position(later_niches[viewer], 0, niches.shape[1], rng.random())
            else:
                niche = _position(niches[viewer], 0, niches.shape[1], rng.random())
            item = _position(shares, niche_bounds[niche], niche_bounds[niche + 1], rng.random())
            if watched_by[item] == viewer:
                continue
            liked = quality[item] + _affinity(
                tastes[viewer], later_tastes[viewer], progress[row], traits[item]
            )
            if rng.random() * (1 + np.exp(-selectivity * liked)) < 1:
                watched_by[item] = viewer
                items[row] = item
                liking[row] = liked
                row += 1
        if row < end:
            odds = np.zeros(len(quality))
            liked_all = np.zeros(len(quality), dtype=np.float32)
            for niche in range(len(niche_bounds) - 1):
                weight = niches[viewer, niche] - (niches[viewer, niche - 1] if niche else 0.0)
                first, last = niche_bounds[niche], niche_bounds[niche + 1]
                for item in range(first, last):
                    share = shares[item] - (shares[item - 1] if item > first else 0.0)
                    liked_all[item] = quality[item] + _affinity(
                        tastes[viewer], later_tastes[viewer], progress[row], traits[item]
                    )
                    odds[item] = weight * share / (1 + np.exp(-selectivity * liked_all[item]))
            for item in _sample(rng, odds, watched_by == viewer, end - row):
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
    """Positions drawn without replacement, each round in proportion to the odds."""
    waits = rng.standard_exponential(len(odds)) / np.maximum(odds, 1e-300)
    waits[without] = np.inf
    return np.argsort(waits)[:size]


@compiled()
def _position(cumulated: NDArray[np.float64], first: int, last: int, share: float) -> int:
    """The first position in `[first, last)` whose cumulated share is above the given one."""
    low, high = first, last - 1
    while low < high:
        middle = (low + high) // 2
        if cumulated[middle] > share:
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
