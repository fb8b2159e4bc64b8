"""From values per viewer and split to means, intervals and differences per model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.bootstrap import Sample, interval, resampled_means
from matinee.experiments.measure import Yardstick, metric_of
from matinee.experiments.results import Difference, ModelResult, SplitResult

__all__ = ["summarised"]


def summarised(
    measured: Mapping[str, Sequence[SplitResult]], yardstick: Yardstick, *, resamples: int
) -> tuple[ModelResult, ...]:
    """One result a model, best first by the deciding metric.

    Args:
        measured: for each model its results, all models on the same splits in the same order.
        yardstick: what was measured.
        resamples: draws of the bootstrap.
    """
    means = {name: _means(splits) for name, splits in measured.items()}
    sign = -1 if yardstick.decides.higher_is_better else 1
    names = sorted(measured, key=lambda name: sign * means[name][yardstick.label])
    metrics = list(measured[names[0]][0].values)
    drawn = _drawn([measured[name] for name in names], metrics, resamples)
    return tuple(
        ModelResult(
            name=name,
            splits=tuple(measured[name]),
            means=means[name],
            intervals={
                metric: interval(drawn[:, row, column]) for column, metric in enumerate(metrics)
            },
            differences={
                metric: Difference(
                    means[name][metric] - means[names[0]][metric],
                    interval(drawn[:, row, column] - drawn[:, 0, column]),
                )
                for column, metric in enumerate(metrics)
                if row
            },
        )
        for row, name in enumerate(names)
    )


def _means(splits: Sequence[SplitResult]) -> dict[str, float]:
    return {
        metric: float(np.mean([split.means[metric] for split in splits]))
        for metric in splits[0].means
    }


def _drawn(
    models: Sequence[Sequence[SplitResult]], metrics: Sequence[str], resamples: int
) -> NDArray[np.float64]:
    """`float64[resamples, models, metrics]`: resampled means, the same viewers for all."""
    powers = np.array([metric_of(metric).power for metric in metrics] * len(models), np.float64)
    samples = [
        Sample(
            viewers=on_split[0].users,
            weights=on_split[0].weights,
            values=np.column_stack([each.values[name] for each in on_split for name in metrics]),
            powers=powers,
        )
        for on_split in zip(*models, strict=True)
    ]
    drawn = resampled_means(samples, resamples=resamples)
    return drawn.reshape(-1, len(models), len(metrics))
