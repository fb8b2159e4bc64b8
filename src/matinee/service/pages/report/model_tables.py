"""Models in rows: the metric that decides, then everything else that speaks for or against them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matinee.experiments.measuring.measure import metric_of
from matinee.experiments.measuring.results import Comparison, ModelResult
from matinee.experiments.statistics.differences import Difference
from matinee.service.pages.charts import Table
from matinee.service.pages.report import written
from matinee.service.pages.report.subject import LeftOut, Subject

__all__ = ["Cell", "Measure", "every_metric", "missing", "pairs", "ranking", "strengths"]

_SHOWN = (
    "recall",
    "precision",
    "hit-rate",
    "mae",
    "explained-variance",
    "interval-coverage",
    "interval-width",
    "coverage",
    "gini",
    "diversity",
    "novelty",
    "serendipity",
    "miscalibration",
    "popularity-lift",
)
"""Those a reader is used to; all others are in the folded table."""
_WANTED = ("recall", "coverage", "diversity", "novelty", "miscalibration")
"""Whose absence from a comparison of rankings is worth a line."""


@dataclass(frozen=True)
class Cell:
    """A written value, and whether no other model's is better."""

    text: str
    best: bool = False


@dataclass(frozen=True)
class Measure:
    """One row of the table of strengths.

    Attributes:
        title: what is measured.
        about: its definition in a line.
        higher_is_better: in which direction; `None` where neither is better.
        cells: one a model, best model first.
    """

    title: str
    about: str
    higher_is_better: bool | None
    cells: tuple[Cell, ...]


def ranking(subject: Subject) -> Table:
    """The deciding metric, the difference to the best, and whether it is real."""
    metric, results = subject.comparison.metric, subject.comparison.results
    columns = (
        "model",
        f"{written.title(metric)} [95%]",
        "difference to best [95%]",
        "adjusted p",
        "effect (Cohen's d)",
        "real?",
    )
    shown = len(columns) if len(results) > 1 else 2  # one alone is compared with nothing
    rows = tuple(_ranked(result, metric)[:shown] for result in results)
    return Table(columns[:shown], rows)


def strengths(subject: Subject) -> tuple[Measure, ...]:
    """The metrics a reader is used to, then time and memory; the best of each is marked."""
    labels = [subject.labelled(name) for name in _SHOWN]
    results = subject.comparison.results
    measured = [
        _metric(results, label)
        for label in labels
        if label and np.isfinite([result.means[label] for result in results]).any()
    ]
    return (*measured, *_costs(results))


def missing(subject: Subject) -> Iterator[LeftOut]:
    """Metrics that a comparison of rankings usually has, and this one has not."""
    for name in _WANTED if subject.ranks else ():
        if subject.labelled(name) is None:
            yield LeftOut(written.title(name), "it was not measured in this comparison")


def every_metric(comparison: Comparison) -> Table:
    """A row a metric, a column a model."""
    return Table(
        ("metric", *(result.name for result in comparison.results)),
        tuple(
            (
                written.title(label),
                *(
                    written.bounded(result.means[label], result.intervals.get(label))
                    for result in comparison.results
                ),
            )
            for label in comparison.metrics
        ),
    )


def pairs(comparison: Comparison) -> Table:
    """Every two models under the deciding metric."""
    return Table(
        ("better", "than", "by [95%]", "p", "adjusted p", "effect", "real?"),
        tuple(
            (
                pair.better,
                pair.other,
                _difference(pair.difference),
                written.p_value(pair.difference.p_value),
                written.p_value(pair.difference.p_adjusted),
                pair.difference.effect.size,
                "yes" if pair.difference.real else "no",
            )
            for pair in comparison.pairs
        ),
    )


def _ranked(result: ModelResult, metric: str) -> tuple[str, ...]:
    value = written.bounded(result.means[metric], result.intervals.get(metric))
    difference = result.differences.get(metric)
    if difference is None:
        return (result.name, value, "best", written.NONE, written.NONE, written.NONE)
    effect = difference.effect
    return (
        result.name,
        value,
        _difference(difference),
        written.p_value(difference.p_adjusted),
        f"{effect.size} ({written.signed(effect.cohens_d, digits=2)})",
        "yes" if difference.real else "no",
    )


def _difference(difference: Difference) -> str:
    """With its interval, all with their signs."""
    return f"{written.signed(difference.mean)} {written.bounds(difference.interval, sign=True)}"


def _metric(results: Sequence[ModelResult], label: str) -> Measure:
    metric = metric_of(label)
    return _measure(
        written.title(label),
        metric.definition,
        metric.higher_is_better,
        [result.means[label] for result in results],
        [written.number(result.means[label]) for result in results],
    )


def _costs(results: Sequence[ModelResult]) -> Iterator[Measure]:
    costs = (
        ("Fit", "seconds of one fit, options not chosen anew", "fit_seconds", written.duration),
        (
            "Fit memory",
            "bytes the process grew by at most while fitting",
            "fit_bytes",
            written.size,
        ),
        ("Answer", "median time to answer one viewer", "answer_seconds", written.duration),
        ("Size", "bytes of what the model learned", "model_bytes", written.size),
    )
    for title, about, name, write in costs:
        values = [getattr(result, name) for result in results]
        numbers = [float("nan") if value is None else float(value) for value in values]
        if np.isfinite(numbers).any():
            yield _measure(title, about, False, numbers, [write(value) for value in numbers])


def _measure(
    title: str,
    about: str,
    higher_is_better: bool | None,  # noqa: FBT001 - as metrics have it
    values: Sequence[float],
    texts: Sequence[str],
) -> Measure:
    known = [place for place, value in enumerate(values) if np.isfinite(value)]
    best = None
    if higher_is_better is not None and len(known) > 1:
        choose = max if higher_is_better else min
        best = texts[choose(known, key=lambda place: values[place])]
    cells = tuple(Cell(text, text == best) for text in texts)
    return Measure(title, about, higher_is_better, cells)
