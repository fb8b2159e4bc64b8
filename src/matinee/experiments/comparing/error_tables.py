"""Where predicted ratings are wrong: errors by rating, film, viewer and number of ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.splits import Split
from matinee.experiments.measuring.results import Comparison

__all__ = ["FEWEST_RATINGS", "GROUPINGS", "ErrorTables", "rating_steps"]

FEWEST_RATINGS = 10
"""Targets of a film or a viewer without which they are not among the worst."""
GROUPINGS = ("rating", "film", "viewer", "activity", "popularity")
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


@dataclass(frozen=True, eq=False)
class ErrorTables:
    """Tables of the errors of one model.

    Groups have the columns ratings (their number), bias (mean error), mae and rmse, on the scale of
    the data.

    Attributes:
        errors: one row per target, see `Comparison.errors`.
        steps: `float64[s]`, the steps of the scale, ascending; see `rating_steps`.
    """

    errors: pl.DataFrame
    steps: NDArray[np.float64]

    @classmethod
    def of(cls, comparison: Comparison, model: str | None = None) -> ErrorTables:
        """The tables of one model, the best by default; the errors are those of `errors`."""
        return cls(comparison.errors(model), rating_steps(comparison.tests))

    def all_targets(self) -> pl.DataFrame:
        """One row: the measures of all targets."""
        return self.errors.select(_MEASURES)

    def by(self, grouping: str) -> pl.DataFrame:
        """The groups of one of `GROUPINGS`.

        Rating is the step of the scale; film and viewer are in order of rmse, largest first;
        activity and popularity are the number of ratings of the viewer's history and of the film.
        """
        match grouping:
            case "rating":
                rounded = pl.Series("rating", self.steps[self._nearest("rating")])
                return _groups(self.errors.with_columns(rounded), "rating").sort("rating")
            case "film":
                return _worst_first(_groups(self.errors, "item", "title"))
            case "viewer":
                return _worst_first(_groups(self.errors, "user"))
            case "activity":
                return self._by_number("viewer_ratings")
            case _:
                return self._by_number("film_ratings")

    def worst(self, grouping: str, n: int) -> pl.DataFrame:
        """The `n` films or viewers with the largest rmse among those with `FEWEST_RATINGS`."""
        return self.by(grouping).filter(pl.col("ratings") >= FEWEST_RATINGS).head(n)

    def largest(self, n: int) -> pl.DataFrame:
        """The `n` ratings with the largest errors, of either sign."""
        return self.errors.sort(_ERROR.abs(), descending=True, maintain_order=True).head(n)

    def confusion(self) -> NDArray[np.int64]:
        """Numbers of targets, `int64[s, s]`: step of the rating by step of the prediction."""
        n = len(self.steps)
        cells = self._nearest("rating") * n + self._nearest("predicted")
        return np.bincount(cells, minlength=n**2).reshape(n, n)

    def _nearest(self, column: str) -> NDArray[np.int64]:
        """The place of the nearest step of each value, the upper one half-way."""
        middles = (self.steps[1:] + self.steps[:-1]) / 2
        return np.searchsorted(middles, self.errors[column].to_numpy(), side="right")

    def _by_number(self, column: str) -> pl.DataFrame:
        """Groups of a number of ratings: 0, 1, 2 to 4, 5 to 9, 10 to 19, 20 to 49, ..."""
        place = np.searchsorted(_EDGES, self.errors[column].to_numpy(), side="right") - 1
        placed = self.errors.with_columns(pl.Series("place", place))
        groups = _groups(placed, "place").sort("place")
        names = [_LABELS[each] for each in groups["place"]]
        return groups.select(pl.Series(column, names), pl.exclude("place"))


def rating_steps(tests: Sequence[Split]) -> NDArray[np.float64]:
    """The steps of the scale, ascending: all different ratings, or 11 even steps of many.

    Those of the training count as well, since a small test can lack some.
    """
    values = [part for test in tests for part in (test.train.values, test.targets.data)]
    ratings = pl.concat([pl.Series(each).unique() for each in values]).unique().sort().to_list()
    if len(ratings) <= _MOST_STEPS:
        return np.array([float(f"{each:g}") for each in ratings])  # 3.3 is inexact as float32
    return np.linspace(ratings[0], ratings[-1], _EVEN_STEPS)


def _groups(errors: pl.DataFrame, *columns: str) -> pl.DataFrame:
    return errors.group_by(*columns, maintain_order=True).agg(_MEASURES)


def _worst_first(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.sort("rmse", descending=True, maintain_order=True)
