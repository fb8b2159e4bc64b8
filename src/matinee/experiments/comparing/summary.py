"""Summarises values per viewer and split as means, intervals and differences per model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.comparing.overlap import overlap
from matinee.experiments.measuring.measure import MetricSet, metric_of
from matinee.experiments.measuring.results import ModelResult, SplitResult
from matinee.experiments.statistics.bootstrap import (
    Interval,
    interval,
    intervals,
    resampled_means,
)
from matinee.experiments.statistics.differences import Difference, Pair
from matinee.experiments.statistics.effects import Effect, effects
from matinee.experiments.statistics.sample import Sample
from matinee.experiments.statistics.significance import holm, p_values

__all__ = ["BLOCK", "blocks", "pairs_of", "samples_of", "summarised"]

BLOCK = 2**23
"""Values in memory at a time (64 MiB); with many viewers, metrics are resampled in blocks."""


def summarised(
    measured: Mapping[str, Sequence[SplitResult]], metric_set: MetricSet, *, block: int = BLOCK
) -> tuple[ModelResult, ...]:
    """One result a model, best first by the deciding metric.

    All models have the same splits in the same order; `block` values are in memory at a time.
    """
    means = {
        name: {
            metric: float(np.mean([split.means[metric] for split in splits]))
            for metric in splits[0].means
        }
        for name, splits in measured.items()
    }
    sign = -1 if metric_set.decides.higher_is_better else 1
    names = sorted(measured, key=lambda name: sign * means[name][metric_set.label])
    ordered = [tuple(measured[name]) for name in names]
    bounds: list[dict[str, Interval]] = [{} for _ in names]
    differences: list[dict[str, Difference]] = [{} for _ in names]
    for metrics in blocks(ordered, list(ordered[0][0].values), block):
        drawn = resampled_means(samples_of(ordered, metrics))
        drawn = drawn.reshape(-1, len(ordered), len(metrics))
        for row in range(len(names)):
            bounds[row].update(zip(metrics, intervals(drawn[:, row]), strict=True))
        for row, to_best in enumerate(_to_best(ordered, means, names, metrics, drawn), start=1):
            differences[row].update(zip(metrics, to_best, strict=True))
    return tuple(
        ModelResult(name, ordered[row], means[name], bounds[row], differences[row])
        for row, name in enumerate(names)
    )


def pairs_of(results: Sequence[ModelResult], metric: str, k: int) -> tuple[Pair, ...]:
    """Differences of every two models under a metric over viewers, with p adjusted over all pairs.

    The results are sorted, best first. Lists are compared at length `k`.
    """
    rows = list(combinations(range(len(results)), 2))
    if not rows:
        return ()
    models = [result.splits for result in results]
    samples = samples_of(models, [metric])
    first, second = (
        [each.columns(side) for each in samples] for side in map(list, zip(*rows, strict=True))
    )
    drawn = resampled_means(samples)
    p = p_values(first, second)
    tests = zip(rows, p, holm(p), _effects(first, second, [metric] * len(rows)), strict=True)
    return tuple(
        Pair(
            results[one].name,
            results[other].name,
            Difference(
                results[one].means[metric] - results[other].means[metric],
                interval(drawn[:, one] - drawn[:, other]),
                float(p_value),
                float(adjusted),
                effect,
            ),
            overlap(results[one].splits, results[other].splits, k),
        )
        for (one, other), p_value, adjusted, effect in tests
    )


def blocks(
    models: Sequence[Sequence[SplitResult]], metrics: Sequence[str], block: int
) -> Iterator[Sequence[str]]:
    """The metrics in blocks whose values for all viewers fit into memory."""
    viewers = max(len(split.users) for split in models[0])
    step = max(1, block // (viewers * len(models)))
    for start in range(0, len(metrics), step):
        yield metrics[start : start + step]


def samples_of(models: Sequence[Sequence[SplitResult]], metrics: Sequence[str]) -> list[Sample]:
    """One sample a split, with columns by model, then by metric."""
    kinds = {metric: metric_of(metric) for metric in metrics}
    powers = np.array([kind.power for kind in kinds.values()] * len(models), np.float64)
    same = len({kind.pooled for kind in kinds.values()}) == 1
    same = same and not any(kind.weigh for kind in kinds.values())
    cuts = list(dict.fromkeys(split.split for split in models[0]))
    samples = []
    for on_split in zip(*models, strict=True):
        first = on_split[0]
        columns = [(each, name) for each in on_split for name in metrics]
        weighing = columns[:1] if same else columns
        weights = [each.weights_of(name, kinds[name]) for each, name in weighing]
        samples.append(
            Sample(
                viewers=first.users,
                weights=np.column_stack(weights),
                values=np.column_stack([each.values[name] for each, name in columns]),
                powers=powers,
                newcomers=first.newcomers,
                cut=cuts.index(first.split),
            )
        )
    return samples


def _to_best(
    models: Sequence[Sequence[SplitResult]],
    means: Mapping[str, Mapping[str, float]],
    names: Sequence[str],
    metrics: Sequence[str],
    drawn: NDArray[np.float64],
) -> list[list[Difference]]:
    """The difference to the first model, for each other model and metric."""
    if len(models) < 2:
        return []
    shape = len(models) - 1, len(metrics)
    others = samples_of(models[1:], metrics)
    best = samples_of([models[0]] * shape[0], metrics)
    p = p_values(others, best).reshape(shape)
    adjusted = np.stack([holm(column) for column in p.T], axis=1)
    effect_sizes = iter(_effects(others, best, list(metrics) * shape[0]))
    return [
        [
            Difference(
                means[name][metric] - means[names[0]][metric],
                bounds,
                float(p[row, column]),
                float(adjusted[row, column]),
                next(effect_sizes),
            )
            for column, (metric, bounds) in enumerate(
                zip(metrics, intervals(drawn[:, row + 1] - drawn[:, 0]), strict=True)
            )
        ]
        for row, name in enumerate(names[1:])
    ]


def _effects(
    first: Sequence[Sample], second: Sequence[Sample], metrics: Sequence[str]
) -> tuple[Effect, ...]:
    lower = [metric_of(metric).higher_is_better is False for metric in metrics]
    return effects(first, second, np.array(lower))
