"""Sums over ranked lists, and quotients that know where there is nothing to measure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["hit_places", "lengths", "list_means", "quotient", "times_listed", "weighted_sums"]

_FILMS_AT_ONCE = 2**22
"""32 MiB of numbers: lists of many viewers are looked up a part at a time."""
_SUMMED_AT_ONCE = 2**17
"""1 MiB of numbers."""


def quotient(
    numerator: NDArray[Any], divisor: NDArray[Any], needed: NDArray[Any]
) -> NDArray[np.float64]:
    """`float64[n]`, numerator / divisor; NaN where `needed` is 0."""
    result = np.full(len(numerator), np.nan)
    np.divide(numerator, divisor, out=result, where=needed > 0)
    return result


def hit_places(hits: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Viewer and rank, from 0, of every hit: `np.nonzero` in an eighth of its time."""
    places = np.flatnonzero(np.ascontiguousarray(hits))
    viewers, ranks = np.divmod(places, max(1, hits.shape[1]))
    return viewers, ranks


def weighted_sums(lists: NDArray[np.floating], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """`float64[n]`, the sum over ranks of `lists[n, k]` times `weights[k]`.

    A block of viewers at a time is turned to double precision, which the cache holds.
    """
    sums = np.empty(len(lists))
    step = max(1, _SUMMED_AT_ONCE // max(1, lists.shape[1]))
    for start in range(0, len(lists), step):
        rows = slice(start, start + step)
        sums[rows] = lists[rows].astype(np.float64) @ weights
    return sums


def lengths(items: NDArray[np.integer]) -> NDArray[np.int64]:
    """`int64[n]`, how many films each list holds; rows of -1 are no films."""
    counts: NDArray[np.int64] = np.count_nonzero(items >= 0, axis=1)
    return counts


def list_means(items: NDArray[np.integer], worth: NDArray[np.floating]) -> NDArray[np.float64]:
    """Mean of what the listed films are worth, `float64[n]`; NaN for a list without any.

    Args:
        items: `int[n, k]`, rows of the films; -1 is none.
        worth: `float[n_items]`; a film worth NaN is left out.
    """
    known = np.isfinite(worth)
    value = np.append(np.where(known, worth, 0.0), 0.0)  # row -1, no film, adds nothing
    counted = np.append(known, False)
    sums, counts = np.zeros(len(items)), np.zeros(len(items), dtype=np.int64)
    step = max(1, _FILMS_AT_ONCE // max(1, items.shape[1]))
    for start in range(0, len(items), step):
        rows = slice(start, start + step)
        sums[rows] = value[items[rows]].sum(axis=1)
        counts[rows] = counted[items[rows]].sum(axis=1)
    return quotient(sums, counts, counts)


def times_listed(items: NDArray[np.integer], n_items: int) -> NDArray[np.int64]:
    """`int64[n_items]`, how many lists hold each film."""
    return np.bincount(items[items >= 0], minlength=n_items)
