"""Sums and means over lists and viewers; NaN where there is nothing to measure."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = [
    "highest_predicted_first",
    "hit_places",
    "lengths",
    "list_means",
    "membership",
    "predictions",
    "quotient",
    "rank_sums",
    "times_listed",
    "viewer_means",
    "viewers_of",
    "weighted_sums",
]

_SUMMED = 2**17
"""Numbers summed at a time; 1 MiB fits the cache."""


def quotient(
    numerator: NDArray[Any], divisor: NDArray[Any], counts: NDArray[Any]
) -> NDArray[np.float64]:
    """`float64[n]`, numerator / divisor; NaN where `counts` is 0."""
    result = np.full(len(numerator), np.nan)
    np.divide(numerator, divisor, out=result, where=counts > 0)
    return result


def hit_places(hits: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Viewer and rank (from 0) of every hit; eight times as fast as `np.nonzero`."""
    places = np.flatnonzero(np.ascontiguousarray(hits))
    viewers, ranks = np.divmod(places, max(1, hits.shape[1]))
    return viewers, ranks


def rank_sums(hits: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """`float64[n]`, the sum over hits of the weight of their rank, `weights[k]`."""
    viewers, ranks = hit_places(hits)
    sums = np.bincount(viewers, weights=weights[ranks], minlength=len(hits))
    return np.asarray(sums, dtype=np.float64)


def weighted_sums(lists: NDArray[np.floating], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """`float64[n]`, the sum over ranks of `lists[n, k]` times `weights[k]`.

    Computed in double precision, in blocks of viewers.
    """
    sums = np.empty(len(lists))
    step = max(1, _SUMMED // max(1, lists.shape[1]))
    for start in range(0, len(lists), step):
        rows = slice(start, start + step)
        sums[rows] = lists[rows].astype(np.float64) @ weights
    return sums


def lengths(items: NDArray[np.integer]) -> NDArray[np.int64]:
    """`int64[n]`, number of films in each list; -1 is no film."""
    return np.count_nonzero(items >= 0, axis=1)


def list_means(
    items: NDArray[np.integer], values: NDArray[np.floating], *, block: int = 2**22
) -> NDArray[np.float64]:
    """Mean of the values of the listed films, `float64[n]`; NaN for a list without any.

    Args:
        items: `int[n, k]`, rows of the films; -1 is no film.
        values: `float[n_items]`; NaN leaves a film out.
        block: numbers looked up at a time; the default is 32 MiB.
    """
    known = np.isfinite(values)
    padded = np.append(np.where(known, values, 0.0), 0.0)  # row -1 adds nothing
    counted = np.append(known, False)
    sums, counts = np.zeros(len(items)), np.zeros(len(items), dtype=np.int64)
    step = max(1, block // max(1, items.shape[1]))
    for start in range(0, len(items), step):
        rows = slice(start, start + step)
        sums[rows] = padded[items[rows]].sum(axis=1)
        counts[rows] = counted[items[rows]].sum(axis=1)
    return quotient(sums, counts, counts)


def times_listed(items: NDArray[np.integer], n_items: int) -> NDArray[np.int64]:
    """`int64[n_items]`, number of lists with each film."""
    return np.bincount(items[items >= 0], minlength=n_items)


def membership(items: NDArray[np.integer], n_items: int) -> sp.csr_array:
    """`[n, n_items]`, 1 if a list has a film."""
    present = items >= 0
    bounds = np.concatenate([[0], np.cumsum(np.count_nonzero(present, axis=1))])
    films = items[present]
    return sp.csr_array((np.ones(len(films)), films, bounds), shape=(len(items), n_items))


def viewers_of(bounds: NDArray[np.integer]) -> NDArray[np.int64]:
    """`int64[t]`: the viewer of every entry."""
    return np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))


def predictions(errors: NDArray[np.floating], ratings: NDArray[np.floating]) -> NDArray[np.float32]:
    """`float32[t]`, the predicted ratings, equal where they were before ratings were subtracted."""
    return (errors + ratings).astype(np.float32)


def highest_predicted_first(
    predicted: NDArray[np.floating], ratings: NDArray[np.floating], bounds: NDArray[np.integer]
) -> NDArray[np.int64]:
    """`int64[t]`: each viewer's entries in descending order of prediction, ties by rating."""
    from matinee.kernels.orders import highest_first  # noqa: PLC0415  brings numba

    order = np.empty(len(predicted), dtype=np.int64)
    highest_first(predicted, ratings, bounds, order)
    return order


def viewer_means(each: NDArray[Any], bounds: NDArray[np.integer]) -> NDArray[np.float64]:
    """`float64[n]`: mean of `each[bounds[v]:bounds[v + 1]]`; NaN for a viewer without entries."""
    counts = np.diff(bounds)
    sums = np.bincount(viewers_of(bounds), weights=each, minlength=len(counts))
    return quotient(sums, counts, counts)
