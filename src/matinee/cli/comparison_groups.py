"""Prints differences between models and between groups of viewers as tables."""

from __future__ import annotations

import math
from itertools import groupby

import click

from matinee.cli.console import print_table
from matinee.experiments.measuring.results import Comparison
from matinee.experiments.statistics.bootstrap import Interval
from matinee.experiments.statistics.differences import FEWEST_VIEWERS, Difference, Gap

__all__ = ["bracketed", "difference_of", "p_of", "print_groups", "print_pairs", "written"]

_DIGITS = 4
_LEAST_P = 0.0001
_MOST_WITH_INTERVALS = 3
"""With more models, columns have no intervals."""


def written(value: float, sign: str = "") -> str:
    """A number with four digits; empty for NaN."""
    return f"{value:{sign}.{_DIGITS}f}" if math.isfinite(value) else ""


def bracketed(bounds: Interval, sign: str = "") -> str:
    """An interval as text: "[0.3251, 0.3517]"."""
    return f"[{written(bounds.low, sign)}, {written(bounds.high, sign)}]"


def difference_of(difference: Difference) -> str:
    """A difference with its sign, and a star if it is significant."""
    return written(difference.mean, "+") + ("*" if difference.real else "")


def p_of(difference: Difference) -> str:
    """The adjusted p of a difference."""
    p = difference.p_adjusted
    return f"<{_LEAST_P:g}" if p < _LEAST_P else written(p)


def print_pairs(comparison: Comparison) -> None:
    """Prints every two models under the deciding metric."""
    rows = [
        [
            pair.better,
            pair.other,
            f"{difference_of(pair.difference)} {bracketed(pair.difference.interval, '+')}",
            p_of(pair.difference),
            pair.difference.effect.size,
            f"{pair.difference.effect.superiority:.0%}",
            *([written(pair.overlap.jaccard), written(pair.overlap.rbo)] if pair.overlap else []),
        ]
        for pair in comparison.pairs
    ]
    if rows:
        click.echo()
        columns = ["better", "than", f"{comparison.metric} [95%]", "p", "effect", "of viewers"]
        lists = ["Jaccard", "RBO"] if comparison.pairs[0].overlap else []
        print_table([*columns, *lists], rows, numbers=[*columns[5:], *lists], whole=columns[2:5])
        click.echo(
            f"p is adjusted (Holm) over all {len(rows)} pairs; "
            "of viewers: share for whom the model is better, ties as one half"
            + ("; Jaccard, RBO: how similar the lists are, from 0 to 1" if lists else "")
        )


def print_groups(comparison: Comparison) -> None:
    """Prints the deciding metric in every group of viewers, and each model's widest gap."""
    decided = [gap for gap in comparison.gaps if gap.metric == comparison.metric]
    for grouping, gaps in groupby(decided, key=lambda gap: gap.grouping):
        click.echo()
        _print_grouping(grouping, list(gaps), comparison.metric)
    if not decided:
        click.echo("there are no groups of viewers to compare")
        return
    click.echo("* the 95% interval of the gap excludes 0; the two groups are chosen by their means")
    if any(min(gap.viewers) < FEWEST_VIEWERS for gap in decided):
        click.echo(f"groups in brackets have fewer than {FEWEST_VIEWERS} viewers and are in no gap")


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
    mean = written(gap.means[row])
    return f"{mean} {bracketed(gap.intervals[row])}" if whole and mean else mean


def _gap(gap: Gap, *, whole: bool) -> str:
    if not math.isfinite(gap.gap):
        return ""
    star = "*" if gap.interval.excludes_zero else ""
    bounds = f" {bracketed(gap.interval)}" if whole else ""
    return f"{written(gap.gap)}{bounds}{star}"
