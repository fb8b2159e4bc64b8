"""Holds a fitted model against a split: every registered metric, over all viewers at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from matinee import metrics
from matinee.data.splits import Split
from matinee.errors import OptionError
from matinee.experiments.ranking import ideal_gains
from matinee.experiments.scoring import prediction_errors, rank_split
from matinee.metrics import Metric
from matinee.models import Model

__all__ = ["Measured", "Yardstick", "metric_of"]

_USUAL_K = 10

Values = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Measured:
    """One model on one split.

    Attributes:
        values: `float64[n]` for each metric over viewers, by label ("ndcg@10", "rmse").
        weights: `float64[n]`, the part of each viewer in a mean: 1, or their number of ratings.
        means: of every metric over viewers, and those of the catalogue.
        seconds: wall-clock time of answering for all viewers, ranking included.
    """

    values: Mapping[str, NDArray[np.float64]]
    weights: NDArray[np.float64]
    means: Mapping[str, float]
    seconds: float


@dataclass(frozen=True)
class Yardstick:
    """What is measured.

    Attributes:
        metrics: all of them.
        decides: the one that options are chosen by and models are ordered by.
        ks: lengths of the lists, ascending; empty where ratings are predicted.
        k: the length at which `decides` is taken; 0 where ratings are predicted.
    """

    metrics: tuple[Metric, ...]
    decides: Metric
    ks: tuple[int, ...] = ()
    k: int = 0

    @classmethod
    def for_ratings(cls) -> Yardstick:
        """Predicted ratings: RMSE decides."""
        return cls(metrics.of_kind("rating"), metrics.get("rmse"))

    @classmethod
    def for_rankings(cls, k: int | Sequence[int]) -> Yardstick:
        """Ranked lists of one or more lengths: NDCG decides, at 10 where that is among them.

        Raises:
            OptionError: no length, or one that is not positive.
        """
        ks = (k,) if isinstance(k, int) else tuple(sorted(set(k)))
        if not ks or ks[0] < 1:
            raise OptionError(f"k is the length of a list and must be at least 1, not {k}")
        listed = (metrics.of_kind(kind) for kind in ("ranking", "graded", "catalogue"))
        return cls(
            metrics=tuple(metric for kind in listed for metric in kind),
            decides=metrics.get("ndcg"),
            ks=ks,
            k=_USUAL_K if _USUAL_K in ks else ks[0],
        )

    @property
    def label(self) -> str:
        """The deciding metric as results name it: "ndcg@10", "rmse"."""
        return _label(self.decides, self.k) if self.ks else self.decides.name

    def measure(self, model: Model, split: Split) -> Measured:
        """Every metric of a fitted model on a split.

        Raises:
            InputError: the model does not predict ratings and is asked to.
            FailureError: its answers are not usable; the message names the model.
        """
        if self.ks:
            return _measure_rankings(model, split, self.metrics, self.ks)
        return _measure_ratings(model, split, self.metrics)

    def decisive(self, model: Model, split: Split) -> float:
        """The deciding metric alone: all that choosing options needs."""
        narrow = replace(self, metrics=(self.decides,), ks=(self.k,) if self.ks else ())
        return narrow.measure(model, split).means[self.label]


def metric_of(label: str) -> Metric:
    """The metric of a label such as "ndcg@10"."""
    return metrics.get(label.partition("@")[0])


def _measure_ratings(model: Model, split: Split, measured: Sequence[Metric]) -> Measured:
    started = perf_counter()
    errors = prediction_errors(model, split)
    seconds = perf_counter() - started
    bounds = split.targets.indptr
    values = {metric.name: metric.function(errors, bounds) for metric in measured}
    weights = np.diff(bounds).astype(np.float64)
    return Measured(values, weights, _means(values, weights), seconds)


def _measure_rankings(
    model: Model, split: Split, measured: Sequence[Metric], ks: Sequence[int]
) -> Measured:
    started = perf_counter()
    lists = rank_split(model, split, ks[-1])
    seconds = perf_counter() - started
    n_targets = np.diff(split.targets.indptr)
    ideal = ideal_gains(split.targets, ks[-1])
    values: Values = {}
    of_catalogue: dict[str, float] = {}
    for metric in measured:
        for k in ks:
            label = _label(metric, k)
            if metric.kind == "ranking":
                values[label] = metric.function(lists.hits[:, :k], n_targets)
            elif metric.kind == "graded":
                values[label] = metric.function(lists.gains[:, :k], ideal[:, :k])
            else:
                n_items = split.targets.shape[1]
                of_catalogue[label] = metric.function(lists.items[:, :k], n_items)
    weights = np.ones(len(split.users))
    return Measured(values, weights, _means(values, weights) | of_catalogue, seconds)


def _means(values: Values, weights: NDArray[np.float64]) -> dict[str, float]:
    return {label: metric_of(label).mean(each, weights) for label, each in values.items()}


def _label(metric: Metric, k: int) -> str:
    return f"{metric.name}@{k}"
