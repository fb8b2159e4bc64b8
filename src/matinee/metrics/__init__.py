"""Measures of recommendation quality. One file beside this one is one family of pure functions.

A family lists its measures in `METRICS`. The parameters of a function say what it needs, by the
names that `INPUTS` explains; an evaluation computes only what is asked for. Measures over viewers
give one value a viewer, so that intervals and paired comparisons can be computed from them; a
viewer for whom there is nothing to measure has no value (NaN).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matinee import plugins
from matinee.errors import UnknownNameError
from matinee.metrics._explanation import Explanation, Option, explanation, options
from matinee.metrics._inputs import INPUTS

__all__ = ["INPUTS", "Explanation", "Kind", "Metric", "Option", "get", "names", "of_kind"]

Kind = Literal["list", "ranking", "rating"]


@dataclass(frozen=True)
class Metric:
    """One measure, its formula, and how it is averaged.

    Attributes:
        name: as the command line and receipts say it: "ndcg".
        function: what computes it. Its parameters without a default are names of `INPUTS`; those
            with one are options of the definition. It gives `float64[n]`, one value a viewer,
            or one float where it is not `per_viewer`.
        kind: what it looks at:
            "list"     films listed, cut at k
            "ranking"  the ranking of all unseen films, whatever k
            "rating"   predicted ratings
        higher_is_better: whether more is better; `None` where neither is.
        definition: the formula in a line, for receipts.
        source: where the definition comes from.
        per_viewer: whether every viewer has a value; else there is one for all together.
        power: exponent of the mean over viewers: 1, or 2 where squares are averaged (RMSE).
        bounds: lowest and highest value there can be.
    """

    name: str
    function: Callable[..., Any] = field(repr=False)
    kind: Kind
    higher_is_better: bool | None
    definition: str
    source: str
    per_viewer: bool = True
    power: int = 1
    bounds: tuple[float, float] = (0.0, 1.0)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of what the function is to be given, in order."""
        parameters = inspect.signature(self.function).parameters.values()
        return tuple(each.name for each in parameters if each.default is each.empty)

    @property
    def options(self) -> Mapping[str, Option]:
        """Where definitions disagree: the function's parameters with a default."""
        return options(self.function)

    @property
    def explanation(self) -> Explanation:
        """The function's docstring: what it says, who differs, an example worked by hand."""
        return explanation(self.function)

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
