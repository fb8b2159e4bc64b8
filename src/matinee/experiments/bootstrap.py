"""How far a mean over viewers could be off, and whether two models really differ.

Viewers are drawn again with replacement (Efron 1979); one draw decides for all models, splits and
metrics at once, so that differences between models are paired. A drawn viewer brings everything
known of them: all their ratings, in all splits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Interval", "Sample", "interval", "resampled_means"]

_DRAWS_AT_ONCE = 2**22
_LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """A 95% interval, from the percentiles of the resampled means."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, eq=False)
class Sample:
    """What was measured in one split.

    Attributes:
        viewers: `int[n]`, who; any numbering that is the same in all splits.
        weights: `float64[n]`, the part of each viewer in the mean.
        values: `float64[n, c]`; one column a model and metric; NaN where there is no value.
        powers: `float64[c]`, exponent of each column's mean (see `Metric.power`).
    """

    viewers: NDArray[np.integer]
    weights: NDArray[np.float64]
    values: NDArray[np.float64]
    powers: NDArray[np.float64]


def resampled_means(
    samples: Sequence[Sample], *, resamples: int = 1000, seed: int = 0
) -> NDArray[np.float64]:
    """The mean over splits of the mean over viewers, for every resample.

    Returns:
        `float64[r, c]` with r <= resamples: draws that leave a split without viewers are left
        out, which happens only where there is a handful of them.
    """
    everyone = np.unique(np.concatenate([sample.viewers for sample in samples]))
    rng = np.random.default_rng(seed)
    chunks = [
        np.mean([_means(sample, drawn, everyone) for sample in samples], axis=0)
        for drawn in _drawn(len(everyone), resamples, rng)
    ]
    means: NDArray[np.float64] = np.concatenate(chunks)
    return means[np.isfinite(means).all(axis=1)]


def interval(means: NDArray[np.float64]) -> Interval:
    """The 95% percentile interval of resampled means; NaN where there are none."""
    if not len(means):
        return Interval(float("nan"), float("nan"))
    low, high = np.quantile(means, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Interval(float(low), float(high))


def _drawn(n: int, resamples: int, rng: np.random.Generator) -> Iterator[NDArray[np.float64]]:
    """How often each of n viewers is drawn, `float64[rows, n]`, a few resamples at a time."""
    step = max(1, _DRAWS_AT_ONCE // n)
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        picks = rng.integers(n, size=(rows, n)) + n * np.arange(rows)[:, None]
        yield np.bincount(picks.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)


def _means(
    sample: Sample, drawn: NDArray[np.float64], everyone: NDArray[np.integer]
) -> NDArray[np.float64]:
    here = drawn[:, np.searchsorted(everyone, sample.viewers)]
    weights = sample.weights[:, None] * np.isfinite(sample.values)
    weight = here @ weights
    total = here @ (weights * np.nan_to_num(sample.values) ** sample.powers)
    means = np.full(total.shape, np.nan)
    np.divide(total, weight, out=means, where=weight > 0)
    return means ** (1 / sample.powers)
