"""Statistics of an audience, for the comparison of a generated one with a real one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.data import Interactions
from matinee.errors import DataError

__all__ = ["Measured", "compare", "gini", "sessions", "shape"]

_SESSION_GAP = 30 * 60


@dataclass(frozen=True)
class Measured:
    """One statistic of two audiences."""

    measure: str
    generated: float
    real: float


def compare(generated: Interactions, real: Interactions) -> tuple[Measured, ...]:
    """The statistics of both audiences; see `shape`."""
    ours, theirs = shape(generated), shape(real)
    steps = {**theirs, **ours}  # only one of them may have half stars
    return tuple(Measured(each, ours.get(each, 0.0), theirs.get(each, 0.0)) for each in steps)


def shape(interactions: Interactions) -> dict[str, float]:
    """Statistics of popularity, activity, ratings and sessions, by name.

    Films and viewers without a rating count only in the share of films rated. A session ends after
    half an hour without a rating. A DataError if there are no ratings at all.
    """
    if not len(interactions):
        raise DataError("there are no interactions to measure; use data with ratings")
    by_film = np.bincount(interactions.items, minlength=interactions.n_items)
    rated = np.sort(by_film[by_film > 0])[::-1]
    by_viewer = np.bincount(interactions.users)
    active = by_viewer[by_viewer > 0]
    best_known, well_known = max(1, round(len(rated) / 100)), len(rated) // 10 + 1
    measures = {
        "share of films rated": len(rated) / interactions.n_items,
        "density": len(interactions) / (len(active) * len(rated)),
        "Gini of popularity": gini(rated),
        "share of ratings on the top 1% of films": rated[:best_known].sum() / rated.sum(),
        "share of ratings on the top 10% of films": rated[:well_known].sum() / rated.sum(),
    }
    for percent in (5, 25, 50, 75, 95, 99):
        quantile = np.percentile(active, percent) / active.mean()
        measures[f"activity, {percent}th percentile / mean"] = quantile
    measures |= _ratings(interactions) | _session_means(interactions)
    return {name: float(value) for name, value in measures.items()}


def gini(amounts: NDArray[np.integer]) -> float:
    """Gini coefficient: 0 for equal amounts, near 1 if one has everything."""
    ascending = np.sort(amounts).astype(np.float64)
    n = len(ascending)
    ranks = np.arange(1, n + 1)
    return float(2 * (ranks * ascending).sum() / (n * ascending.sum()) - (n + 1) / n)


def _ratings(interactions: Interactions) -> dict[str, float]:
    values = interactions.values
    steps, counts = np.unique(values, return_counts=True)
    by_viewer = np.bincount(interactions.users)
    active = by_viewer > 0
    viewer_means = np.bincount(interactions.users, values)[active] / by_viewer[active]
    return {
        "mean rating": values.mean(),
        "standard deviation of ratings": values.std(),
        "standard deviation of viewers' means": viewer_means.std(),
        **{
            f"share of {step:g} stars": count / len(values)
            for step, count in zip(steps, counts, strict=True)
        },
    }


def sessions(interactions: Interactions) -> NDArray[np.int64]:
    """Number of ratings in each session, `[s]`, by viewer, then by time."""
    return _sizes(*_in_order(interactions))


def _session_means(interactions: Interactions) -> dict[str, float]:
    users, times = _in_order(interactions)
    n_sessions, firsts = len(_sizes(users, times)), _starts(users)
    days = firsts | np.append(True, times[1:] // 86_400 != times[:-1] // 86_400)
    return {
        "ratings per session": len(users) / n_sessions,
        "ratings per viewer and day": len(users) / days.sum(),
        "sessions per viewer": n_sessions / firsts.sum(),
    }


def _in_order(interactions: Interactions) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Viewers and times of the ratings, by viewer and then by time."""
    order = np.lexsort((interactions.times, interactions.users))
    return interactions.users[order], interactions.times[order]


def _sizes(users: NDArray[np.int32], times: NDArray[np.int64]) -> NDArray[np.int64]:
    starts = np.flatnonzero(_starts(users) | np.append(True, np.diff(times) > _SESSION_GAP))
    return np.diff(np.append(starts, len(users)))


def _starts(users: NDArray[np.int32]) -> NDArray[np.bool_]:
    """True at the first rating of each viewer."""
    return np.append(True, users[1:] != users[:-1])
