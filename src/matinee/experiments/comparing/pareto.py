"""Which models are beaten in everything by another, and which are somebody's best choice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.measuring.measure import metric_of
from matinee.experiments.measuring.results import Comparison, ModelResult

__all__ = ["Axis", "axes", "front", "not_dominated"]

_QUALITIES = ("diversity", "coverage")
"""Metrics beside the deciding one; those that were measured count."""


@dataclass(frozen=True)
class Axis:
    """One thing that models are good or bad at.

    Attributes:
        name: "ndcg@10", "fit seconds".
        higher_is_better: in which direction.
        values: one a model, in the order of the comparison.
    """

    name: str
    higher_is_better: bool
    values: tuple[float, ...]


def axes(comparison: Comparison) -> tuple[Axis, ...]:
    """What models are weighed by: quality, diversity, coverage, and what they cost.

    Left out is what is not known of every model, as memory where the system does not tell it.
    """
    results = comparison.results
    known = [*_qualities(comparison), *_costs(results)]
    return tuple(axis for axis in known if np.isfinite(axis.values).all())


def not_dominated(comparison: Comparison) -> tuple[str, ...]:
    """Names of the models that no other one beats in everything, best first."""
    known = axes(comparison)
    points = np.column_stack([axis.values for axis in known])
    kept = front(points, [axis.higher_is_better for axis in known])
    return tuple(result.name for result, on in zip(comparison.results, kept, strict=True) if on)


def front(points: NDArray[np.float64], higher_is_better: Sequence[bool]) -> NDArray[np.bool_]:
    """The Pareto front: a point is beaten by one that is nowhere worse and somewhere better.

    Args:
        points: `float64[n, a]`; an axis with a missing value (NaN) anywhere is left out.
        higher_is_better: one an axis.

    Returns:
        `bool[n]`, whether no other point beats it; equal points stay or go together.
    """
    signs = np.where(np.asarray(higher_is_better, dtype=np.bool_), 1.0, -1.0)
    goods = (points * signs)[:, ~np.isnan(points).any(axis=0)]
    ahead, level = goods[:, None] > goods[None], goods[:, None] == goods[None]
    beats = (ahead | level).all(axis=2) & ahead.any(axis=2)
    kept: NDArray[np.bool_] = ~beats.any(axis=0)
    return kept


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
