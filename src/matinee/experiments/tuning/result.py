"""The result of a search: the best options, their figures, and how flat the optimum is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from matinee.data import Catalog
from matinee.data.splits import Division, Split
from matinee.display import formats, notebook
from matinee.display.figure import figure
from matinee.display.table import Table
from matinee.experiments.measuring.candidate_models import Trial
from matinee.experiments.measuring.measure import Measured
from matinee.experiments.measuring.training_statistics import TrainingStatistics
from matinee.experiments.statistics.bootstrap import Interval, interval, resampled_means
from matinee.experiments.statistics.plain import plain_bounds, plain_number
from matinee.experiments.statistics.sample import Sample
from matinee.experiments.tuning.charts import charts
from matinee.experiments.tuning.plan import Plan
from matinee.experiments.tuning.search_space import Range, Space, value_text
from matinee.models import Config

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as PlotlyFigure

__all__ = ["Figure", "Plateau", "Tuned", "figures", "plateaus", "share_near"]

_NEAR = 0.01
"""Scores within this share of the best are as good for most purposes."""


@dataclass(frozen=True)
class Figure:
    """A mean with its 95% interval over viewers; NaN bounds for a metric of the whole split."""

    mean: float
    interval: Interval

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"mean": plain_number(self.mean), "interval": plain_bounds(self.interval)}


@dataclass(frozen=True)
class Plateau:
    """The values of one option that score about as well as the best.

    Attributes:
        option: its name.
        best: the value with the best score.
        near: the values of trials within 1% of the best, as a range or a list of choices.
        inside: the values of trials inside the 95% interval of the best score.
        searched: the values that were searched.
        log: whether they were drawn on a logarithmic scale.
    """

    option: str
    best: Any
    near: str
    inside: str
    searched: str
    log: bool


@dataclass(frozen=True)
class Tuned:
    """The result of a search under the deciding `metric` ("ndcg@10").

    Attributes:
        options: every option of the model at its best.
        chosen: the options that were fixed or searched, with the threshold of likes of a model that
            has one: `train(data, model, **chosen)` fits the model that was measured.
        trials: all trials with a score, in the order of their start.
        failures: the reasons of the trials without one.
        validation: the figure of the best options on validation.
        test: their figure on the test, which is used once.
        plateaus: one a searched option.
        share_near: share of the trials within 1% of the best.
        about: data, protocol and the rest of the plan.
    """

    model: str
    metric: str
    options: Mapping[str, Any]
    chosen: Mapping[str, Any]
    trials: tuple[Trial, ...] = field(repr=False)
    failures: tuple[str, ...] = field(repr=False)
    validation: Figure
    test: Figure
    plateaus: tuple[Plateau, ...]
    share_near: float
    about: Mapping[str, Any] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "model": self.model,
            "metric": self.metric,
            "options": dict(self.options),
            "chosen": dict(self.chosen),
            "validation": self.validation.to_json(),
            "test": self.test.to_json(),
            "flatness": {
                "share_of_trials_within_1_percent": self.share_near,
                "options": [vars(each) for each in self.plateaus],
            },
            "trials": [trial.to_json() for trial in self.trials],
            "failures": list(self.failures),
            "about": dict(self.about),
        }

    def plot(self) -> PlotlyFigure:
        """A Plotly figure: the score of every trial by each option that was searched.

        Raises:
            InputError: no option was searched.
            FailureError: Plotly is not installed.
        """
        title = f"{self.model}: trials on validation, the best one filled"
        return figure(list(charts(self)), title)

    def __repr__(self) -> str:
        options = formats.short(formats.options(self.chosen), 300)
        return f"Tuned {self.model}: {options}\n{self._scores()}"

    def _repr_html_(self) -> str:
        columns = ("option", "best", "within 1%", "inside the interval", "searched")
        rows = tuple(
            (each.option, value_text(each.best), each.near, each.inside, each.searched)
            for each in self.plateaus
        )
        return notebook.output(
            f"{self.model}: {formats.options(self.chosen)}",
            notebook.table(Table(columns, rows, words=True)) if rows else "",
            notebook.paragraph(self._scores()),
        )

    def _scores(self) -> str:
        """The figures and the number of trials in a sentence."""
        validation, test = (
            formats.bounded(each.mean, each.interval) for each in (self.validation, self.test)
        )
        return (
            f"{formats.title(self.metric)} {validation} on validation, {test} on the test; "
            f"{formats.count(len(self.trials), 'trial')}, {formats.share(self.share_near)} of them "
            "within 1% of the best"
        )


def figures(
    config: Config, plan: Plan, catalog: Catalog, divisions: Sequence[Division]
) -> tuple[Figure, Figure]:
    """Figures of a plan's options on validation and on the test, over one division a seed."""
    decides = plan.metric_set.chooses
    on_validation, on_test = [], []
    for seed, (validation, test) in zip(plan.seeds, divisions, strict=True):
        model = plan.fitted(config, validation.train, catalog, seed)
        training = TrainingStatistics(validation.train, catalog)
        on_validation.append((validation, decides.measure(model, validation, training)))
        if test.train is not validation.train:
            model = plan.fitted(config, test.train, catalog, seed)
            training = TrainingStatistics(test.train, catalog)
        on_test.append((test, decides.measure(model, test, training)))
    return _figure(on_validation, plan), _figure(on_test, plan)


def _figure(measured: Sequence[tuple[Split, Measured]], plan: Plan) -> Figure:
    label, metric = plan.metric_set.label, plan.metric_set.decides
    mean = float(np.mean([each.means[label] for _, each in measured]))
    if not metric.per_viewer:
        return Figure(mean, interval(np.empty(0)))
    power = np.array([float(metric.power)])
    samples = [
        Sample(
            split.users,
            metric.weights(each.weights)[:, None],
            each.values[label][:, None],
            power,
        )
        for split, each in measured
    ]
    return Figure(mean, interval(resampled_means(samples)[:, 0]))


def plateaus(
    trials: Sequence[Trial], best: Trial, bounds: Interval, space: Space, *, higher: bool
) -> tuple[Plateau, ...]:
    """The plateau of every searched option.

    `bounds` is the 95% interval of the best score, `higher` whether a higher score is better.
    """
    near = [trial.options for trial in trials if _is_near(trial, best)]
    inside = [
        trial.options
        for trial in trials
        if (trial.score >= bounds.low if higher else trial.score <= bounds.high)
    ]
    return tuple(
        Plateau(
            option,
            best.options[option],
            where.spanned([options[option] for options in near]),
            where.spanned([options[option] for options in inside]) if inside else "",
            str(where),
            isinstance(where, Range) and where.log,
        )
        for option, where in space.items()
    )


def share_near(trials: Sequence[Trial], best: Trial) -> float:
    """The share of trials within 1% of the best score."""
    return sum(_is_near(trial, best) for trial in trials) / len(trials)


def _is_near(trial: Trial, best: Trial) -> bool:
    return abs(trial.score - best.score) <= _NEAR * abs(best.score)
