"""Where predicted ratings are wrong: errors by rating, film, viewer and number of ratings.

Every table is made of the errors of one model, from `Comparison.errors`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = [
    "FEWEST_RATINGS",
    "GROUPINGS",
    "all_targets",
    "by",
    "confusion",
    "largest",
    "rating_steps",
    "worst",
]

FEWEST_RATINGS = 10
"""Targets of a film or a viewer without which they are not among the worst."""
_MOST_STEPS = 20
_EVEN_STEPS = 11
"""Steps of a scale with more different ratings than that, such as 0 to 100."""
_EDGES = (0, *(digit * 10**power for power in range(10) for digit in (1, 2, 5)))
_LABELS = tuple(
    f"{low}" if high == low + 1 else f"{low:,} to {high - 1:,}" for low, high in pairwise(_EDGES)
)
"""Groups of numbers of ratings."""

_ERROR = pl.col("error").cast(pl.Float64)
_MEASURES = (
    pl.len().alias("ratings"),
    _ERROR.mean().alias("bias"),
    _ERROR.abs().mean().alias("mae"),
    _ERROR.pow(2).mean().sqrt().alias("rmse"),
)


def rating_steps(errors: pl.DataFrame) -> NDArray[np.float64]:
    """The steps of the scale, ascending: all different ratings, or 11 even steps of many."""
    ratings = errors["rating"].unique().sort().to_list()
    if len(ratings) <= _MOST_STEPS:
        return np.array([float(f"{each:g}") for each in ratings])  # 3.3 is inexact as float32
    return np.linspace(ratings[0], ratings[-1], _EVEN_STEPS)


def all_targets(errors: pl.DataFrame) -> pl.DataFrame:
    """One row: ratings, bias (mean error), mae and rmse of all targets."""
    return errors.select(_MEASURES)


def _by_rating(errors: pl.DataFrame) -> pl.DataFrame:
    steps = rating_steps(errors)
    rounded = pl.Series("rating", steps[_nearest(steps, errors["rating"])])
    return errors.with_columns(rounded).group_by("rating").agg(_MEASURES).sort("rating")


def _by_film(errors: pl.DataFrame) -> pl.DataFrame:
    return _worst_first(errors.group_by("item", "title", maintain_order=True).agg(_MEASURES))


def _by_viewer(errors: pl.DataFrame) -> pl.DataFrame:
    return _worst_first(errors.group_by("user", maintain_order=True).agg(_MEASURES))


def _by_activity(errors: pl.DataFrame) -> pl.DataFrame:
    return _by_number(errors, "viewer_ratings")


def _by_popularity(errors: pl.DataFrame) -> pl.DataFrame:
    return _by_number(errors, "film_ratings")


GROUPINGS: Mapping[str, Callable[[pl.DataFrame], pl.DataFrame]] = MappingProxyType(
    {
        "rating": _by_rating,
        "film": _by_film,
        "viewer": _by_viewer,
        "activity": _by_activity,
        "popularity": _by_popularity,
    }
)


def by(errors: pl.DataFrame, grouping: str) -> pl.DataFrame:
    """Number of ratings, bias (mean error), mae and rmse of every group, in stars.

    Groups of `GROUPINGS`: rating (the step of the scale), film and viewer (largest rmse first),
    activity and popularity (number of ratings of the viewer's history and of the film).
    """
    return GROUPINGS[grouping](errors)


def worst(errors: pl.DataFrame, grouping: str, n: int) -> pl.DataFrame:
    """The `n` films or viewers with the largest rmse among those with `FEWEST_RATINGS`."""
    return by(errors, grouping).filter(pl.col("ratings") >= FEWEST_RATINGS).head(n)


def largest(errors: pl.DataFrame, n: int) -> pl.DataFrame:
    """The `n` ratings with the largest errors, of either sign."""
    return errors.sort(_ERROR.abs(), descending=True, maintain_order=True).head(n)


def confusion(errors: pl.DataFrame) -> NDArray[np.int64]:
    """Numbers of targets by step of the rating (rows) and of the prediction, rounded (columns)."""
    steps = rating_steps(errors)
    cells = _nearest(steps, errors["rating"]) * len(steps) + _nearest(steps, errors["predicted"])
    return np.bincount(cells, minlength=len(steps) ** 2).reshape(len(steps), -1)


def _nearest(steps: NDArray[np.float64], values: pl.Series) -> NDArray[np.int64]:
    """The place of the nearest step of each value, the upper one half-way."""
    middles = (steps[1:] + steps[:-1]) / 2
    return np.searchsorted(middles, values.to_numpy(), side="right")


def _worst_first(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.sort("rmse", descending=True, maintain_order=True)


def _by_number(errors: pl.DataFrame, column: str) -> pl.DataFrame:
    """Groups of a number of ratings: 0, 1, 2 to 4, 5 to 9, 10 to 19, 20 to 49, ..."""
    place = np.searchsorted(_EDGES, errors[column].to_numpy(), side="right") - 1
    placed = errors.with_columns(pl.Series("place", place))
    groups = placed.group_by("place").agg(_MEASURES).sort("place")
    names = [_LABELS[each] for each in groups["place"]]
    return groups.select(pl.Series(column, names), pl.exclude("place"))
