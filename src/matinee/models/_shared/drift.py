"""How users change with time: steadily over their history, and from day to day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.models._shared.biases import row_biases

__all__ = ["Times", "day_biases", "period_ends", "time_deviations", "user_days"]

_DAY = 86_400
"""Seconds."""

Times = tuple[NDArray[np.integer], NDArray[np.int64]]
"""Users and times of some ratings: a row, and Unix seconds with 0 for unknown, `[n]` each."""


def period_ends(times: NDArray[np.int64], periods: int) -> NDArray[np.float64]:
    """Times between periods of equal length, `float64[periods - 1]`."""
    known = times[times > 0]
    first, last = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    return np.linspace(first, last, periods + 1)[1:-1]


def time_deviations(
    history: Times, wanted: Times, n_users: int, power: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Signed power of the days between each rating and the mean time of its user's history.

    Koren 2009, "Collaborative filtering with temporal dynamics", KDD. 0 where the time of the
    rating, or of the whole history, is unknown.

    Returns:
        `float32[len(history)]` and `float32[len(wanted)]`.
    """
    rows, times = history
    known = times > 0
    counts = np.bincount(rows[known], minlength=n_users)
    means = np.bincount(rows[known], times[known], minlength=n_users) / np.maximum(counts, 1)
    deviations = []
    for users, when in (history, wanted):
        days = (when - means[users]) / _DAY
        powers = np.sign(days) * np.abs(days) ** power
        deviations.append(np.where((when > 0) & (counts[users] > 0), powers, 0))
    return deviations[0].astype(np.float32), deviations[1].astype(np.float32)


def day_biases(
    history: Times, wanted: Times, residuals: NDArray[np.floating], damping: float
) -> NDArray[np.float32]:
    """Damped mean residual of a user's ratings on the same day, `float32[len(wanted)]`, else 0."""
    first = min((times.min(initial=0) for _, times in (history, wanted)), default=0) // _DAY
    span = max(times.max(initial=0) for _, times in (history, wanted)) // _DAY - first + 1
    days, cells = np.unique(history[0] * span + history[1] // _DAY - first, return_inverse=True)
    if not len(days):
        return np.zeros(len(wanted[0]), dtype=np.float32)
    biases = row_biases(cells, residuals, len(days), damping)
    sought = wanted[0] * span + wanted[1] // _DAY - first
    place = np.minimum(np.searchsorted(days, sought), len(days) - 1)
    same_day = (days[place] == sought) & (wanted[1] > 0)
    return np.where(same_day, biases[place], np.float32(0))


def user_days(ratings: Times) -> NDArray[np.int64]:
    """Number of each rating's pair of user and day, `int64[n]` from 0."""
    days = np.stack([ratings[0].astype(np.int64), ratings[1] // _DAY], axis=1)
    cells = np.unique(days, axis=0, return_inverse=True)[1]
    return cells.reshape(-1).astype(np.int64)
