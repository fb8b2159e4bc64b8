"""Evaluates a fitted model on a split with every registered metric, for all viewers at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee import metrics
from matinee.data.splits import Split
from matinee.errors import OptionError
from matinee.experiments.measuring.group_results import (
    GroupResult,
    group_results,
    rating_group_results,
)
from matinee.experiments.measuring.inputs import RankingInputs, RatingInputs
from matinee.experiments.measuring.outputs import means_text
from matinee.experiments.measuring.prediction_errors import PredictionErrors
from matinee.experiments.measuring.protocols import Protocol
from matinee.experiments.measuring.ranking import LONGEST_LIST, RankedLists
from matinee.experiments.measuring.scoring import (
    prediction_errors,
    prediction_intervals,
    rank_split,
)
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.metrics import Metric
from matinee.models import Model

__all__ = ["Measured", "MetricSet", "metric_of", "require_measured"]

_USUAL_K = 10

Values = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Measured:
    """One model on one split.

    Attributes:
        values: `float64[n]` for each metric over viewers, by label ("ndcg@10", "rmse").
        weights: `float64[n]`, weight of each viewer in a mean: 1, or their number of ratings.
        own_weights: `float64[n]` for each metric that weighs viewers by the lists instead.
        means: the mean of every metric over viewers, and the value of every other metric.
        lists: the ranked lists; `None` if ratings are predicted.
        groups: results of the split's groups, by name.
        seconds: wall-clock time of the answers for all viewers, with ranking.
        errors: errors of predicted ratings; `None` if films are ranked.
    """

    values: Mapping[str, NDArray[np.float64]]
    weights: NDArray[np.float64]
    means: Mapping[str, float]
    lists: RankedLists | None
    groups: Mapping[str, GroupResult]
    seconds: float
    errors: PredictionErrors | None = None
    own_weights: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Measured: {means_text(self.means)}, over {len(self.weights):,} viewers"


@dataclass(frozen=True)
class MetricSet:
    """The metrics of an evaluation.

    Attributes:
        metrics: all metrics.
        decides: the deciding metric, which chooses options and orders models.
        ks: lengths of the lists, ascending; empty if ratings are predicted.
        k: the length at which `decides` is measured; 0 if ratings are predicted.
        candidates: number of sampled films that targets are ranked among, which every label
            names; `None` is full ranking. Options are always chosen by full ranking.
    """

    metrics: tuple[Metric, ...]
    decides: Metric
    ks: tuple[int, ...] = ()
    k: int = 0
    candidates: int | None = None

    @classmethod
    def for_ratings(cls) -> MetricSet:
        """Predicted ratings: RMSE decides."""
        return cls(metrics.of_kind("rating"), metrics.get("rmse"))

    @classmethod
    def for_rankings(cls, k: int | Sequence[int], *, candidates: int | None = None) -> MetricSet:
        """Ranked lists of one or more lengths, at least 1: NDCG decides, at 10 if possible."""
        ks = (k,) if isinstance(k, int) else tuple(sorted(set(k)))
        if not ks or ks[0] < 1:
            raise OptionError(f"k is the length of a list and must be at least 1, not {k}")
        return cls(
            metrics=(*metrics.of_kind("list"), *metrics.of_kind("ranking")),
            decides=metrics.get("ndcg"),
            ks=ks,
            k=_USUAL_K if _USUAL_K in ks else ks[0],
            candidates=candidates,
        )

    @property
    def label(self) -> str:
        """The label of the deciding metric: "ndcg@10", "rmse"."""
        return self.label_of(self.decides, self.k)

    def label_of(self, metric: Metric, k: int) -> str:
        """A metric's label: "ndcg@10", "auc", "ndcg@10 of 100 sampled"."""
        label = f"{metric.name}@{k}" if metric.kind == "list" else metric.name
        return label if self.candidates is None else f"{label} of {self.candidates} sampled"

    @property
    def chooses(self) -> MetricSet:
        """The deciding metric alone, by full ranking, for the choice of options."""
        ks = (self.k,) if self.ks else ()
        return replace(self, metrics=(self.decides,), ks=ks, candidates=None)

    def measure(
        self,
        model: Model | Callable[[Split], Model],
        split: Split,
        training: TrainingStatistics,
    ) -> Measured:
        """Every metric of a model that is fitted on the split's training part.

        A function gives the model of each part of a ranking split with refits (see
        `Split.periods`).

        Raises:
            InputError: the model does not predict ratings, and the metrics need predictions.
            FailureError: the model's answers are not usable; the message names the model.
        """
        if self.ks:
            return _measure_rankings(model, split, training, self)
        if not isinstance(model, Model):
            raise TypeError("ratings are predicted by one model")
        return _measure_ratings(model, split, self.metrics)

    def decisive(self, model: Model, split: Split, training: TrainingStatistics) -> float:
        """The value of the deciding metric alone."""
        return self.chooses.measure(model, split, training).means[self.chooses.label]


def metric_of(label: str) -> Metric:
    """The metric of a label such as "ndcg@10" or "ndcg@10 of 100 sampled"."""
    return metrics.get(label.partition(" ")[0].partition("@")[0])


def require_measured(name: str, protocol: Protocol) -> tuple[Metric, int | None]:
    """A metric by name, "rmse" or "ndcg@20", and its list length; `None` if it names none.

    Raises:
        UnknownNameError: no such metric.
        OptionError: it has a length and is none of lists, or the protocol does not measure it.
    """
    plain, at, length = name.partition("@")
    metric = metrics.get(plain)
    if (metric.kind == "rating") != protocol.predicts_ratings:
        raise OptionError(_unfitting(plain, protocol))
    if not at:
        return metric, None
    if metric.kind != "list":
        raise OptionError(f"metric {plain!r} is not cut at a list length; write {plain}")
    if not (length.isascii() and length.isdecimal() and 1 <= int(length) <= LONGEST_LIST):
        raise OptionError(
            f"{name!r} is not a metric at a list length of 1 to {LONGEST_LIST}; write {plain}@10"
        )
    return metric, int(length)


def _unfitting(name: str, protocol: Protocol) -> str:
    does, fitting = "ranks films", "ratings"
    if protocol.predicts_ratings:
        does, fitting = "predicts ratings", "random"
    counterpart = f"{name}-predicted"
    return (
        f"metric {name!r} does not fit protocol {protocol.name!r}, which {does}; "
        f"use --protocol {fitting}"
        + (f", or {counterpart}" if counterpart in metrics.names() else "")
    )


def _measure_ratings(model: Model, split: Split, measured: Sequence[Metric]) -> Measured:
    started = perf_counter()
    errors = prediction_errors(model, split)
    seconds = perf_counter() - started
    ends = prediction_intervals(model, split)
    inputs = RatingInputs(split, errors, ends)
    weights = np.diff(split.targets.indptr).astype(np.float64)
    answers = {each.name: inputs.measured(each) for each in measured}
    groups = rating_group_results(split, inputs, measured)
    measurement = _measured(answers, weights, None, groups, seconds)
    return replace(measurement, errors=PredictionErrors.of(errors, ends))


def _measure_rankings(
    model: Model | Callable[[Split], Model],
    split: Split,
    training: TrainingStatistics,
    metric_set: MetricSet,
) -> Measured:
    ks = metric_set.ks
    needed = {name for metric in metric_set.metrics for name in metric.inputs}
    positions = "positions" in needed or bool(split.target_groups)
    seconds, ranked = 0.0, []
    for part in split.periods():
        fitted = model if isinstance(model, Model) else model(part)
        started = perf_counter()
        ranked.append(
            rank_split(
                fitted, part, ks[-1], positions=positions, test_scores="judged_scores" in needed
            )
        )
        seconds += perf_counter() - started
    lists = RankedLists.joined(ranked)
    inputs = RankingInputs(split, lists, training)
    labelled = {
        metric_set.label_of(metric, k): (metric, k)
        for metric in metric_set.metrics
        for k in (ks if metric.kind == "list" else ks[-1:])
    }
    answers = {label: inputs.measured(metric, k) for label, (metric, k) in labelled.items()}
    own = {label: inputs.weights(metric, k) for label, (metric, k) in labelled.items()}
    own_weights = {label: each for label, each in own.items() if each is not None}
    groups = group_results(split, lists, labelled)
    return _measured(answers, np.ones(len(split.users)), lists, groups, seconds, own_weights)


def _measured(
    answers: Mapping[str, Any],
    weights: NDArray[np.float64],
    lists: RankedLists | None,
    groups: Mapping[str, GroupResult],
    seconds: float,
    own_weights: Mapping[str, NDArray[np.float64]] | None = None,
) -> Measured:
    own_weights = own_weights or {}
    values: Values = {
        label: answer for label, answer in answers.items() if metric_of(label).per_viewer
    }
    means = {
        label: metric_of(label).mean(answer, own_weights.get(label, weights))
        if label in values
        else float(answer)
        for label, answer in answers.items()
    }
    return Measured(values, weights, means, lists, groups, seconds, own_weights=own_weights)
