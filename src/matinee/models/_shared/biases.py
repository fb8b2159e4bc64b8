"""Biases of items and users: the baseline of a rating."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.data import Histories, Interactions
from matinee.models import require_ratings

__all__ = ["baseline_levels", "row_biases", "user_biases"]

_ITERATIONS = 10
"""Rounds of alternating solves; the last changes no bias by a thousandth of a star."""


def baseline_levels(
    interactions: Interactions, item_damping: float, user_damping: float
) -> NDArray[np.float32]:
    """Mean plus each item's bias, `float32[n_items]`, by alternating least squares.

    The biases minimise the squared error of mean + item bias + user bias plus their own squares
    times the dampings, in ratings (Koren 2010, "Factor in the neighbors", TKDD 4(1), section 2.1).
    """
    require_ratings(interactions)
    users, items = interactions.users, interactions.items
    mean = interactions.values.mean(dtype=np.float64)
    residuals = interactions.values - mean
    of_user, of_item = np.zeros(interactions.n_users), np.zeros(interactions.n_items)
    user_weights = np.bincount(users, minlength=len(of_user)) + user_damping
    item_weights = np.bincount(items, minlength=len(of_item)) + item_damping
    for _ in range(_ITERATIONS):
        sums = np.bincount(items, residuals - of_user[users], minlength=len(of_item))
        of_item = sums / np.maximum(item_weights, 1e-9)
        sums = np.bincount(users, residuals - of_item[items], minlength=len(of_user))
        of_user = sums / np.maximum(user_weights, 1e-9)
    return (mean + of_item).astype(np.float32)


def user_biases(
    histories: Histories, levels: NDArray[np.float32], damping: float
) -> NDArray[np.float32]:
    """Damped mean of each user's ratings minus `levels`, `float32[n]`; 0 without a history."""
    deviations = histories.values - levels[histories.items]
    return row_biases(histories.rows, deviations, len(histories), damping)


def row_biases(
    rows: NDArray[np.integer], deviations: NDArray[np.floating], n: int, damping: float
) -> NDArray[np.float32]:
    """Damped mean of the deviations in each of `n` rows, `float32[n]`; 0 for an empty row."""
    sums = np.bincount(rows, deviations, minlength=n)
    counts = np.bincount(rows, minlength=n)
    return (sums / np.maximum(counts + damping, 1e-9)).astype(np.float32)
