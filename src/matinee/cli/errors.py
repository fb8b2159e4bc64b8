"""`errors`: where a model's predicted ratings are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
import polars as pl

from matinee import plugins
from matinee.cli.console import json_option, open_cache, print_json, print_table, say, steps
from matinee.cli.options import data_option, model_options_option, parse_options
from matinee.errors import InputError, OptionError
from matinee.experiments.comparing.error_tables import FEWEST_RATINGS, GROUPINGS, ErrorTables
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.results import Comparison
from matinee.experiments.recipes import Recipe
from matinee.models import Model, create
from matinee.service.datasets import load
from matinee.settings import load_settings

__all__ = ["errors_command"]

_MEASURES = ("ratings", "bias", "mae", "rmse")
_WORST = ("film", "viewer")
"""Groupings with many groups; tables list the worst."""
_HEADINGS = {
    "title": "film",
    "user": "viewer",
    "viewer_ratings": "ratings of the viewer",
    "film_ratings": "ratings of the film",
}


@click.command("errors")
@click.argument("model")
@data_option
@click.option(
    "--protocol",
    default="ratings",
    show_default=True,
    metavar="NAME",
    help="How ratings are held out: ratings, or the data set's own folds.",
)
@click.option(
    "--folds",
    type=click.IntRange(2, 100),
    metavar="K",
    help="Draw K folds and test on each in turn.  [default: one test of 20%]",
)
@model_options_option
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True,
              help="Seed for splits and fits.")  # fmt: skip
@click.option(
    "--by",
    "grouping",
    type=click.Choice(GROUPINGS),
    help="Only the errors by rating, film, viewer, or number of ratings of the viewer (activity) "
    "or of the film (popularity).",
)
@click.option("--worst", "n", type=click.IntRange(1, 1000), default=10, show_default=True,
              metavar="N", help="Number of films, viewers and ratings to list.")  # fmt: skip
@click.option(
    "--csv",
    "as_csv",
    is_flag=True,
    help="Print every rating with its error as CSV, or the whole table of --by.",
)
@json_option
def errors_command(
    model: str,
    data: str | None,
    protocol: str,
    folds: int | None,
    options: tuple[str, ...],
    seed: int,
    grouping: str | None,
    n: int,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Show where a model's predicted ratings are wrong: by rating, film and viewer.

    The bias is the mean of prediction minus rating. Options are chosen on validation as in
    `matinee evaluate`, unless -o sets some. docs/comparing.md explains the tables.

    \b
    Examples:
      matinee errors svd --data ml-100k
      matinee errors svd --data ml-100k --by popularity
      matinee errors baseline --data ratings.csv --folds 5 --csv > errors.csv
      matinee errors svd -o factors=50 --protocol folds --data ml-100k --worst 20
    """
    chosen = parse_options(options)
    _require_predictions(create(model, chosen), protocol)
    if as_csv and as_json:
        raise click.UsageError("--csv and --json are two forms of one answer; use one of them")
    settings = load_settings(data=data)
    recipe = Recipe(
        [(model, chosen) if chosen else model], protocol=protocol, folds=folds, seeds=(seed,)
    )
    dataset = load(settings.data, open_cache(settings))
    with steps("evaluating") as progress:
        comparison = evaluate(recipe, dataset, progress=progress)
    tables = ErrorTables.of(comparison)
    if as_csv:
        click.echo((tables.by(grouping) if grouping else tables.errors).write_csv(), nl=False)
    elif as_json:
        label = comparison.results[0].name
        print_json({"model": label, "protocol": protocol, **_document(tables, grouping, n)})
    elif grouping in _WORST:
        _print_worst(tables, grouping, n)
    elif grouping:
        _print_groups(tables.by(grouping))
    else:
        _print(tables, n)
    _say(comparison, tables)


def _require_predictions(model: Model, protocol: str) -> None:
    """Refuses what has no errors of ratings, before any data is loaded."""
    if not protocols.get(protocol).predicts_ratings:
        raise OptionError(
            f"protocol {protocol!r} ranks films and predicts no ratings; use --protocol ratings, "
            f"or matinee evaluate {model.name} --protocol {protocol}"
        )
    if not model.predicts_ratings:
        able = [each for each in plugins.names("models") if create(each).predicts_ratings]
        raise InputError(
            f"model {model.name!r} ranks films and does not predict ratings; "
            f"use one that does: {', '.join(able)}"
        )


def _document(tables: ErrorTables, grouping: str | None, n: int) -> dict[str, object]:
    """The tables as plain values; those of films, viewers and ratings have the worst `n`."""
    if grouping:
        return {"by": grouping, "groups": tables.by(grouping).to_dicts()}
    return {
        "all": tables.all_targets().to_dicts()[0],
        "by_rating": tables.by("rating").to_dicts(),
        "confusion": {
            "steps": tables.steps.tolist(),
            "counts": tables.confusion().tolist(),
        },
        **{f"worst_{what}s": tables.worst(what, n).to_dicts() for what in _WORST},
        "worst_ratings": tables.largest(n).to_dicts(),
    }


def _print(tables: ErrorTables, n: int) -> None:
    _title("Errors by rating")
    _print_groups(tables.by("rating"), tables.all_targets())
    _title("Predictions, rounded to the scale, in % of the ratings of each row")
    _print_confusion(tables)
    for what in _WORST:
        _print_worst(tables, what, n)
    _title("Ratings with the largest errors")
    columns = ["error", "rating", "predicted", "user", "title"]
    rows = [
        [f"{error:+.2f}", f"{rating:g}", f"{predicted:.2f}", user, title]
        for error, rating, predicted, user, title in tables.largest(n).select(columns).iter_rows()
    ]
    print_table([*columns[:3], "viewer", "film"], rows, numbers=columns[:3])


def _print_worst(tables: ErrorTables, what: str, n: int) -> None:
    _title(f"{what.capitalize()}s with the largest errors, of those with {FEWEST_RATINGS} targets")
    groups = tables.worst(what, n)
    if len(groups):
        _print_groups(groups)
    else:
        click.echo(f"no {what} has {FEWEST_RATINGS} targets; --csv has all ratings")


def _title(text: str) -> None:
    click.secho(f"\n{text}", bold=True)


def _print_groups(groups: pl.DataFrame, total: pl.DataFrame | None = None) -> None:
    """A table of groups, with a last row for all targets."""
    name = next(each for each in ("title", *groups.columns) if each in groups.columns)
    rows = [[_text(row[name]), *_numbers(row)] for row in groups.iter_rows(named=True)]
    if total is not None:
        rows.append(["all", *_numbers(total.row(0, named=True))])
    heading = _HEADINGS.get(name, name)
    numbers = list(_MEASURES) if name in ("title", "user") else [heading, *_MEASURES]
    print_table([heading, *_MEASURES], rows, numbers=numbers)


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _numbers(row: Mapping[str, Any]) -> list[str]:
    return [
        f"{row['ratings']:,}",
        *(f"{row[name]:{sign}.3f}" for name, sign in (("bias", "+"), ("mae", ""), ("rmse", ""))),
    ]


def _print_confusion(tables: ErrorTables) -> None:
    counts = tables.confusion()
    shares = counts / counts.sum(axis=1, keepdims=True).clip(1)
    columns = [f"{step:g}" for step in tables.steps]
    rows = [
        [step, *(f"{share:.0%}".removesuffix("%") if share else "" for share in row)]
        for step, row in zip(columns, shares.tolist(), strict=True)
    ]
    names = [f"as {step}" for step in columns]
    print_table(["rating", *names], rows, numbers=["rating", *names])


def _say(comparison: Comparison, tables: ErrorTables) -> None:
    (result,) = comparison.results
    targets = sum(test.targets.nnz for test in comparison.tests)
    data, protocol = comparison.receipt["data"]["name"], comparison.receipt["protocol"]["name"]
    n = len(tables.errors)
    sampled = "" if targets == n else f" (a sample of {targets:,})"
    say(
        f"{result.name} on {data}, protocol {protocol}: {n:,} ratings{sampled}; "
        "bias is prediction minus rating, on the scale of the data"
    )
