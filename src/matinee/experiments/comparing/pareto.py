"""The Pareto front of models: those that no other model dominates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.measuring.measure import metric_of
from matinee.experiments.measuring.results import Comparison, ModelResult

__all__ = ["Axis", "axes", "front", "not_dominated"]

_QUALITIES = ("diversity", "coverage")
"""Metrics beside the deciding one, if they were measured."""


@dataclass(frozen=True)
class Axis:
    """One criterion of a comparison.

    Attributes:
        name: "ndcg@10", "fit seconds".
        higher_is_better: its direction.
        values: one a model, in the order of the comparison.
    """

    name: str
    higher_is_better: bool
    values: tuple[float, ...]


def axes(comparison: Comparison) -> tuple[Axis, ...]:
    """The criteria: quality, diversity, coverage and costs.

    A criterion needs a value for every model; memory, for instance, is known on Linux only.
    """
    results = comparison.results
    known = [*_qualities(comparison), *_costs(results)]
    return tuple(axis for axis in known if np.isfinite(axis.values).all())


def not_dominated(comparison: Comparison) -> tuple[str, ...]:
    """Names of the models on the Pareto front, best first."""
    known = axes(comparison)
    points = np.column_stack([axis.values for axis in known])
    on_front = front(points, [axis.higher_is_better for axis in known])
    return tuple(result.name for result, on in zip(comparison.results, on_front, strict=True) if on)


def front(points: NDArray[np.float64], higher_is_better: Sequence[bool]) -> NDArray[np.bool_]:
    """`bool[n]`: whether no other of the points, `float64[n, axes]`, dominates it.

    A point dominates another if it is nowhere worse and somewhere better, so equal points are in
    or out together. An axis with any NaN is ignored.
    """
    signs = np.where(np.asarray(higher_is_better, dtype=np.bool_), 1.0, -1.0)
    goods = (points * signs)[:, ~np.isnan(points).any(axis=0)]
    ahead, level = goods[:, None] > goods[None], goods[:, None] == goods[None]
    dominates = (ahead | level).all(axis=2) & ahead.any(axis=2)
    on_front: NDArray[np.bool_] = ~dominates.any(axis=0)
    return on_front


def _qualities(comparison: Comparison) -> Iterator[Axis]:
    _, at, length = comparison.metric.partition("@")
    for label in (comparison.metric, *(f"{name}{at}{length}" for name in _QUALITIES)):
        if label in comparison.metrics:
            values = tuple(result.means[label] for result in comparison.results)
            yield Axis(label, metric_of(label).higher_is_better is not False, values)


def _costs(results: Sequence[ModelResult]) -> Iterator[Axis]:
    costs = {
        "fit seconds": [result.fit_seconds for result in results],
        "fit memory": [float("nan") if r.fit_bytes is None else r.fit_bytes for r in results],
        "answer seconds": [result.answer_seconds for result in results],
    }
    for name, values in costs.items():
        yield Axis(name, higher_is_better=False, values=tuple(map(float, values)))
