"""How viewers change with time: steadily over their history, and from day to day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.models._shared.biases import row_biases

__all__ = ["day_biases", "days_away", "of_day"]

_DAY = 86_400
"""Seconds."""

Times = tuple[NDArray[np.integer], NDArray[np.int64]]
"""Of some ratings: the viewer of each, a row, and Unix seconds, 0 where unknown."""


def days_away(
    rated: Times, asked: Times, n: int, power: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Signed power of the days from the middle of a history, of what was rated and what is asked.

    Koren 2009, "Collaborative filtering with temporal dynamics", KDD. 0 where the time, or that of
    the whole history, is not known.

    Args:
        rated: the histories' ratings.
        asked: those asked for.
        n: how many viewers there are.
        power: of the days.
    """
    rows, then = rated
    known = then > 0
    counts = np.bincount(rows[known], minlength=n)
    middles = np.bincount(rows[known], then[known], minlength=n) / np.maximum(counts, 1)
    powers = []
    for viewers, times in (rated, asked):
        days = (times - middles[viewers]) / _DAY
        away = np.sign(days) * np.abs(days) ** power
        powers.append(np.where((times > 0) & (counts[viewers] > 0), away, 0))
    return powers[0].astype(np.float32), powers[1].astype(np.float32)


def day_biases(
    rated: Times, asked: Times, off: NDArray[np.floating], damping: float
) -> NDArray[np.float32]:
    """The damped mean of `off` on the viewer's same day, for each rating asked for; 0 without one.

    Args:
        rated: the histories' ratings.
        asked: those asked for.
        off: `[len(rated)]`, what is left of each of the histories.
        damping: penalty of a bias, in ratings.
    """
    first = min((times.min(initial=0) for _, times in (rated, asked)), default=0) // _DAY
    span = max(times.max(initial=0) for _, times in (rated, asked)) // _DAY - first + 1
    days, cells = np.unique(rated[0] * span + rated[1] // _DAY - first, return_inverse=True)
    if not len(days):
        return np.zeros(len(asked[0]), dtype=np.float32)
    biases = row_biases(cells, off, len(days), damping)
    wanted = asked[0] * span + asked[1] // _DAY - first
    place = np.minimum(np.searchsorted(days, wanted), len(days) - 1)
    found = (days[place] == wanted) & (asked[1] > 0)
    return np.where(found, biases[place], np.float32(0))


def of_day(rated: Times) -> NDArray[np.int64]:
    """Which day of which viewer each rating is of, `int64[n]` from 0."""
    days = np.stack([rated[0].astype(np.int64), rated[1] // _DAY], axis=1)
    cells = np.unique(days, axis=0, return_inverse=True)[1]
    return cells.reshape(-1).astype(np.int64)
