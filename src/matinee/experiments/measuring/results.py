"""What a comparison found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data import Catalog
from matinee.data.splits import Split
from matinee.experiments.measuring.audit import Audit
from matinee.experiments.measuring.candidate_models import Origin, Trial
from matinee.experiments.measuring.group_results import GroupResult
from matinee.experiments.measuring.ranking import RankedLists
from matinee.experiments.statistics.bootstrap import Interval
from matinee.experiments.statistics.differences import Difference, Gap, Pair
from matinee.experiments.statistics.plain import plain_bounds, plain_number

__all__ = ["Comparison", "ModelResult", "SplitResult"]


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
        lists: the first films of every viewer; `None` where ratings are predicted.
        fit_seconds: wall-clock time of the fit that was tested.
        score_seconds: wall-clock time of answering for all evaluated viewers, ranking included.
        answer_seconds: median time of answering for one viewer alone; NaN where ratings are
            predicted.
        fit_bytes: memory that the process grew by while fitting; `None` where it is not known.
        model_bytes: size of all arrays of the fitted model.
        parts: what the protocol reports separately besides, by name ("new viewers").
        notes: what is odd about the model's answers, in sentences.
        audit: whether the model knows what it cannot have learned; `None` where nobody asked.
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

    def to_json(self) -> dict[str, Any]:
        """Plain values, per-viewer vectors left out."""
        return {
            "split": self.split,
            "seed": self.seed,
            "viewers": len(np.unique(self.users)),
            "skipped_viewers": self.skipped,
            "metrics": {name: plain_number(mean) for name, mean in self.means.items()},
            "options": dict(self.options),
            "options_from": self.origin,
            "tried": [
                {"options": dict(trial.options), "validation": plain_number(trial.score)}
                for trial in self.trials
            ],
            "fit_seconds": self.fit_seconds,
            "score_seconds": self.score_seconds,
            "answer_seconds": plain_number(self.answer_seconds),
            "fit_bytes": self.fit_bytes,
            "model_bytes": self.model_bytes,
            "parts": {name: part.to_json() for name, part in self.groups.items()},
            "notes": list(self.notes),
            **({"audit": self.audit.to_json()} if self.audit else {}),
        }


@dataclass(frozen=True, eq=False)
class ModelResult:
    """One model over all splits.

    Attributes:
        name: the model's name, with its options where they were given.
        splits: in the order they were run.
        means: of every metric, the mean of the splits' means.
        intervals: 95% by bootstrap over viewers; the metrics over viewers alone.
        differences: this model minus the best of the comparison, p adjusted over all models;
            empty for the best itself.
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

    @property
    def answer_seconds(self) -> float:
        """Mean over splits."""
        return float(np.mean([split.answer_seconds for split in self.splits]))

    @property
    def fit_bytes(self) -> int | None:
        """Most over splits; `None` where it is not known."""
        known = [split.fit_bytes for split in self.splits if split.fit_bytes is not None]
        return max(known, default=None)

    @property
    def model_bytes(self) -> int:
        """Most over splits."""
        return max(split.model_bytes for split in self.splits)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "model": self.name,
            "metrics": {name: self._metric_json(name) for name in self.means},
            "fit_seconds": self.fit_seconds,
            "score_seconds": self.score_seconds,
            "answer_seconds": plain_number(self.answer_seconds),
            "fit_bytes": self.fit_bytes,
            "model_bytes": self.model_bytes,
            "splits": [split.to_json() for split in self.splits],
        }

    def _metric_json(self, metric: str) -> dict[str, Any]:
        plain: dict[str, Any] = {"mean": plain_number(self.means[metric])}
        if metric in self.intervals:
            plain["interval"] = plain_bounds(self.intervals[metric])
        if metric in self.differences:
            plain["difference_to_best"] = self.differences[metric].to_json()
        return plain


@dataclass(frozen=True, eq=False)
class Comparison:
    """Models side by side, best first.

    Attributes:
        metric: the metric that decides, on validation and for the order here: "ndcg@10", "rmse".
        results: one a model.
        receipt: everything needed to obtain the same again.
        catalog: the films that rows of lists lead to.
        tests: the test splits, in the order of every model's `splits`.
        demographics: one row a viewer, first column `user_id`; `None` where unknown.
        pairs: every two models under the deciding metric.
        gaps: every model and grouping of viewers, under the metrics over viewers (those of lists
            at the deciding length).
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
        """Names of everything measured: "ndcg@10", "coverage@10" ..."""
        return tuple(self.results[0].means)

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
        """One row a model, best first, for a table.

        Columns: model, the mean of every metric, and of the metric that decides: low and high of
        its interval, difference to the best model (None for the best itself), its p adjusted over
        all models, its size in a word and whether it is real (the interval excludes 0 and the
        adjusted p is below 0.05); fit_seconds, score_seconds.
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
            "p_adjusted": difference.p_adjusted if difference else None,
            "effect": difference.effect.size if difference else None,
            "real": difference.real if difference else None,
            "fit_seconds": result.fit_seconds,
            "score_seconds": result.score_seconds,
        }


def _groups_json(gaps: Sequence[Gap], decides: str) -> list[dict[str, Any]]:
    """One entry a grouping; every group's mean under the metric that decides, else gaps alone."""
    found: dict[str, dict[str, Any]] = {}
    for gap in gaps:
        entry = found.setdefault(
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
    return list(found.values())
