"""The Pareto front of models: those that no other model dominates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.measuring.measure import metric_of
from matinee.experiments.measuring.results import Comparison

__all__ = ["Axis", "axes", "front", "not_dominated"]

_QUALITIES = ("diversity", "coverage")
"""Metrics beside the deciding one, if they were measured."""


@dataclass(frozen=True)
class Axis:
    """One criterion of a comparison ("ndcg@10", "fit seconds"), with one value a model."""

    name: str
    higher_is_better: bool
    values: tuple[float, ...]


def axes(comparison: Comparison) -> tuple[Axis, ...]:
    """The criteria with a value for every model: quality, diversity, coverage and costs."""
    results = comparison.results
    _, at, length = comparison.metric.partition("@")
    known = [
        Axis(
            label,
            metric_of(label).higher_is_better is not False,
            tuple(result.means[label] for result in results),
        )
        for label in (comparison.metric, *(f"{name}{at}{length}" for name in _QUALITIES))
        if label in comparison.metrics
    ]
    costs = {
        "fit seconds": [result.fit_seconds for result in results],
        "fit memory": [nan if r.fit_bytes is None else float(r.fit_bytes) for r in results],
        "answer seconds": [result.answer_seconds for result in results],
    }
    known += [
        Axis(name, higher_is_better=False, values=tuple(values)) for name, values in costs.items()
    ]
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
    return ~dominates.any(axis=0)
