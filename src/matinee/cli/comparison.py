"""A comparison of models as tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from matinee.cli.console import print_table, say
from matinee.experiments.results import Comparison, ModelResult

__all__ = ["interval", "print_comparison"]

_DIGITS = 4


def print_comparison(comparison: Comparison) -> None:
    """Every metric of every model, then what each split gave and which options were chosen."""
    _print_metrics(comparison)
    if any(len(result.splits) > 1 for result in comparison.results):
        click.echo()
        _print_splits(comparison)
    click.echo()
    for result in comparison.results:
        click.echo(f"{result.name}: {_options(result)}")
    _say_rules(comparison)


def interval(result: ModelResult, metric: str) -> str:
    """A mean with its 95% interval: "0.3382 [0.3251, 0.3517]"."""
    mean = f"{result.means[metric]:.{_DIGITS}f}"
    if metric not in result.intervals:
        return mean
    bounds = result.intervals[metric]
    return f"{mean} [{bounds.low:.{_DIGITS}f}, {bounds.high:.{_DIGITS}f}]"


def _print_metrics(comparison: Comparison) -> None:
    decides = comparison.metric
    others = [metric for metric in comparison.metrics if metric != decides and _shown(metric)]
    columns = ["model", f"{decides} [95%]", "to best [95%]", *others, "fit s"]
    rows = [
        [
            result.name,
            interval(result, decides),
            _difference(result, decides),
            *(f"{result.means[metric]:.{_DIGITS}f}" for metric in others),
            f"{result.fit_seconds:.2f}",
        ]
        for result in comparison.results
    ]
    print_table(columns, rows, numbers=[*others, "fit s"], whole=columns[1:3])


def _shown(metric: str) -> bool:
    """Whether a terminal shows it; the other definitions of the same measures are in the JSON."""
    return not any(form in metric for form in ("-capped", "-graded"))


def _difference(result: ModelResult, metric: str) -> str:
    if metric not in result.differences:
        return "best"
    difference = result.differences[metric]
    low, high = difference.interval.low, difference.interval.high
    mark = "*" if difference.real else ""
    return f"{difference.mean:+.{_DIGITS}f} [{low:+.{_DIGITS}f}, {high:+.{_DIGITS}f}]{mark}"


def _print_splits(comparison: Comparison) -> None:
    splits = [split.split for split in comparison.results[0].splits]
    rows = [
        [
            result.name,
            *(f"{split.means[comparison.metric]:.{_DIGITS}f}" for split in result.splits),
            f"{result.means[comparison.metric]:.{_DIGITS}f}",
        ]
        for result in comparison.results
    ]
    print_table([comparison.metric, *splits, "mean"], rows, numbers=[*splits, "mean"])


def _options(result: ModelResult) -> str:
    first = result.splits[0]
    if first.origin != "validation":
        return f"{_written(first.options)} ({first.origin})"
    tried = list(first.trials[0].options)
    varied = [each for each in tried if len({str(t.options[each]) for t in first.trials}) > 1]
    chosen = [_written({each: split.options[each] for each in varied}) for split in result.splits]
    said = chosen[0] if len(set(chosen)) == 1 else " | ".join(chosen)
    return f"{said} (chosen on validation among {len(first.trials)})"


def _written(options: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in options.items()) or "no options"


def _say_rules(comparison: Comparison) -> None:
    receipt = comparison.receipt
    ranks = bool(receipt["k"])
    skipped = max(split.skipped for split in comparison.results[0].splits)
    viewers = [len(split.users) for split in comparison.results[0].splits]
    counted = (
        f"{min(viewers):,}" if len(set(viewers)) == 1 else f"{min(viewers):,}-{max(viewers):,}"
    )
    say(
        f"{receipt['data']['name']}, protocol {receipt['protocol']['name']}, {counted} viewers"
        + (f" ({skipped} have nothing to find and are left out)" if ranks and skipped else "")
        + f"; ties {receipt['ties']}; interval {receipt['interval']}; * differs from the best"
    )
