"""Measures of recommendation quality. One file beside this one is one family of pure functions.

A family lists its measures in `METRICS`. Those over viewers give one value a viewer, so that
intervals and paired comparisons can be computed from them; a viewer without targets has no value
(NaN), because nothing could be found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matinee import plugins
from matinee.errors import UnknownNameError

__all__ = ["Kind", "Metric", "get", "names", "of_kind"]

Kind = Literal["ranking", "graded", "rating", "catalogue"]


@dataclass(frozen=True)
class Metric:
    """One measure, its formula, and how it is averaged.

    Attributes:
        name: as the command line and receipts say it: "ndcg".
        function: what computes it. Its arguments and answer follow from `kind`:
            "ranking"    (hits: bool[n, k], n_targets: int[n])           -> float64[n]
            "graded"     (gains: float[n, k], ideal: float[n, k])        -> float64[n]
            "rating"     (errors: float[m], bounds: int[n + 1])          -> float64[n]
            "catalogue"  (items: int32[n, k], n_items: int)              -> float
        kind: what it looks at.
        higher_is_better: whether more is better.
        definition: the formula in a line, for receipts.
        source: where the definition comes from.
        power: exponent of the mean over viewers: 1, or 2 where squares are averaged (RMSE).
    """

    name: str
    function: Callable[..., Any] = field(repr=False)
    kind: Kind
    higher_is_better: bool
    definition: str
    source: str
    power: int = 1

    def mean(self, values: NDArray[np.float64], weights: NDArray[np.floating]) -> float:
        """The weighted (power) mean over viewers; those without a value are left out.

        With the number of ratings as weights, the mean of RMSE is the RMSE pooled over ratings.
        NaN where no viewer has a value.
        """
        known = np.isfinite(values) & (weights > 0)
        if not known.any():
            return float("nan")
        mean = np.average(values[known] ** self.power, weights=weights[known])
        return float(mean ** (1 / self.power))


@cache
def _all() -> dict[str, Metric]:
    families = [*plugins.modules("metrics").values(), *plugins.installed("metrics").values()]
    listed: list[Metric] = [metric for family in families for metric in family.METRICS]
    by_name = {metric.name: metric for metric in listed}
    if len(by_name) != len(listed):
        raise TypeError("two metrics share a name: " + ", ".join(each.name for each in listed))
    return by_name


def names() -> tuple[str, ...]:
    """Names of all metrics, sorted."""
    return tuple(sorted(_all()))


def get(name: str) -> Metric:
    """One metric by name.

    Raises:
        UnknownNameError: there is no such metric; lists those there are.
    """
    if name not in _all():
        raise UnknownNameError("metric", name, names())
    return _all()[name]


def of_kind(kind: Kind) -> tuple[Metric, ...]:
    """All metrics of one kind, in the order their families list them."""
    return tuple(metric for metric in _all().values() if metric.kind == kind)
