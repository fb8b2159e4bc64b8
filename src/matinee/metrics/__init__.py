"""Metrics of recommendation quality. Each file beside this one is a family of pure functions.

A family lists its metrics in `METRICS`. The parameters of a function name its inputs, which
`INPUTS` explains; an evaluation computes only the inputs in use. Metrics over viewers return one
value a viewer, for intervals and paired comparisons. A viewer without anything to measure has no
value (NaN).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from types import MappingProxyType
from typing import Any, Literal, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from matinee import plugins
from matinee.errors import UnknownNameError

__all__ = ["INPUTS", "Explanation", "Kind", "Metric", "Option", "get", "names", "of_kind"]

Kind = Literal["list", "ranking", "rating"]

_EXAMPLE = "Example:"
_SECTIONS = ("Args:", "Returns:", "Raises:", _EXAMPLE)

INPUTS: Mapping[str, str] = MappingProxyType(
    {
        # lists, cut at k
        "items": "int32[n, k], rows of the recommended films, best first; -1 beyond a short list",
        "hits": "bool[n, k], whether the film at each rank is a target",
        "gains": "float32[n, k], the rating of the target at each rank, 0 for no target",
        "ideal": "float32[n, k], each viewer's highest ratings among the targets, best first",
        "usual_items": "int32[n, k], the films that popularity would list",
        # full rankings of the unseen films
        "positions": "int64[t], rank of every target from 1, ties counted against the model",
        "bounds": "int64[n + 1], the entries of viewer v are bounds[v]:bounds[v + 1]",
        "n_ranked": "int64[n], number of ranked films for each viewer",
        # dislikes
        "judged": "bool[n, k], whether the viewer rated the film at each rank in the test",
        "disliked": "bool[n, k], whether that rating is low",
        "n_disliked": "int64[n], number of films of the test that each viewer dislikes",
        "judged_scores": "float32[j], scores of all films that viewers rated in the test",
        "judged_signs": "int8[j], 1 for a liked one of these films, -1 for a disliked one, else 0",
        "judged_bounds": "int64[n + 1], the entries of viewer v are bounds[v]:bounds[v + 1]",
        # predicted ratings
        "errors": "float64[t], prediction minus rating, on the scale of the data",
        "ratings": "float64[t], the true ratings",
        "lower": "float64[t], lower ends of the 80% prediction intervals, if the model has them",
        "upper": "float64[t], upper ends",
        "scale": "float64[2], lowest and highest possible rating",
        # viewers
        "n_targets": "int64[n], number of targets of each viewer",
        "histories": "sparse float32[n, n_items], the ratings of each viewer's history",
        # films, and training ratings
        "n_items": "int, films in the catalogue",
        "n_viewers": "int, viewers in training",
        "item_counts": "int64[n_items], number of training viewers of each film",
        "train": "sparse float32[n_viewers, n_items], the ratings in training",
        "item_genres": "sparse float32[n_items, n_genres], 1 if a film has a genre",
        "item_providers": "sparse float32[n_items, n_providers], 1 if a film is by a provider",
    }
)
"""Shape and meaning by name. Parameters of metrics have these names."""


@dataclass(frozen=True)
class Explanation:
    """The parts of a metric's docstring: first sentence, paragraphs after it, worked example."""

    summary: str
    text: str
    example: str


@dataclass(frozen=True)
class Option:
    """One option of a definition; `choices` is empty for a number or a switch."""

    default: str | float | bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Metric:
    """One metric: its formula, and how it is averaged.

    Attributes:
        name: as on the command line and in receipts: "ndcg".
        function: computes it. Parameters without a default are names of `INPUTS`; those with one
            are options of the definition. Returns `float64[n]`, one value a viewer, or one float
            if not `per_viewer`.
        kind: its input:
            "list"     recommended films, cut at k
            "ranking"  the ranking of all unseen films, whatever k
            "rating"   predicted ratings
        higher_is_better: whether more is better; `None` if neither is.
        definition: the formula in one line, for receipts.
        source: the paper or library of the definition.
        per_viewer: whether every viewer has a value; otherwise there is one for all lists.
        weigh: computes `float64[n]` from inputs, the weight of each viewer in the mean, where that
            depends on the lists; `None` otherwise.
        pooled: whether viewers with more ratings count more where ratings are predicted, so that
            the mean is one over all ratings; otherwise every viewer counts the same.
        power: exponent of the mean over viewers: 1, or 2 to average squares (RMSE).
        bounds: lowest and highest possible value.
    """

    name: str
    function: Callable[..., Any] = field(repr=False)
    kind: Kind
    higher_is_better: bool | None
    definition: str
    source: str
    per_viewer: bool = True
    weigh: Callable[..., Any] | None = field(default=None, repr=False)
    pooled: bool = True
    power: int = 1
    bounds: tuple[float, float] = (0.0, 1.0)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of the function's parameters."""
        return _inputs(self.function)

    @property
    def weight_inputs(self) -> tuple[str, ...]:
        """Likewise of `weigh`; none without it."""
        return _inputs(self.weigh) if self.weigh else ()

    @property
    def options(self) -> Mapping[str, Option]:
        """Options where definitions disagree: the function's parameters with a default."""
        hints = get_type_hints(self._plain)
        return {
            name: Option(each.default, get_args(hints[name]))
            for name, each in inspect.signature(self.function).parameters.items()
            if each.default is not each.empty
        }

    @property
    def explanation(self) -> Explanation:
        """The function's docstring: definition, differences between libraries, worked example."""
        sections: dict[str, list[str]] = {"": []}
        current = ""
        for line in (inspect.getdoc(self._plain) or "").splitlines():
            if line in _SECTIONS:
                current = line
                sections[current] = []
            else:
                sections[current].append(line)
        summary, _, text = "\n".join(sections[""]).strip().partition("\n\n")
        example = inspect.cleandoc("\n" + "\n".join(sections.get(_EXAMPLE, [])))
        return Explanation(" ".join(summary.split()), text.strip(), example)

    @property
    def _plain(self) -> Callable[..., Any]:
        return self.function.func if isinstance(self.function, partial) else self.function

    def mean(self, values: NDArray[np.float64], weights: NDArray[np.floating]) -> float:
        """The weighted (power) mean over viewers that have a value; NaN if none has.

        With the number of ratings as weights, the mean of RMSE is the RMSE pooled over ratings.
        """
        own = self.weights(weights)
        known = np.isfinite(values) & (own > 0)
        if not known.any():
            return float("nan")
        mean = np.average(values[known] ** self.power, weights=own[known])
        return float(mean ** (1 / self.power))

    def weights(self, weights: NDArray[np.floating]) -> NDArray[np.float64]:
        """`float64[n]`, the weight of each viewer in the mean: theirs, or 1 if not `pooled`."""
        return (weights if self.pooled else weights > 0).astype(np.float64)


def _inputs(function: Callable[..., Any]) -> tuple[str, ...]:
    parameters = inspect.signature(function).parameters.values()
    return tuple(each.name for each in parameters if each.default is each.empty)


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
        UnknownNameError: no such metric; the message suggests the nearest.
    """
    if name not in _all():
        raise UnknownNameError("metric", name, names(), "matinee metrics lists all")
    return _all()[name]


def of_kind(kind: Kind) -> tuple[Metric, ...]:
    """All metrics of one kind, in the order their families list them."""
    return tuple(metric for metric in _all().values() if metric.kind == kind)
