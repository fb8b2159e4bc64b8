"""Results of a comparison: by split, by model, and of all models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data import Catalog
from matinee.data.splits import Split
from matinee.display.figure import figure
from matinee.errors import InputError, UnknownNameError
from matinee.experiments.measuring.audit import Audit
from matinee.experiments.measuring.candidate_models import Origin, Trial
from matinee.experiments.measuring.charts import curve_chart, interval_chart
from matinee.experiments.measuring.group_results import GroupResult
from matinee.experiments.measuring.outputs import (
    comparison_html,
    comparison_text,
    result_text,
    split_text,
)
from matinee.experiments.measuring.prediction_errors import PredictionErrors
from matinee.experiments.measuring.ranking import RankedLists
from matinee.experiments.statistics.bootstrap import Interval
from matinee.experiments.statistics.differences import Difference, Gap, Pair
from matinee.experiments.statistics.plain import plain_bounds, plain_number
from matinee.metrics import Metric
from matinee.models import Selection

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

__all__ = ["Comparison", "ModelResult", "SplitResult"]


@dataclass(frozen=True, eq=False)
class SplitResult:
    """One model on one test split, such as "u1" or "seed 0"; `seed` is that of split and fit.

    Attributes:
        users: `int32[n]`, the evaluated viewers; `skipped` others have no target in this split.
        weights: `float64[n]`, weight of each viewer in a mean: 1, or their number of ratings.
        values: `float64[n]` for each metric over viewers.
        own_weights: `float64[n]` for each metric that weighs viewers by their lists instead.
        means: the mean or value of every metric.
        options: the options of the fit, with their `origin` and all `trials` on validation.
        lists: the ranked lists; `None` if ratings are predicted.
        fit_seconds: wall-clock time of the tested fit; of several, the mean.
        fits: number of models fitted for the test; 0 if that of the split before served again.
        score_seconds: wall-clock time of the answers for all evaluated viewers, with ranking.
        answer_seconds: median time of one viewer's answer; NaN if ratings are predicted.
        fit_bytes: growth of the process during the fit; `None` if unknown.
        model_bytes: size of all arrays of the model.
        groups: results of the protocol's groups, by name ("new viewers").
        notes: sentences about oddities in the model's answers.
        audit: the permutation leak check; `None` if it was not requested.
        errors: errors of predicted ratings, of a sample if there are millions; `None` if films are
            ranked.
        newcomers: `bool[n]`, viewers without a history, where the splits are cuts in time; `None`
            elsewhere. Those of one cut share one list (see `statistics.cut_bootstrap`).
        selection: how a model that chooses between candidates has chosen; `None` for others.
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
    lists: RankedLists | None = field(repr=False)
    fit_seconds: float
    score_seconds: float
    answer_seconds: float
    fit_bytes: int | None
    model_bytes: int
    groups: Mapping[str, GroupResult] = field(default_factory=dict, repr=False)
    notes: tuple[str, ...] = ()
    audit: Audit | None = None
    errors: PredictionErrors | None = field(default=None, repr=False)
    own_weights: Mapping[str, NDArray[np.float64]] = field(default_factory=dict, repr=False)
    newcomers: NDArray[np.bool_] | None = field(default=None, repr=False)
    fits: int = 1
    selection: Selection | None = field(default=None, repr=False)

    def weights_of(self, label: str, metric: Metric) -> NDArray[np.float64]:
        """`float64[n]`, weight of each viewer in the mean of a metric."""
        own = self.own_weights.get(label)
        return metric.weights(self.weights) if own is None else own

    def to_json(self) -> dict[str, Any]:
        """Plain values, without vectors over viewers."""
        return {
            "split": self.split,
            "seed": self.seed,
            "viewers": len(np.unique(self.users)),
            "skipped_viewers": self.skipped,
            "metrics": {name: plain_number(mean) for name, mean in self.means.items()},
            "options": dict(self.options),
            "options_from": self.origin,
            "tried": [trial.to_json() for trial in self.trials],
            "fits": self.fits,
            "fit_seconds": self.fit_seconds,
            "score_seconds": self.score_seconds,
            "answer_seconds": plain_number(self.answer_seconds),
            "fit_bytes": self.fit_bytes,
            "model_bytes": self.model_bytes,
            "parts": {name: part.to_json() for name, part in self.groups.items()},
            "notes": list(self.notes),
            **({"audit": self.audit.to_json()} if self.audit else {}),
            **({"selection": self.selection.to_json()} if self.selection else {}),
        }

    def __repr__(self) -> str:
        return f"SplitResult on {split_text(self)}"


@dataclass(frozen=True, eq=False)
class ModelResult:
    """One model over all splits, with the mean of every metric over them.

    Attributes:
        name: the model's name, with its options if they are given.
        intervals: 95% bootstrap intervals of the metrics over viewers.
        differences: this model minus the best of the comparison, with p adjusted over all models;
            empty for the best itself.
    """

    name: str
    splits: tuple[SplitResult, ...]
    means: Mapping[str, float]
    intervals: Mapping[str, Interval]
    differences: Mapping[str, Difference]

    @property
    def fit_seconds(self) -> float:
        """Mean over splits, without the time to choose options."""
        return float(np.mean([split.fit_seconds for split in self.splits]))

    @property
    def fits(self) -> int:
        """Number of models fitted for all tests, without those that options were chosen with."""
        return sum(split.fits for split in self.splits)

    @property
    def score_seconds(self) -> float:
        return float(np.mean([split.score_seconds for split in self.splits]))

    @property
    def answer_seconds(self) -> float:
        return float(np.mean([split.answer_seconds for split in self.splits]))

    @property
    def fit_bytes(self) -> int | None:
        """Maximum over splits; `None` if unknown."""
        known = [split.fit_bytes for split in self.splits if split.fit_bytes is not None]
        return max(known, default=None)

    @property
    def model_bytes(self) -> int:
        """Maximum over splits."""
        return max(split.model_bytes for split in self.splits)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        metrics: dict[str, dict[str, Any]] = {
            name: {"mean": plain_number(mean)} for name, mean in self.means.items()
        }
        for name, bounds in self.intervals.items():
            metrics[name]["interval"] = plain_bounds(bounds)
        for name, difference in self.differences.items():
            metrics[name]["difference_to_best"] = difference.to_json()
        return {
            "model": self.name,
            "metrics": metrics,
            "fit_seconds": self.fit_seconds,
            "score_seconds": self.score_seconds,
            "answer_seconds": plain_number(self.answer_seconds),
            "fit_bytes": self.fit_bytes,
            "model_bytes": self.model_bytes,
            "splits": [split.to_json() for split in self.splits],
        }

    def __repr__(self) -> str:
        return f"ModelResult of {result_text(self)}"


@dataclass(frozen=True, eq=False)
class Comparison:
    """Models side by side, best first by `metric`, the deciding one ("ndcg@10", "rmse").

    Attributes:
        receipt: the facts that are needed to repeat the comparison.
        catalog: the films of the lists.
        tests: the test splits, in the order of every model's `splits`.
        demographics: one row per viewer, first column `user_id`; `None` if unknown.
        pairs: every two models under the deciding metric.
        gaps: every model and grouping, under the metrics over viewers at the deciding length.
    """

    metric: str
    results: tuple[ModelResult, ...]
    receipt: Mapping[str, Any] = field(repr=False)
    catalog: Catalog = field(repr=False)
    tests: tuple[Split, ...] = field(repr=False)
    demographics: pl.DataFrame | None = field(repr=False)
    pairs: tuple[Pair, ...] = field(default=(), repr=False)
    gaps: tuple[Gap, ...] = field(default=(), repr=False)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Labels of all metrics: "ndcg@10", "coverage@10" ..."""
        return tuple(self.results[0].means)

    @property
    def is_replay(self) -> bool:
        """Whether the log was replayed, so that the number of fits is part of the result."""
        return bool(self.receipt["protocol"]["name"] == "prequential")

    def errors(self, model: str | None = None) -> pl.DataFrame:
        """Predicted ratings of a model, the best by default, one row per target of every test.

        Columns: split, user, item, title, rating, predicted, error (prediction minus rating), low
        and high (80% interval, null if the model has none), all on the scale of the data;
        viewer_ratings and film_ratings (numbers of ratings in the history and in training). The
        tests of several seeds are under each other. A test of more than four million targets has a
        random sample of them.

        Raises:
            UnknownNameError: no such model in this comparison.
            InputError: the comparison ranks films.
        """
        named = {result.name: result for result in self.results}
        if model is not None and model not in named:
            raise UnknownNameError("model", str(model), tuple(named))
        result = self.results[0] if model is None else named[model]
        frames = [
            split.errors.frame(test, self.catalog)
            for split, test in zip(result.splits, self.tests, strict=True)
            if split.errors is not None
        ]
        if not frames:
            raise InputError(
                "this comparison ranks films and has no predicted ratings; evaluate with protocol "
                "'ratings' or 'folds'"
            )
        return pl.concat(frames)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON document."""
        return {
            "metric": self.metric,
            "results": [result.to_json() for result in self.results],
            "pairs": [pair.to_json() for pair in self.pairs],
            "groups": _groups_json(self.gaps, self.metric),
            "receipt": dict(self.receipt),
            "notes": [
                {"split": test.name, "notes": list(test.notes)} for test in self.tests if test.notes
            ],
        }

    def to_rows(self) -> list[dict[str, str | float | bool | None]]:
        """One row per model, best first, for a table.

        Columns: model, the mean of every metric, and of the deciding metric: low and high of its
        interval, difference to the best model (None for the best itself), its p adjusted over all
        models, its effect in a word and whether it is real (the interval excludes 0 and the
        adjusted p is below 0.05); fit_seconds, score_seconds.
        """
        rows = []
        for result in self.results:
            bounds = result.intervals[self.metric]
            difference = result.differences.get(self.metric)
            rows.append(
                {
                    "model": result.name,
                    **result.means,
                    "low": bounds.low,
                    "high": bounds.high,
                    "difference": difference.mean if difference else None,
                    "p_adjusted": difference.p_adjusted if difference else None,
                    "effect": difference.effect.size if difference else None,
                    "real": difference.real if difference else None,
                    "fit_seconds": result.fit_seconds,
                    "score_seconds": result.score_seconds,
                }
            )
        return rows

    def to_frame(self) -> pl.DataFrame:
        """`to_rows` as a data frame."""
        # a single model has no differences, and nulls alone have no type
        numbers = dict.fromkeys(("difference", "p_adjusted"), pl.Float64())
        types = {**numbers, "effect": pl.String(), "real": pl.Boolean()}
        return pl.DataFrame(self.to_rows(), schema_overrides=types, infer_schema_length=None)

    def plot(self, metric: str | None = None) -> Figure:
        """A Plotly figure: means with 95% intervals, or a curve where the splits are its points.

        Args:
            metric: one of `metrics`; the deciding one by default.

        Raises:
            UnknownNameError: it was not measured.
            FailureError: Plotly is not installed.
        """
        name = self.metric if metric is None else metric
        if name not in self.metrics:
            raise UnknownNameError("metric", name, self.metrics, "`metrics` lists all")
        return figure([curve_chart(self, name) or interval_chart(self, name)])

    def __repr__(self) -> str:
        return f"Comparison of {comparison_text(self)}"

    def _repr_html_(self) -> str:
        return comparison_html(self)


def _groups_json(gaps: Sequence[Gap], decides: str) -> list[dict[str, Any]]:
    """One entry a grouping: gaps of every metric, and means of groups under the deciding one."""
    groupings: dict[str, dict[str, Any]] = {}
    for gap in gaps:
        entry = groupings.setdefault(
            gap.grouping,
            {
                "grouping": gap.grouping,
                "groups": list(gap.labels),
                "viewers": list(gap.viewers),
                "metrics": {},
            },
        )
        by_model = entry["metrics"].setdefault(gap.metric, {})
        by_model[gap.model] = gap.to_json(whole=gap.metric == decides)
    return list(groupings.values())
