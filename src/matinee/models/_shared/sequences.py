"""Histories as sequences: their order, equal times, and how weights fall along them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matinee.data import Histories

__all__ = ["Constant", "Decay", "Pause", "drawn_order", "past_weights", "step_decays"]

_NEGLIGIBLE = 1e-6
"""Weights below this are dropped."""


class Constant(NamedTuple):
    """The weight of the past falls by a factor with every later item."""

    factor: float


class Pause(NamedTuple):
    """The weight of the past falls to `1 / (1 + pause / seconds)` with every later item.

    `pause` is the time between the item and the one before it: items rated together weigh the same.
    """

    seconds: float


Decay = Constant | Pause


def drawn_order(
    rows: NDArray[np.integer], times: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """`int64[n]`, ratings sorted by row and by time; the order of equal times is drawn.

    Times that are equal say nothing about the order, and that of a file is often one of film ids.
    """
    return np.lexsort((rng.random(len(times)), times, rows))


def step_decays(
    decay: Decay, times: NDArray[np.int64], first: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Factor by which the past falls when each rating joins it, `float64[n]`; 1 for the first.

    Args:
        decay: how weights fall.
        times: `int64[n]`, ascending within each user.
        first: `bool[n]`, the first rating of each user.
    """
    if isinstance(decay, Constant):
        return np.where(first, 1.0, decay.factor)
    pauses = np.where(first, 0, np.diff(times, prepend=times[:1]))
    return 1 / (1 + pauses / decay.seconds)


def past_weights(decay: Decay, histories: Histories) -> NDArray[np.float32]:
    """What is left at the end of each history of every rating in it, `float32[nnz]`.

    Ratings of one time are a set: each has the mean over all orders of the set, so no answer
    depends on how ratings are stored. Without times the complete history is such a set. A rating
    without a time comes first.
    """
    rows, times = histories.rows, histories.known_times
    order = np.lexsort((times, rows))
    rows, times = rows[order], times[order]
    first = np.diff(rows, prepend=-1) != 0
    if isinstance(decay, Pause):
        log = np.log(step_decays(decay, times, first))
        left = np.exp(_later_sums(log, rows, histories.starts))
    else:
        instants = np.cumsum(first | (np.diff(times, prepend=-1) != 0)) - 1
        left = _mean_powers(decay.factor, instants, rows, histories.starts)
    left[left < _NEGLIGIBLE] = 0
    weights = np.empty(len(left), dtype=np.float32)
    weights[order] = left
    return weights


def _later_sums(
    values: NDArray[np.float64], rows: NDArray[np.int64], starts: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Sum of the later values of the same row, `float64[n]`."""
    sums = np.cumsum(values)
    return np.minimum(sums[starts[rows + 1] - 1] - sums, 0)


def _mean_powers(
    factor: float, instants: NDArray[np.int64], rows: NDArray[np.int64], starts: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Mean of `factor^j` over the places `j` from the end that the items of an instant share."""
    sizes = np.bincount(instants)
    last = np.cumsum(sizes)
    later = starts[rows + 1] - last[instants]
    together = sizes[instants]
    if factor == 1:
        return np.ones(len(rows))
    return factor**later * (1 - factor**together) / (together * (1 - factor))
