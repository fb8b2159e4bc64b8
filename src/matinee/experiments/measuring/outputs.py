"""Results of a comparison at a prompt and in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from matinee.display import formats, notebook
from matinee.display.table import Table

if TYPE_CHECKING:
    from matinee.experiments.measuring.results import Comparison, ModelResult, SplitResult

__all__ = [
    "comparison_html",
    "comparison_text",
    "means_text",
    "ranking",
    "result_text",
    "split_text",
]

_USUAL = ("ndcg", "rmse", "recall", "mae", "coverage")
_METRICS = 3
"""Metrics of one result in a line."""
_MODEL = 40
"""Characters of a model's name at a prompt."""


def ranking(comparison: Comparison) -> Table:
    """The deciding metric, the difference to the best, and whether it is significant."""
    metric, results = comparison.metric, comparison.results
    columns = (
        "model",
        f"{formats.title(metric)} [95%]",
        "difference to best [95%]",
        "adjusted p",
        "effect (Cohen's d)",
        "significant?",
    )
    width = len(columns) if len(results) > 1 else 2  # a single model has no differences
    rows = tuple(_ranked(result, metric)[:width] for result in results)
    return Table(columns[:width], rows)


def comparison_text(comparison: Comparison) -> str:
    """What was compared, and the table without effects."""
    whole = ranking(comparison)
    columns = [place for place in (0, 1, 2, 5) if place < len(whole.columns)]
    rows = (tuple(row[place] for place in columns) for row in whole.rows)
    small = Table(
        tuple(whole.columns[place] for place in columns),
        tuple((formats.short(first, _MODEL), *rest) for first, *rest in rows),
    )
    return f"{_occasion(comparison)}\n{small.text()}"


def comparison_html(comparison: Comparison) -> str:
    """The same with effects, and with the rest of the usual metrics folded into one table."""
    others = [each for each in comparison.metrics if each != comparison.metric]
    every = Table(
        ("model", *map(formats.title, others)),
        tuple(
            (each.name, *(formats.number(each.means[name]) for name in others))
            for each in comparison.results
        ),
    )
    return notebook.output(
        _occasion(comparison),
        notebook.table(ranking(comparison), best=0),
        notebook.fold("All metrics", notebook.table(every)) if others else "",
    )


def result_text(result: ModelResult) -> str:
    """Name, the first means and the number of splits."""
    splits = formats.count(len(result.splits), "split")
    return f"{formats.short(result.name, 60)}: {means_text(result.means)}, over {splits}"


def split_text(result: SplitResult) -> str:
    """Split, the first means and the number of viewers."""
    viewers = formats.count(len(result.users), "viewer")
    own = f"seed {result.seed}"
    name = result.split if own in result.split else f"{result.split} of {own}"
    return f"{name}: {means_text(result.means)}, over {viewers}"


def means_text(means: Mapping[str, float]) -> str:
    """The usual metrics in a line, or the first ones."""
    usual = [label for name in _USUAL for label in means if label.partition("@")[0] == name]
    some = (usual or list(means))[:_METRICS]
    more = len(means) - len(some)
    return ", ".join(f"{name} {formats.number(means[name])}" for name in some) + (
        f" and {formats.count(more, 'other metric')}" if more else ""
    )


def _occasion(comparison: Comparison) -> str:
    receipt = comparison.receipt
    models = formats.count(len(comparison.results), "model")
    splits = formats.count(len(comparison.tests), "split")
    seeds = formats.listed(_texts(receipt["seeds"]))
    return (
        f"{models} on {receipt['data']['name']}, protocol {receipt['protocol']['name']}, "
        f"{splits}, seed {seeds}"
    )


def _texts(values: Iterable[object]) -> list[str]:
    return [str(each) for each in values]


def _ranked(result: ModelResult, metric: str) -> tuple[str, ...]:
    value = formats.bounded(result.means[metric], result.intervals.get(metric))
    difference = result.differences.get(metric)
    if difference is None:
        return (result.name, value, "best", formats.NONE, formats.NONE, formats.NONE)
    effect = difference.effect
    return (
        result.name,
        value,
        formats.difference(difference.mean, difference.interval),
        formats.p_value(difference.p_adjusted),
        f"{effect.size} ({formats.signed(effect.cohens_d, digits=2)})",
        "yes" if difference.real else "no",
    )
