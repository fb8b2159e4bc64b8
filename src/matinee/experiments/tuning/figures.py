"""Figures of chosen options: means over viewers with intervals, on validation and on the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matinee.data import Catalog
from matinee.data.splits import Division, Split
from matinee.experiments.measuring.measure import Measured, MetricSet
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.experiments.statistics.bootstrap import Interval, Sample, interval, resampled_means
from matinee.experiments.statistics.plain import plain_bounds, plain_number
from matinee.experiments.tuning.plan import Plan
from matinee.models import Config

__all__ = ["Figure", "figures"]


@dataclass(frozen=True)
class Figure:
    """A mean with its 95% interval over viewers; NaN bounds for a metric of the whole split."""

    mean: float
    interval: Interval

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"mean": plain_number(self.mean), "interval": plain_bounds(self.interval)}


def figures(
    config: Config, plan: Plan, catalog: Catalog, divisions: Sequence[Division]
) -> tuple[Figure, Figure]:
    """Figures of options on the validation and on the test.

    Args:
        config: the options.
        plan: the search they come from.
        catalog: the films.
        divisions: one for every seed of the plan.
    """
    decides = plan.metric_set.chooses
    on_validation, on_test = [], []
    for seed, (validation, test) in zip(plan.seeds, divisions, strict=True):
        model = plan.fitted(config, validation.train, catalog, seed)
        training = TrainingStatistics(validation.train, catalog)
        on_validation.append((validation, decides.measure(model, validation, training)))
        if test.train is not validation.train:
            model = plan.fitted(config, test.train, catalog, seed)
            training = TrainingStatistics(test.train, catalog)
        on_test.append((test, decides.measure(model, test, training)))
    return _figure(on_validation, decides), _figure(on_test, decides)


def _figure(measured: Sequence[tuple[Split, Measured]], metric_set: MetricSet) -> Figure:
    label = metric_set.label
    mean = float(np.mean([each.means[label] for _, each in measured]))
    if not metric_set.decides.per_viewer:
        return Figure(mean, interval(np.empty(0)))
    power = np.array([float(metric_set.decides.power)])
    samples = [
        Sample(split.users, each.weights, each.values[label][:, None], power)
        for split, each in measured
    ]
    return Figure(mean, interval(resampled_means(samples)[:, 0]))
