"""Bootstrap intervals of means over viewers.

Viewers are resampled with replacement (Efron 1979). One resample serves all models, splits and
metrics, so differences between models are paired. A viewer is resampled as a whole, with all
ratings in all splits. Where the splits are cuts in time, new viewers are resampled by cut as well
(see `cut_bootstrap`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.statistics.cut_bootstrap import Cuts
from matinee.experiments.statistics.sample import Sample

__all__ = [
    "RESAMPLES",
    "Interval",
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
    cuts = map(Cuts.of, groups)
    over_splits = [_mean_over_splits if each is None else each.means for each in cuts]
    n_cuts = 1 + max(sample.cut for group in groups for sample in group)
    rng, of_cuts = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    chunks = []
    for drawn in _drawn(len(everyone), resamples, rng):
        picks = of_cuts.random((len(drawn), n_cuts))
        chunks.append(
            [
                means(group, [drawn[:, place] for place in where], picks)
                for means, group, where in zip(over_splits, groups, places, strict=True)
            ]
        )
    return np.concatenate(chunks, axis=1)


def _mean_over_splits(
    samples: Sequence[Sample],
    drawn: Sequence[NDArray[np.float64]],
    _: NDArray[np.float64],
) -> NDArray[np.float64]:
    pairs = zip(samples, drawn, strict=True)
    means: NDArray[np.float64] = np.mean([sample.resampled(each) for sample, each in pairs], axis=0)
    return means


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
