"""Differences between groups of viewers: the mean of each group, and the widest gap.

A mean over all viewers hides who is served worse (Ekstrand et al. 2018). All groups share the
resamples of viewers, so a gap's interval is that of a paired difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.splits import Split
from matinee.experiments.comparing.groups import Grouping, groupings
from matinee.experiments.comparing.summary import BLOCK, blocks, samples_of
from matinee.experiments.measuring.measure import metric_of
from matinee.experiments.measuring.results import Comparison, ModelResult
from matinee.experiments.statistics.bootstrap import (
    Interval,
    interval,
    intervals,
    resampled_groups,
    viewers_of,
)
from matinee.experiments.statistics.differences import FEWEST_VIEWERS, Gap
from matinee.experiments.statistics.sample import Sample

__all__ = ["all_gaps", "gaps"]


def gaps(comparison: Comparison, metric: str) -> tuple[Gap, ...]:
    """Gaps of every grouping and model under one metric over viewers, models best first."""
    ways = groupings(comparison.tests, comparison.demographics)
    return tuple(_gaps(comparison.results, ways, [metric], BLOCK))


def all_gaps(
    results: Sequence[ModelResult],
    tests: Sequence[Split],
    demographics: pl.DataFrame | None,
    decides: str,
    *,
    block: int = BLOCK,
) -> tuple[Gap, ...]:
    """Gaps of every grouping and model under every metric over viewers, at the deciding length.

    The tests are in the order of every model's `splits`; `block` values are in memory at a time.
    """
    length = decides.partition("@")[2]
    metrics = [each for each in results[0].intervals if each.partition("@")[2] in ("", length)]
    ways = groupings(tests, demographics)
    return tuple(_gaps(results, ways, metrics, block))


def _gaps(
    results: Sequence[ModelResult], ways: Sequence[Grouping], metrics: Sequence[str], block: int
) -> Iterator[Gap]:
    models = [result.splits for result in results]
    for way in ways:
        for some in blocks(models, metrics, block):
            samples = samples_of(models, some)
            everyone = viewers_of(samples)
            groups = [_Group(samples, way, code) for code in range(len(way.labels))]
            drawn = resampled_groups([group.samples for group in groups], everyone)
            bounds = [intervals(each) for each in drawn]
            for place, (result, metric) in enumerate(product(results, some)):
                yield _gap(
                    result.name,
                    metric,
                    way,
                    viewers=tuple(group.viewers for group in groups),
                    means=np.array([group.means[place] for group in groups]),
                    drawn=drawn[..., place],
                    bounds=tuple(each[place] for each in bounds),
                )


class _Group:
    """The values of one group's viewers, in the splits that have any."""

    def __init__(self, samples: Sequence[Sample], way: Grouping, code: int) -> None:
        inside = [
            sample.select(codes == code) for sample, codes in zip(samples, way.codes, strict=True)
        ]
        self.samples = [sample for sample in inside if len(sample.viewers)]
        self.viewers = len(viewers_of(self.samples))
        self.means = np.mean([sample.means() for sample in self.samples], axis=0)


def _gap(
    model: str,
    metric: str,
    way: Grouping,
    *,
    viewers: tuple[int, ...],
    means: NDArray[np.float64],
    drawn: NDArray[np.float64],
    bounds: tuple[Interval, ...],
) -> Gap:
    """One gap, from the groups' means and their resamples `float64[groups, resamples]`."""
    large = (np.array(viewers) >= FEWEST_VIEWERS) & np.isfinite(means)
    rows = np.flatnonzero(large)
    widest, between, best, worst = float("nan"), Interval(float("nan"), float("nan")), None, None
    if len(rows) > 1:
        high, low = rows[np.argmax(means[rows])], rows[np.argmin(means[rows])]
        widest = float(means[high] - means[low])
        between = interval(drawn[high] - drawn[low])
        match metric_of(metric).higher_is_better:
            case True:
                best, worst = way.labels[high], way.labels[low]
            case False:
                best, worst = way.labels[low], way.labels[high]
    return Gap(
        model=model,
        metric=metric,
        grouping=way.name,
        labels=way.labels,
        viewers=viewers,
        means=means,
        intervals=bounds,
        best=best,
        worst=worst,
        gap=widest,
        interval=between,
    )
