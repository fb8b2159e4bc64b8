"""Values of metrics per viewer in one split, with models and metrics as columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["Sample"]


@dataclass(frozen=True, eq=False)
class Sample:
    """Values per viewer in one split.

    Attributes:
        viewers: `int[n]`, ids that are the same in all splits.
        weights: `float64[n, c]`, weight of each viewer in the mean; `[n, 1]` if all columns have
            the same weights, as usual.
        values: `float64[n, c]`, one column a model and metric; NaN for no value.
        powers: `float64[c]`, exponent of each column's mean (see `Metric.power`).
        newcomers: `bool[n]`, viewers without a history, where the splits are cuts in time; `None`
            elsewhere.
        cut: the number of the cut; samples of one cut differ in their seed.
    """

    viewers: NDArray[np.integer]
    weights: NDArray[np.float64]
    values: NDArray[np.float64]
    powers: NDArray[np.float64]
    newcomers: NDArray[np.bool_] | None = None
    cut: int = 0

    @property
    def units(self) -> NDArray[np.integer]:
        """`int[n]`: the viewers, but one number below 0 for all newcomers of a cut.

        They share one list, so a comparison of two lists on them is one observation.
        """
        if self.newcomers is None:
            return self.viewers
        return np.where(self.newcomers, -1 - self.cut, self.viewers)

    @cached_property
    def totals(self) -> NDArray[np.float64]:
        """`float64[n, c]`: each viewer's summand in the numerator of the mean."""
        totals = self.values**self.powers
        totals *= self.weights
        return np.nan_to_num(totals, copy=False)

    @cached_property
    def counted(self) -> NDArray[np.float64]:
        """`float64[n, c]`: the weights of viewers with a value, else 0.

        As many columns as the weights if every viewer has a value in every column.
        """
        known = np.isfinite(self.values)
        return self.weights if known.all() else self.weights * known

    def means(self) -> NDArray[np.float64]:
        """`float64[c]`: the mean over all viewers; NaN if nobody has a value."""
        (means,) = self.resampled(np.ones((1, len(self.viewers))))
        return np.asarray(means)

    def resampled(self, drawn: NDArray[np.float64]) -> NDArray[np.float64]:
        """`float64[rows, c]`: the mean for each resample, from counts of viewers `[rows, n]`."""
        weight = drawn @ self.counted
        total = drawn @ self.totals
        means = np.full(total.shape, np.nan)
        np.divide(total, weight, out=means, where=weight > 0)
        return means ** (1 / self.powers)

    def select(self, rows: NDArray[np.bool_]) -> Sample:
        """The sample of some viewers."""
        newcomers = None if self.newcomers is None else self.newcomers[rows]
        return replace(
            self,
            viewers=self.viewers[rows],
            weights=self.weights[rows],
            values=self.values[rows],
            newcomers=newcomers,
        )

    def columns(self, which: list[int]) -> Sample:
        """The sample of some columns."""
        weights = self.weights if self.weights.shape[1] == 1 else self.weights[:, which]
        return replace(
            self, weights=weights, values=self.values[:, which], powers=self.powers[which]
        )
