"""What a rating of a history counts: by how high it is, and by how long ago it was given."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat

from matinee.models._shared.feedback import graded

__all__ = [
    "HalfLife",
    "HalfLifeFilms",
    "LowestWorth",
    "rating_worth",
    "recency",
]

_DAY = 86_400
_NOTHING = 1e-6
"""What counts less is left out."""

LowestWorth = Annotated[
    float,
    Field(
        ge=-1,
        le=1,
        description="What the lowest rating of the scale is worth against 1 for the highest, those "
        "between in proportion; 1 makes no difference between ratings, below 0 a low one speaks "
        "against.",
    ),
]
HalfLife = Annotated[
    NonNegativeFloat,
    Field(
        description="Days before a viewer's latest rating at which one of their history counts "
        "half; 0 counts all alike."
    ),
]
HalfLifeFilms = Annotated[
    NonNegativeFloat,
    Field(
        description="Films rated after one of a history that halve what it counts; 0 counts all "
        "alike."
    ),
]


def rating_worth(
    config: Any, ratings: NDArray[np.float32], scale: NDArray[np.float32] | None
) -> NDArray[np.float32]:
    """What each rating is worth, `float32[n]`; 0 below `min_rating`.

    Args:
        config: of the model, with or without `lowest_worth`.
        ratings: stars.
        scale: `float32[2]`, lowest and highest that can be given; `None` counts all alike.
    """
    counted: NDArray[np.bool_] = ratings >= config.min_rating
    if scale is None:
        return counted.astype(np.float32)
    worth = graded(ratings, scale, getattr(config, "lowest_worth", 1.0))
    return np.where(counted, worth, np.float32(0))


def recency(
    config: Any, times: NDArray[np.int64], starts: NDArray[np.integer]
) -> NDArray[np.float32] | None:
    """What is left of every rating of some histories, `float32[nnz]`; `None` for all of it.

    A viewer's latest rating counts 1, so that no day of asking is needed. A rating without a time
    is as old as the oldest that has one; without any time in a history all count 1.

    Args:
        config: of the model, with or without `half_life` and `half_life_films`.
        times: `int64[nnz]`, Unix seconds; 0 where unknown.
        starts: `int[n + 1]`, where the rows of the histories begin.
    """
    days, films = getattr(config, "half_life", 0.0), getattr(config, "half_life_films", 0.0)
    if not (days or films) or not times.any():
        return None
    halvings = np.zeros(len(times))
    if days:
        halvings += _ages(times, starts) / days
    if films:
        halvings += _later(times, starts) / films
    left = np.exp2(-halvings)
    left[left < _NOTHING] = 0
    return left.astype(np.float32)


def _ages(times: NDArray[np.int64], starts: NDArray[np.integer]) -> NDArray[np.float64]:
    """Days between each rating and the latest of its row, `float64[nnz]`."""
    rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    latest = np.zeros(len(starts) - 1, dtype=np.int64)
    np.maximum.at(latest, rows, times)
    oldest, known = latest.copy(), times != 0
    np.minimum.at(oldest, rows[known], times[known])
    when = np.where(known, times, oldest[rows])
    ages: NDArray[np.float64] = (latest[rows] - when) / _DAY
    return ages


def _later(times: NDArray[np.int64], starts: NDArray[np.integer]) -> NDArray[np.int64]:
    """How many ratings of its row are later than each, `int64[nnz]`."""
    rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    order = np.lexsort((times, rows))
    changes = (np.diff(rows[order]) != 0) | (np.diff(times[order]) != 0)
    moments = np.concatenate([[0], np.cumsum(changes)])  # of every rating in order, none shared
    through = np.cumsum(np.bincount(moments))
    later = np.empty(len(times), dtype=np.int64)
    later[order] = starts[rows[order] + 1] - through[moments]
    return later
