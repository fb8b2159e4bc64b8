"""First part of a report: the verdict, the setting, and models in rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matinee.display import formats
from matinee.display.table import Table
from matinee.experiments.measuring.measure import metric_of
from matinee.experiments.measuring.protocols import PROTOCOLS
from matinee.experiments.measuring.results import Comparison, ModelResult
from matinee.experiments.receipts.receipt_format import protocol_label
from matinee.experiments.statistics.differences import Difference
from matinee.service.pages.report.subject import Subject

__all__ = [
    "Cell",
    "Measure",
    "every_metric",
    "heading",
    "missing",
    "occasion",
    "pairs",
    "setting",
    "strengths",
    "tiles",
    "verdict",
]

_SAMPLED = (
    " Targets were ranked among randomly sampled films: the values cannot be compared with those "
    "of full ranking, which may order the models differently."
)
_REAL = (
    " A difference is significant if its 95% interval excludes 0 and its p-value, adjusted for all "
    "comparisons (Holm), is below 0.05."
)
_USUAL = (
    "recall",
    "precision",
    "hit-rate",
    "disliked",
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
"""The usual metrics; all others are in the folded table."""
_EXPECTED = ("recall", "coverage", "diversity", "novelty", "miscalibration")
"""Metrics whose absence from a comparison of rankings is reported."""


def verdict(subject: Subject) -> str:
    """The winner, and whether its lead is significant."""
    metric = subject.comparison.metric
    best, *others = subject.comparison.results
    reached = (
        f"{formats.title(metric)} {formats.bounded(best.means[metric], best.intervals.get(metric))}"
    )
    if not others:
        return f"{best.name} reaches {reached}. No other model was compared with it."
    differences = [(other, other.differences[metric]) for other in others]
    close = [other for other, difference in differences if not difference.real]
    if close:
        behind = [other for other in others if other not in close]
        of_whom = "any other" if not behind and len(close) > 1 else _names(close)
        return (
            f"{best.name} has the best result, {reached}, but it is not significantly ahead of "
            f"{of_whom}: the lead may be chance."
            + (f" Its lead over {_names(behind)} is significant." if behind else "")
        )
    return (
        f"{best.name} is best, {reached}, and its lead is significant: "
        f"{_nearest(*differences[0], subject)}."
    )


def heading(subject: Subject) -> str:
    """Title of the page."""
    data, results = subject.comparison.receipt["data"]["name"], subject.comparison.results
    return f"Models compared on {data}" if len(results) > 1 else f"{results[0].name} on {data}"


def occasion(subject: Subject) -> str:
    """Protocol, seeds and data in a line."""
    receipt = subject.comparison.receipt
    protocol, seeds = receipt["protocol"], receipt["seeds"]
    return (
        f"Protocol {protocol['name']} ({protocol['about']}), "
        f"seed{'s' if len(seeds) > 1 else ''} {formats.listed(map(str, seeds))}; "
        f"data of SHA-256 {receipt['data']['sha256'][:12]}."
        + (_SAMPLED if "sampled" in subject.comparison.metric else "")
        + (_REAL if len(subject.comparison.results) > 1 else "")
    )


def setting(subject: Subject) -> Iterator[tuple[str, str]]:
    """Data, protocol, seeds, splits: names and values."""
    comparison = subject.comparison
    receipt = comparison.receipt
    data, protocol = receipt["data"], receipt["protocol"]
    films_and_viewers = f"{data['films']:,} films by {data['viewers']:,} viewers"
    yield "Data", f"{data['name']}: {data['ratings']:,} ratings of {films_and_viewers}"
    yield "SHA-256 of the ratings", data["sha256"]
    rating = protocol["min_rating"]
    minimum = "" if rating is None else f"; only ratings of {rating:g} and more"
    yield "Protocol", f"{protocol_label(protocol)}: {protocol['about']}{minimum}"
    seeds = receipt["seeds"]
    tests = comparison.tests
    yield "Seeds", ", ".join(map(str, seeds))
    yield "Test splits", f"{len(tests)}: {', '.join(_split_names(subject))}"
    skipped = max(test.skipped for test in tests)
    rest = f"; {skipped:,} have nothing to find and are left out" if skipped else ""
    counts = [len(set(test.users.tolist())) for test in tests]
    low, high = min(counts), max(counts)
    evaluated = f"{low:,}" if low == high else f"{low:,} to {high:,}, by split"
    yield "Viewers evaluated", f"{evaluated}{rest}"
    chosen = f"chosen by {receipt['options_chosen_by']}"
    tuned = any(result.splits[0].origin == "validation" for result in comparison.results)
    yield "Options of the models", chosen if tuned else "set by hand or defaults"
    curve = PROTOCOLS[protocol["name"]].curve if protocol["name"] in PROTOCOLS else ""
    if curve:
        yield "Means", f"over the splits, points along {curve}"


def tiles(subject: Subject) -> Iterator[tuple[str, str]]:
    """Large numbers and their nouns."""
    comparison = subject.comparison
    yield f"{len(comparison.results)}", "models" if len(comparison.results) > 1 else "model"
    yield f"{comparison.receipt['data']['ratings']:,}", "ratings"
    yield f"{comparison.receipt['data']['films']:,}", "films"
    evaluated = {int(user) for test in comparison.tests for user in test.users}
    yield f"{len(evaluated):,}", "viewers evaluated"
    yield f"{len(comparison.tests)}", "test splits" if len(comparison.tests) > 1 else "test split"


def _nearest(other: ModelResult, difference: Difference, subject: Subject) -> str:
    distance = abs(difference.mean)
    low, high = sorted((abs(difference.interval.low), abs(difference.interval.high)))
    direction = "above it" if subject.lower_is_better else "behind"
    p = formats.p_value(difference.p_adjusted)
    return (
        f"the nearest, {other.name}, is {formats.number(distance)} "
        f"[{formats.number(low)}, {formats.number(high)}] {direction}, adjusted p "
        f"{p if p.startswith('<') else f'= {p}'}; for single viewers the effect is "
        f"{difference.effect.size} (Cohen's d {abs(difference.effect.cohens_d):.2f})"
    )


def _names(results: Sequence[ModelResult]) -> str:
    return formats.listed(result.name for result in results)


def _split_names(subject: Subject) -> Iterator[str]:
    """Names of splits, with the seed if there are several and the name lacks it."""
    several = len(subject.comparison.receipt["seeds"]) > 1
    for split in subject.comparison.results[0].splits:
        own = f"seed {split.seed}"
        yield f"{split.split} of {own}" if several and own not in split.split else split.split


@dataclass(frozen=True)
class Cell:
    """A value as text, and whether no other model is better."""

    text: str
    best: bool = False


@dataclass(frozen=True)
class Measure:
    """One row of the table of strengths, with a cell for each model, best model first.

    `higher_is_better` is `None` if neither direction is better.
    """

    title: str
    about: str
    higher_is_better: bool | None
    cells: tuple[Cell, ...]


def strengths(subject: Subject) -> tuple[Measure, ...]:
    """The usual metrics, then time and memory; the best of each is marked."""
    labels = [subject.labelled(name) for name in _USUAL]
    results = subject.comparison.results
    measured = [
        _metric(results, label)
        for label in labels
        if label and np.isfinite([result.means[label] for result in results]).any()
    ]
    return (*measured, *_costs(results))


def missing(subject: Subject) -> Iterator[tuple[str, str]]:
    """Usual metrics that this comparison of rankings lacks."""
    for name in _EXPECTED if subject.ranks else ():
        if subject.labelled(name) is None:
            yield formats.title(name), "not measured in this comparison"


def every_metric(comparison: Comparison) -> Table:
    """One row per metric, one column per model."""
    return Table(
        ("metric", *(result.name for result in comparison.results)),
        tuple(
            (
                formats.title(label),
                *(
                    formats.bounded(result.means[label], result.intervals.get(label))
                    for result in comparison.results
                ),
            )
            for label in comparison.metrics
        ),
    )


def pairs(comparison: Comparison) -> Table:
    """Every pair of models under the deciding metric."""
    return Table(
        ("better", "than", "by [95%]", "p", "adjusted p", "effect", "significant?"),
        tuple(
            (
                pair.better,
                pair.other,
                formats.difference(pair.difference.mean, pair.difference.interval),
                formats.p_value(pair.difference.p_value),
                formats.p_value(pair.difference.p_adjusted),
                pair.difference.effect.size,
                "yes" if pair.difference.real else "no",
            )
            for pair in comparison.pairs
        ),
    )


def _metric(results: Sequence[ModelResult], label: str) -> Measure:
    metric = metric_of(label)
    return _measure(
        formats.title(label),
        metric.definition,
        metric.higher_is_better,
        [result.means[label] for result in results],
        [formats.number(result.means[label]) for result in results],
    )


def _costs(results: Sequence[ModelResult]) -> Iterator[Measure]:
    costs = (
        ("Fit", "time of one fit, without the choice of options", "fit_seconds", formats.duration),
        ("Fit memory", "peak growth of the process during a fit", "fit_bytes", formats.size),
        ("Answer", "median time to answer one viewer", "answer_seconds", formats.duration),
        ("Size", "bytes of the learned arrays", "model_bytes", formats.size),
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
