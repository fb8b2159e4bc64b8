"""How differently models serve groups of viewers: the mean of each group, and the widest gap.

A mean over everybody hides who pays for it (Ekstrand et al. 2018). The groups are drawn again
together with everybody else, so that a gap's interval is that of a paired difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.splits import Split
from matinee.experiments.comparing.groups import Grouping, groupings
from matinee.experiments.comparing.summary import blocks, samples_of
from matinee.experiments.measuring.measure import metric_of
from matinee.experiments.measuring.results import Comparison, ModelResult
from matinee.experiments.statistics.bootstrap import (
    Interval,
    Sample,
    interval,
    intervals,
    resampled_parts,
    viewers_of,
)
from matinee.experiments.statistics.differences import FEWEST_VIEWERS, Gap

__all__ = ["all_gaps", "gaps"]


def gaps(comparison: Comparison, metric: str, *, resamples: int = 1000) -> tuple[Gap, ...]:
    """Every grouping and model under one metric, groupings in order, models best first.

    Args:
        comparison: models on the same viewers.
        metric: a metric over viewers: "ndcg@10", "rmse".
        resamples: draws of the bootstrap.
    """
    ways = groupings(comparison.tests, comparison.demographics)
    return tuple(_gaps(comparison.results, ways, [metric], resamples=resamples))


def all_gaps(
    results: Sequence[ModelResult],
    tests: Sequence[Split],
    demographics: pl.DataFrame | None,
    decides: str,
    *,
    resamples: int,
) -> tuple[Gap, ...]:
    """Every grouping and model under every metric over viewers; lists as long as the deciding one.

    Args:
        results: one a model, best first.
        tests: the test splits, in the order of every model's `splits`.
        demographics: one row a viewer, first column `user_id`.
        decides: the deciding metric: "ndcg@10".
        resamples: draws of the bootstrap.
    """
    length = decides.partition("@")[2]
    metrics = [each for each in results[0].intervals if each.partition("@")[2] in ("", length)]
    ways = groupings(tests, demographics)
    return tuple(_gaps(results, ways, metrics, resamples=resamples))


def _gaps(
    results: Sequence[ModelResult],
    ways: Sequence[Grouping],
    metrics: Sequence[str],
    *,
    resamples: int,
) -> Iterator[Gap]:
    """Every grouping, metric and model."""
    models = [result.splits for result in results]
    for way in ways:
        for some in blocks(models, metrics):
            samples = samples_of(models, some)
            everyone = viewers_of(samples)
            parts = [_Part(samples, way, code) for code in range(len(way.labels))]
            drawn = resampled_parts([part.samples for part in parts], everyone, resamples=resamples)
            bounds = [intervals(each) for each in drawn]
            for place, (result, metric) in enumerate(product(results, some)):
                yield _gap(
                    result.name,
                    metric,
                    way,
                    viewers=tuple(part.viewers for part in parts),
                    means=np.array([part.means[place] for part in parts]),
                    drawn=drawn[..., place],
                    bounds=tuple(each[place] for each in bounds),
                )


class _Part:
    """One group: what was measured of its viewers, in the splits that have any."""

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
    """From the groups' means, and `float64[groups, resamples]` of them."""
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
