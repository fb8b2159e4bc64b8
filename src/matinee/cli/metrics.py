"""`metrics`: explains what an evaluation measures."""

from __future__ import annotations

import math
from typing import Any

import click

from matinee import metrics
from matinee.cli.console import json_option, print_json, print_table
from matinee.experiments.measuring.protocols import PROTOCOLS
from matinee.metrics import INPUTS, Metric

__all__ = ["metrics_command"]

_INPUT = {
    "list": "films listed, cut at k",
    "ranking": "the ranking of all unseen films",
    "rating": "predicted ratings",
}
_BETTER = {True: "higher", False: "lower", None: "neither"}


@click.command("metrics")
@click.argument("name", required=False)
@json_option
def metrics_command(name: str | None, as_json: bool) -> None:
    """List the metrics, or explain one: formula, source, options, other definitions, an example.

    \b
    Examples:
      matinee metrics
      matinee metrics ndcg
      matinee metrics miscalibration --json
    """
    chosen = [metrics.get(each) for each in ([name] if name else metrics.names())]
    if as_json:
        print_json({each.name: _document(each) for each in chosen})
    elif name:
        _explain(chosen[0])
    else:
        rows = [
            [each.name, each.kind, _BETTER[each.higher_is_better], each.definition]
            for each in chosen
        ]
        print_table(["name", "looks at", "better", "definition"], rows, whole=["name"])


def _document(metric: Metric) -> dict[str, Any]:
    explained = metric.explanation
    return {
        "kind": metric.kind,
        "higher_is_better": metric.higher_is_better,
        "protocols": _protocols(metric),
        "per_viewer": metric.per_viewer,
        "bounds": [each if math.isfinite(each) else None for each in metric.bounds],
        "definition": metric.definition,
        "source": metric.source,
        "inputs": {name: INPUTS[name] for name in metric.inputs},
        "options": {
            name: {"default": option.default, "choices": list(option.choices)}
            for name, option in metric.options.items()
        },
        "about": explained.summary,
        "explanation": explained.text,
        "example": explained.example,
    }


def _protocols(metric: Metric) -> list[str]:
    """Names of the protocols that measure it."""
    ratings = metric.kind == "rating"
    return [each.name for each in PROTOCOLS.values() if each.predicts_ratings == ratings]


def _explain(metric: Metric) -> None:
    low, high = metric.bounds
    rows = [
        ["definition", metric.definition],
        ["source", metric.source],
        ["looks at", _INPUT[metric.kind]],
        ["protocols", ", ".join(_protocols(metric))],
        ["better", _BETTER[metric.higher_is_better]],
        ["range", f"{low:g} to {high:.4g}"],
        ["values", "one a viewer" if metric.per_viewer else "one for all viewers"],
    ]
    for name, option in metric.options.items():
        others = ", ".join(each for each in option.choices if each != option.default)
        rows.append(
            ["option", f"{name} = {option.default}" + (f" (or {others})" if others else "")]
        )
    explained = metric.explanation
    click.echo(f"{metric.name}: {explained.summary}\n")
    print_table(["", ""], rows, whole=[""])
    for part in (explained.text, explained.example):
        if part:
            click.echo(f"\n{part}")
