"""Prints a comparison of models as tables on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click
import numpy as np

from matinee.cli.comparison_groups import (
    bracketed,
    difference_of,
    p_of,
    print_groups,
    print_pairs,
    written,
)
from matinee.cli.comparison_splits import mean_name, print_parts, print_splits, say_notes
from matinee.cli.console import print_table, say, table_width
from matinee.experiments.comparing.pareto import axes, not_dominated
from matinee.experiments.measuring.measure import metric_of
from matinee.experiments.measuring.results import Comparison, ModelResult
from matinee.experiments.receipts.receipt_format import protocol_label
from matinee.experiments.statistics.significance import PERMUTATIONS, SIGNIFICANT

__all__ = ["interval", "print_comparison"]

_AT_ONE_LENGTH = ("disliked", "coverage", "novelty")
"""Metrics that are printed only at the length of the deciding one."""


def print_comparison(
    comparison: Comparison,
    *,
    metrics: Sequence[str] = (),
    groups: bool = False,
    pairs: bool = False,
) -> None:
    """Prints the table of models, results by split, options and the Pareto front.

    `metrics` are the columns beside the deciding metric, empty for the usual few; `groups` of
    viewers and `pairs` of models are printed on request.
    """
    _print_metrics(comparison, metrics)
    if any(len(result.splits) > 1 for result in comparison.results):
        click.echo()
        print_splits(comparison)
    print_parts(comparison)
    if pairs:
        print_pairs(comparison)
    if groups:
        print_groups(comparison)
    click.echo()
    for result in comparison.results:
        click.echo(f"{result.name}: {_options(result)}")
    if len(comparison.results) > 1:
        models = ", ".join(not_dominated(comparison))
        criteria = ", ".join(axis.name for axis in axes(comparison))
        click.echo(f"Pareto front: {models} ({criteria})")
    _say_rules(comparison)
    say_notes(comparison)


def interval(result: ModelResult, metric: str) -> str:
    """A mean with its 95% interval: "0.3382 [0.3251, 0.3517]"."""
    mean, bounds = written(result.means[metric]), result.intervals.get(metric)
    return f"{mean} {bracketed(bounds)}" if bounds else mean


def _print_metrics(comparison: Comparison, metrics: Sequence[str]) -> None:
    decides = comparison.metric
    over = mean_name(comparison).removeprefix("mean")
    results = comparison.results
    columns = {
        "model": [result.name for result in results],
        f"{decides}{over} [95%]": [interval(result, decides) for result in results],
        **_to_best(results, decides),
    }
    others = {
        metric: [written(result.means[metric]) for result in results]
        for metric in _chosen(comparison, metrics)
    }
    costs = {
        "fit s": [f"{result.fit_seconds:.2f}" for result in results],
        "MB": [f"{result.model_bytes / 1e6:.1f}" for result in results],
    }
    if not metrics:
        others = _fitting(columns, others, costs)
    table = {**columns, **others, **costs}
    print_table(
        list(table),
        [list(row) for row in zip(*table.values(), strict=True)],
        numbers=[*others, *costs],
        whole=list(columns)[1:],
    )


def _to_best(results: Sequence[ModelResult], metric: str) -> dict[str, list[str]]:
    """Columns with the difference of each model to the best; none for a single model."""
    if len(results) < 2:
        return {}
    differences = [result.differences.get(metric) for result in results]
    return {
        "to best": [difference_of(each) if each else "best" for each in differences],
        "p": [p_of(each) if each else "" for each in differences],
        "effect": [each.effect.size if each else "" for each in differences],
    }


def _chosen(comparison: Comparison, names: Sequence[str]) -> list[str]:
    """Labels of the other columns: the named metrics, else the usual few."""
    others = [label for label in comparison.metrics if label != comparison.metric]
    at = comparison.metric.partition("@")[1:]
    usual = [
        metric_of(comparison.metric).name,  # at its other lengths
        "recall",
        *("".join((name, *at)) for name in _AT_ONE_LENGTH),
        "mae",
    ]
    means = comparison.results[0].means
    return [
        label
        for name in names or usual
        for label in others
        if name in (label.partition(" ")[0], metric_of(label).name)
        and (names or np.isfinite(means[label]))  # nothing is disliked where low ratings are gone
    ]


def _fitting(
    columns: Mapping[str, Sequence[str]],
    others: Mapping[str, list[str]],
    costs: Mapping[str, Sequence[str]],
) -> dict[str, list[str]]:
    """The other columns that fit the width of the terminal, from the left."""
    widths = {
        title: max(map(len, (title, *cells))) + 2
        for title, cells in {**columns, **costs, **others}.items()
    }
    room = table_width() - sum(widths[title] for title in (*columns, *costs))
    fitting = {}
    for title, cells in others.items():
        room -= widths[title]
        if room >= 0:
            fitting[title] = cells
    return fitting


def _options(result: ModelResult) -> str:
    first = result.splits[0]
    if first.origin != "validation":
        return f"{_listed(first.options)} ({first.origin})"
    tried = list(first.trials[0].options)
    varied = [each for each in tried if len({str(t.options[each]) for t in first.trials}) > 1]
    chosen = [_listed({each: split.options[each] for each in varied}) for split in result.splits]
    text = chosen[0] if len(set(chosen)) == 1 else " | ".join(chosen)
    return f"{text} (chosen on validation among {len(first.trials)})"


def _listed(options: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in options.items()) or "no options"


def _say_rules(comparison: Comparison) -> None:
    receipt = comparison.receipt
    ranks = bool(receipt["k"])
    skipped = max(split.skipped for split in comparison.results[0].splits)
    viewers = [len(np.unique(split.users)) for split in comparison.results[0].splits]
    counted = (
        f"{min(viewers):,}" if len(set(viewers)) == 1 else f"{min(viewers):,}-{max(viewers):,}"
    )
    protocol = protocol_label(receipt["protocol"])
    say(
        f"{receipt['data']['name']}, protocol {protocol}, {counted} viewers"
        + (f" ({skipped} have nothing to find and are left out)" if ranks and skipped else "")
        + f"; ties {receipt['ties']}; interval {receipt['interval']}"
    )
    if len(comparison.results) > 1:
        say(
            f"* significant: the interval of the difference excludes 0 and p < {SIGNIFICANT:g}, "
            f"from {PERMUTATIONS:,} paired permutations of viewers, adjusted (Holm) over all "
            "models; effect size by Cohen's d; more metrics with --json or --metrics"
        )
