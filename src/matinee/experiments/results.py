"""What a comparison found."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.bootstrap import Interval
from matinee.experiments.contenders import Origin, Trial

__all__ = ["Comparison", "Difference", "ModelResult", "SplitResult"]


@dataclass(frozen=True, eq=False)
class SplitResult:
    """One model on one test split.

    Attributes:
        split: "u1", "seed 0".
        seed: of the split and of the fit.
        users: `int32[n]`, the evaluated viewers.
        skipped: viewers who have no target in this split.
        weights: `float64[n]`, the part of each viewer in a mean: 1, or their number of ratings.
        values: `float64[n]` for each metric over viewers.
        means: the mean of every metric, and those of the catalogue.
        options: what the model was fitted with.
        origin: whether the options were given, default, or chosen on validation.
        trials: all options tried on validation with their scores.
        fit_seconds: wall-clock time of the fit that was tested.
        score_seconds: wall-clock time of answering for all evaluated viewers, ranking included.
    """

    split: str
    seed: int
    users: NDArray[np.int32] = field(repr=False)
    skipped: int
    weights: NDArray[np.float64] = field(repr=False)
    values: Mapping[str, NDArray[np.float64]] = field(repr=False)
    means: Mapping[str, float]
    options: Mapping[str, Any]
    origin: Origin
    trials: tuple[Trial, ...] = field(repr=False)
    fit_seconds: float
    score_seconds: float

    def to_json(self) -> dict[str, Any]:
        """Plain values, per-viewer vectors left out."""
        return {
            "split": self.split,
            "seed": self.seed,
            "viewers": len(self.users),
            "skipped_viewers": self.skipped,
            "metrics": {name: _number(mean) for name, mean in self.means.items()},
            "options": dict(self.options),
            "options_from": self.origin,
            "tried": [
                {"options": dict(trial.options), "validation": _number(trial.score)}
                for trial in self.trials
            ],
            "fit_seconds": self.fit_seconds,
            "score_seconds": self.score_seconds,
        }


@dataclass(frozen=True)
class Difference:
    """A model's mean minus the best model's, over the same viewers."""

    mean: float
    interval: Interval

    @property
    def real(self) -> bool:
        """Whether the 95% interval excludes 0."""
        return self.interval.excludes_zero


@dataclass(frozen=True, eq=False)
class ModelResult:
    """One model over all splits.

    Attributes:
        name: the model's name, with its options where they were given.
        splits: in the order they were run.
        means: of every metric, the mean of the splits' means.
        intervals: 95% by bootstrap over viewers; the metrics over viewers alone.
        differences: to the best model of the comparison; empty for that model itself.
    """

    name: str
    splits: tuple[SplitResult, ...]
    means: Mapping[str, float]
    intervals: Mapping[str, Interval]
    differences: Mapping[str, Difference]

    @property
    def fit_seconds(self) -> float:
        """Mean over splits, the time spent on choosing options left out."""
        return float(np.mean([split.fit_seconds for split in self.splits]))

    @property
    def score_seconds(self) -> float:
        """Mean over splits."""
        return float(np.mean([split.score_seconds for split in self.splits]))

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "model": self.name,
            "metrics": {name: self._metric_json(name) for name in self.means},
            "fit_seconds": self.fit_seconds,
            "score_seconds": self.score_seconds,
            "splits": [split.to_json() for split in self.splits],
        }

    def _metric_json(self, metric: str) -> dict[str, Any]:
        plain: dict[str, Any] = {"mean": _number(self.means[metric])}
        if metric in self.intervals:
            plain["interval"] = _pair(self.intervals[metric])
        if metric in self.differences:
            difference = self.differences[metric]
            plain["difference_to_best"] = {
                "mean": _number(difference.mean),
                "interval": _pair(difference.interval),
                "excludes_zero": difference.real,
            }
        return plain


@dataclass(frozen=True, eq=False)
class Comparison:
    """Models side by side, best first.

    Attributes:
        metric: the metric that decides, on validation and for the order here: "ndcg@10", "rmse".
        results: one a model.
        receipt: everything needed to obtain the same again.
    """

    metric: str
    results: tuple[ModelResult, ...]
    receipt: Mapping[str, Any] = field(repr=False)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of everything measured: "ndcg@10", "coverage@10" ..."""
        return tuple(self.results[0].means)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON document."""
        return {
            "metric": self.metric,
            "results": [result.to_json() for result in self.results],
            "receipt": dict(self.receipt),
        }

    def to_rows(self) -> list[dict[str, str | float | bool | None]]:
        """One row a model, best first, for a table.

        Columns: model, the mean of every metric, and of the metric that decides: low and high of
        its interval, difference to the best model (None for the best itself) and whether that
        difference is real (its interval excludes 0); fit_seconds, score_seconds.
        """
        return [self._row(result) for result in self.results]

    def _row(self, result: ModelResult) -> dict[str, str | float | bool | None]:
        bounds = result.intervals[self.metric]
        difference = result.differences.get(self.metric)
        return {
            "model": result.name,
            **result.means,
            "low": bounds.low,
            "high": bounds.high,
            "difference": difference.mean if difference else None,
            "real": difference.real if difference else None,
            "fit_seconds": result.fit_seconds,
            "score_seconds": result.score_seconds,
        }


def _pair(bounds: Interval) -> list[float | None]:
    return [_number(bounds.low), _number(bounds.high)]


def _number(value: float) -> float | None:
    """JSON has no NaN: what could not be computed is null."""
    return value if math.isfinite(value) else None
