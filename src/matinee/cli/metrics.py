"""`metrics` and `rosetta`: what a number means, and what it is called elsewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import click

from matinee import metrics
from matinee.cli.console import json_option, print_json, print_table
from matinee.errors import OptionError
from matinee.experiments.rosetta import GRADED, LIBRARIES, MEASURES, Definition, JudgedList
from matinee.metrics import INPUTS, Metric

__all__ = ["metrics_command", "rosetta_command"]

_LOOKS_AT = {
    "list": "films listed, cut at k",
    "ranking": "the ranking of all unseen films",
    "rating": "predicted ratings",
}
_BETTER = {True: "higher", False: "lower", None: "neither"}


@click.command("metrics")
@click.argument("name", required=False)
@json_option
def metrics_command(name: str | None, as_json: bool) -> None:
    """List the metrics, or explain one: formula, source, options, who differs, an example.

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


def _explain(metric: Metric) -> None:
    low, high = metric.bounds
    rows = [
        ["definition", metric.definition],
        ["source", metric.source],
        ["looks at", _LOOKS_AT[metric.kind]],
        ["better", _BETTER[metric.higher_is_better]],
        ["range", f"{low:g} to {high:.4g}"],
        ["values", "one a viewer" if metric.per_viewer else "one for all viewers"],
        *(["option", _option(name, option)] for name, option in metric.options.items()),
    ]
    explained = metric.explanation
    click.echo(f"{metric.name}: {explained.summary}\n")
    print_table(["", ""], rows, whole=[""])
    for part in (explained.text, explained.example):
        if part:
            click.echo(f"\n{part}")


def _option(name: str, option: metrics.Option) -> str:
    others = [each for each in option.choices if each != option.default]
    return f"{name} = {option.default}" + (f" (or {', '.join(others)})" if others else "")


@click.command("rosetta")
@click.option(
    "--hits",
    required=True,
    metavar="1,0,...",
    help="For each rank of one list 1 where the film is a target, else 0.",
)
@click.option(
    "--targets", required=True, type=click.IntRange(min=1), help="Targets there are in all."
)
@click.option(
    "--k", type=click.IntRange(1, 1000), help="Where the list is cut.  [default: its length]"
)
@click.option(
    "--ratings",
    metavar="5,3,...",
    help="Ratings of all targets: those in the list first, in its order, then those it misses.",
)
@json_option
def rosetta_command(
    hits: str, targets: int, k: int | None, ratings: str | None, as_json: bool
) -> None:
    """Measure one list as trec_eval, RecTools, LensKit, RecBole and Microsoft's recommenders do.

    Measures of one name are defined differently; a dash is where a library has none. Every library
    is taken with its defaults, LensKit and Microsoft's told of ratings where there are any.

    \b
    Examples:
      matinee rosetta --hits 1,0,1,0,0 --targets 4
      matinee rosetta --hits 0,1,0 --targets 8 --k 5 --json
      matinee rosetta --hits 1,0,1,0,0 --targets 3 --k 5 --ratings 3,5,4
    """
    judged = JudgedList.of(_flags("--hits", hits), targets, k, _numbers("--ratings", ratings or ""))
    shown = {**MEASURES, **(GRADED if len(judged.ratings) else {})}
    if as_json:
        print_json(
            {
                "hits": [int(each) for each in judged.hits],
                "targets": judged.n_targets,
                "k": judged.k,
                "ratings": judged.ratings.tolist(),
                "measures": {name: _values(row, judged) for name, row in shown.items()},
            }
        )
        return
    rows = [
        [name, *(f"{row[each].compute(judged):.4f}" if each in row else "-" for each in LIBRARIES)]
        for name, row in shown.items()
    ]
    print_table([f"at {judged.k}", *LIBRARIES], rows, numbers=LIBRARIES)
    click.echo()
    formulae = [[name, *line] for name, row in shown.items() for line in _formulae(row)]
    print_table(["", "as", "in"], formulae)


def _values(row: Mapping[str, Definition], judged: JudgedList) -> dict[str, dict[str, float | str]]:
    return {
        library: {"value": definition.compute(judged), "formula": definition.formula}
        for library, definition in row.items()
    }


def _formulae(row: Mapping[str, Definition]) -> list[list[str]]:
    """Each formula once, with the libraries that have it."""
    by_formula: dict[str, list[str]] = {}
    for library in LIBRARIES:
        if library in row:
            by_formula.setdefault(row[library].formula, []).append(library)
    return [[formula, ", ".join(libraries)] for formula, libraries in by_formula.items()]


def _numbers(option: str, written: str) -> list[float]:
    parts = [part.strip() for part in written.split(",")] if written.strip() else []
    try:
        return [float(part) for part in parts]
    except ValueError:
        raise OptionError(f"{option} {written!r} must be numbers with commas between") from None


def _flags(option: str, written: str) -> list[bool]:
    if not set(_numbers(option, written)) <= {0.0, 1.0}:
        raise OptionError(f"{option} {written!r} must be 1 or 0 for each rank, as in 1,0,1,0,0")
    return [each == 1 for each in _numbers(option, written)]
