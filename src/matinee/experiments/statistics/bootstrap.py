"""Bootstrap intervals of means over viewers.

Viewers are resampled with replacement (Efron 1979). One resample serves all models, splits and
metrics, so differences between models are paired. A viewer is resampled as a whole, with all
ratings in all splits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "RESAMPLES",
    "Interval",
    "Sample",
    "interval",
    "intervals",
    "places_among",
    "resampled_groups",
    "resampled_means",
    "viewers_of",
]

RESAMPLES = 1000
_DRAWS_AT_ONCE = 2**22
_ENDS = (0.025, 0.975)


@dataclass(frozen=True)
class Interval:
    """A 95% interval: percentiles of the resampled means."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, eq=False)
class Sample:
    """Values per viewer in one split.

    Attributes:
        viewers: `int[n]`, ids that are the same in all splits.
        weights: `float64[n, c]`, weight of each viewer in the mean; `[n, 1]` if all columns have
            the same weights, as usual.
        values: `float64[n, c]`, one column a model and metric; NaN for no value.
        powers: `float64[c]`, exponent of each column's mean (see `Metric.power`).
    """

    viewers: NDArray[np.integer]
    weights: NDArray[np.float64]
    values: NDArray[np.float64]
    powers: NDArray[np.float64]

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
        (means,) = _means(self, np.ones((1, len(self.viewers))))
        return np.asarray(means)

    def select(self, rows: NDArray[np.bool_]) -> Sample:
        """The sample of some viewers."""
        return Sample(self.viewers[rows], self.weights[rows], self.values[rows], self.powers)


def viewers_of(samples: Sequence[Sample]) -> NDArray[np.integer]:
    """The viewers of all splits, ascending."""
    return np.unique(np.concatenate([each.viewers for each in samples]))


def resampled_means(
    samples: Sequence[Sample], *, resamples: int = RESAMPLES, seed: int = 0
) -> NDArray[np.float64]:
    """The mean over splits of the mean over viewers, for every resample: `float64[resamples, c]`.

    NaN if a resample leaves a split without viewers, which happens only with a handful of them.
    """
    (means,) = resampled_groups([samples], viewers_of(samples), resamples=resamples, seed=seed)
    return np.asarray(means)


def resampled_groups(
    groups: Sequence[Sequence[Sample]],
    everyone: NDArray[np.integer],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Resampled means of several groups of viewers: `float64[groups, resamples, c]`.

    Common resamples of all viewers pair the groups. A group has a sample for each split in which
    it has viewers.
    """
    places = [[places_among(everyone, sample.viewers) for sample in group] for group in groups]
    rng = np.random.default_rng(seed)
    chunks = [
        [
            np.mean(
                [_means(one, drawn[:, place]) for one, place in zip(group, where, strict=True)],
                axis=0,
            )
            for group, where in zip(groups, places, strict=True)
        ]
        for drawn in _drawn(len(everyone), resamples, rng)
    ]
    return np.concatenate(chunks, axis=1)


def places_among(
    everyone: NDArray[np.integer], viewers: NDArray[np.integer]
) -> NDArray[np.integer] | slice:
    """Positions of some viewers among all; a full slice if they are the same."""
    if np.array_equal(everyone, viewers):
        return slice(None)
    return np.searchsorted(everyone, viewers)


def interval(means: NDArray[np.float64]) -> Interval:
    """The 95% percentile interval of the resampled means that are not NaN."""
    return intervals(means[:, None])[0]


def intervals(means: NDArray[np.float64]) -> list[Interval]:
    """One interval a column of `float64[resamples, c]`."""
    known = np.isfinite(means)
    ends = np.full((2, means.shape[1]), np.nan)
    whole = known.all(axis=0) if len(means) else np.zeros(means.shape[1], dtype=np.bool_)
    if whole.any():
        ends[:, whole] = np.quantile(means[:, whole], _ENDS, axis=0)
    for column in np.flatnonzero(known.any(axis=0) & ~whole):
        ends[:, column] = np.quantile(means[known[:, column], column], _ENDS)
    return [Interval(low, high) for low, high in ends.T.tolist()]


def _drawn(n: int, resamples: int, rng: np.random.Generator) -> Iterator[NDArray[np.float64]]:
    """Counts of each viewer in each resample, `float64[rows, n]`, a few resamples at a time."""
    step = max(1, _DRAWS_AT_ONCE // n)
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        picks = rng.integers(n, size=(rows, n)) + n * np.arange(rows)[:, None]
        yield np.bincount(picks.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)


def _means(sample: Sample, drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    weight = drawn @ sample.counted
    total = drawn @ sample.totals
    means = np.full(total.shape, np.nan)
    np.divide(total, weight, out=means, where=weight > 0)
    return means ** (1 / sample.powers)
