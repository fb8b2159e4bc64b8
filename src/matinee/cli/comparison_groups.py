"""Models against each other, and groups of viewers against each other, as tables."""

from __future__ import annotations

import math
from itertools import groupby

import click

from matinee.cli.console import print_table
from matinee.experiments.measuring.results import Comparison
from matinee.experiments.statistics.differences import FEWEST_VIEWERS, Difference, Gap

__all__ = ["difference_of", "p_of", "print_groups", "print_pairs", "written"]

_DIGITS = 4
_LEAST_P = 0.0001
_MOST_WITH_INTERVALS = 3
"""Models whose columns are shown with intervals."""


def written(value: float) -> str:
    """A measured number; nothing where there is none."""
    return f"{value:.{_DIGITS}f}" if math.isfinite(value) else ""


def difference_of(difference: Difference) -> str:
    """With its sign, and a star where it is real."""
    return f"{difference.mean:+.{_DIGITS}f}" + ("*" if difference.real else "")


def p_of(difference: Difference) -> str:
    """The adjusted p."""
    p = difference.p_adjusted
    return f"<{_LEAST_P:g}" if p < _LEAST_P else written(p)


def print_pairs(comparison: Comparison) -> None:
    """Every two models under the metric that decides."""
    rows = [
        [
            pair.better,
            pair.other,
            f"{difference_of(pair.difference)} {_bounds(pair.difference)}",
            p_of(pair.difference),
            pair.difference.effect.size,
            f"{pair.difference.effect.superiority:.0%}",
        ]
        for pair in comparison.pairs
    ]
    if rows:
        click.echo()
        columns = ["better", "than", f"{comparison.metric} [95%]", "p", "effect", "of viewers"]
        print_table(columns, rows, numbers=columns[5:], whole=columns[2:5])
        click.echo(
            f"p is adjusted (Holm) over all {len(rows)} pairs; "
            "of viewers: for how many it is better, ties half"
        )


def print_groups(comparison: Comparison) -> None:
    """The deciding metric in every group of viewers, and the widest gap of each model."""
    decided = [gap for gap in comparison.gaps if gap.metric == comparison.metric]
    for grouping, gaps in groupby(decided, key=lambda gap: gap.grouping):
        click.echo()
        _print_grouping(grouping, list(gaps), comparison.metric)
    if not decided:
        click.echo("there are no groups to tell apart")
        return
    click.echo("* the interval of the gap between its two groups, picked after looking, excludes 0")
    if any(min(gap.viewers) < FEWEST_VIEWERS for gap in decided):
        click.echo(f"groups of fewer than {FEWEST_VIEWERS} viewers, in brackets, are in no gap")


def _print_grouping(grouping: str, gaps: list[Gap], metric: str) -> None:
    whole = len(gaps) <= _MOST_WITH_INTERVALS
    models = [gap.model for gap in gaps]
    labels = gaps[0].labels
    rows = [
        [
            label if viewers >= FEWEST_VIEWERS else f"({label})",
            f"{viewers:,}",
            *(_mean(gap, row, whole=whole) for gap in gaps),
        ]
        for row, (label, viewers) in enumerate(zip(labels, gaps[0].viewers, strict=True))
    ]
    rows.append(["widest gap", "", *(_gap(gap, whole=whole) for gap in gaps)])
    rows.append(["worst served", "", *(gap.worst or "" for gap in gaps)])
    columns = [f"{metric} by {grouping}", "viewers", *models]
    print_table(columns, rows, numbers=["viewers"], whole=[columns[0], *models])


def _mean(gap: Gap, row: int, *, whole: bool) -> str:
    bounds = gap.intervals[row]
    mean = written(gap.means[row])
    return f"{mean} [{written(bounds.low)}, {written(bounds.high)}]" if whole and mean else mean


def _gap(gap: Gap, *, whole: bool) -> str:
    if not math.isfinite(gap.gap):
        return ""
    star = "*" if gap.interval.excludes_zero else ""
    bounds = f" [{written(gap.interval.low)}, {written(gap.interval.high)}]" if whole else ""
    return f"{written(gap.gap)}{bounds}{star}"


def _bounds(difference: Difference) -> str:
    low, high = difference.interval.low, difference.interval.high
    return f"[{low:+.{_DIGITS}f}, {high:+.{_DIGITS}f}]"
