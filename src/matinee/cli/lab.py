"""`train`, `evaluate` and `models`: the data scientist's bench."""

from __future__ import annotations

import time
from pathlib import Path

import click

from matinee import plugins
from matinee.cli.comparison import print_comparison
from matinee.cli.console import json_option, open_cache, print_json, print_table, say, steps
from matinee.cli.options import (
    data_option,
    model_options_option,
    parse_entry,
    parse_options,
    receipt_option,
    report_option,
    resume_option,
)
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring.contenders import contender
from matinee.experiments.measuring.measure import metric_of
from matinee.experiments.measuring.protocols import PROTOCOLS
from matinee.experiments.receipts.receipt_file import write_receipt
from matinee.experiments.recipes import Recipe, read_recipe
from matinee.files import require_writable, write_file
from matinee.models import Model, create
from matinee.service.datasets import load
from matinee.service.install import import_ratings
from matinee.service.pages.evaluation_page import evaluation_page
from matinee.service.pages.page import require_plotly
from matinee.service.promote import make_live
from matinee.service.site import Site
from matinee.service.train import save, train
from matinee.settings import load_settings

__all__ = ["evaluate_command", "models_command", "train_command"]


@click.command("train")
@click.argument("model")
@data_option
@model_options_option
@click.option("--out", type=click.Path(path_type=Path), help="Folder the artefact is put in.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of whatever is drawn.")
@click.option("--promote", "live", is_flag=True, help="Make it the model the site answers with.")
@json_option
def train_command(
    model: str,
    data: str | None,
    options: tuple[str, ...],
    out: Path | None,
    seed: int,
    live: bool,
    as_json: bool,
) -> None:
    """Fit a model and save it as an artefact, whose folder is printed.

    \b
    Examples:
      matinee train ease --data ml-100k -o l2=300
      matinee recommend --user 196 --model "$(matinee train svd)"
      matinee train ials --data ml-100k -o min_rating=3.5 --promote
    """
    given = parse_options(options)
    if live and out is not None:
        raise click.UsageError("a model made live is kept in the home folder; leave out --out")
    settings = load_settings(data=data)
    create(model, given)  # a misspelt name or option is told before any data is fetched
    dataset = load(settings.data, open_cache(settings))
    start = time.perf_counter()
    recommender = train(dataset, model, given, seed=seed)
    seconds = time.perf_counter() - start
    folder = save(dataset, recommender, out or settings.artefacts)
    if live:
        with Site.open(settings.database_url, settings.artefacts) as site:
            import_ratings(site, dataset)
            make_live(site, folder, note="matinee train")
    if as_json:
        print_json({"model": model, "artefact": str(folder), "fit_seconds": round(seconds, 3)})
    else:
        say(f"fitted {model} to {dataset.name} in {seconds:.2f} s")
        click.echo(str(folder))


@click.command("evaluate")
@click.argument("models", nargs=-1, metavar="MODEL[:OPTION=VALUE,...]...")
@data_option
@click.option(
    "--recipe",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Models and all below from a file; flags go before it.",
)
@click.option(
    "--protocol",
    metavar="NAME",
    help="; ".join(f"{name}: {protocol.about}" for name, protocol in PROTOCOLS.items())
    + "  [default: random]",
)
@click.option(
    "--k",
    "ks",
    type=click.IntRange(1, 1000),
    multiple=True,
    help="List length; may be given several times.  [default: 10]",
)
@click.option("--min-rating", type=float, help="Keep only ratings of at least this.")
@click.option(
    "--seed",
    "seeds",
    type=int,
    multiple=True,
    help="Of splits and fits; several are averaged.  [default: 0]",
)
@click.option("--defaults", is_flag=True, help="Default options; none chosen on validation.")
@click.option(
    "--candidates",
    type=click.IntRange(min=1),
    metavar="N",
    help="Rank each viewer's targets among N films drawn at random instead of all: not comparable "
    "with full ranking, and it can reverse the order of models.",
)
@click.option(
    "--audit",
    is_flag=True,
    help="Fit each model once more, on exchanged films: one that still finds the targets knows "
    "what it cannot have learned.",
)
@click.option(
    "--metrics",
    metavar="NAME,...",
    help="Columns of the table, as recall or recall@20; --json has all.",
)
@click.option("--groups", is_flag=True, help="Also show how each group of viewers is served.")
@click.option("--pairs", is_flag=True, help="Also hold every two models against each other.")
@receipt_option
@report_option
@resume_option
@json_option
def evaluate_command(
    models: tuple[str, ...],
    data: str | None,
    recipe: Path | None,
    protocol: str | None,
    ks: tuple[int, ...],
    min_rating: float | None,
    seeds: tuple[int, ...],
    defaults: bool,
    candidates: int | None,
    audit: bool,
    metrics: str | None,
    groups: bool,
    pairs: bool,
    receipt: Path | None,
    report: Path | None,
    resume: Path | None,
    as_json: bool,
) -> None:
    """Measure models side by side under one protocol, with 95% intervals.

    Options are chosen on the validation part of every split, never on the test; --defaults
    leaves them at their defaults, and those after a colon are taken as they are. Ties between
    films count against the model. Every split is checked for leaks first. See docs/evaluation.md
    for what each protocol does and docs/comparing.md for how to read the answer.

    \b
    Examples:
      matinee evaluate svd --data ml-100k --protocol folds
      matinee evaluate popular item-knn user-knn ials ease --protocol random --k 10 --k 20
      matinee evaluate ease ease:l2=1000 ials:factors=32,iterations=5 --pairs --groups
      matinee evaluate --recipe comparison.toml --seed 1
      matinee evaluate ease ials --data ml-1m --protocol strong --min-rating 4 --k 100 --json
      matinee evaluate popular ease --protocol time --audit
      matinee evaluate content popular --protocol cold
      matinee evaluate popular item-knn ease --protocol strong --report report.html
      matinee evaluate ease ials --data ml-25m --resume run --receipt ml-25m.json
    """
    written = read_recipe(recipe) if recipe else Recipe()
    entries = tuple(map(parse_entry, models)) or written.entries
    if not entries:
        raise click.UsageError("Missing argument 'MODEL'; name a model, or a --recipe with models")
    columns = _columns(metrics)
    settings = load_settings(data=data or written.data)
    for file in filter(None, (receipt, report)):
        require_writable(file)
    if report is not None:
        require_plotly()
    for entry in entries:
        contender(entry, defaults=True)  # a misspelt name is told before any data is fetched
    dataset = load(settings.data, open_cache(settings))
    with steps("evaluating") as progress:
        comparison = evaluate(
            entries,
            dataset,
            protocol or written.protocol or "random",
            k=ks or written.k or 10,
            min_rating=written.min_rating if min_rating is None else min_rating,
            seeds=seeds or written.seeds or (0,),
            defaults=defaults or bool(written.defaults),
            candidates=written.candidates if candidates is None else candidates,
            audit=audit,
            ledger=resume,
            progress=progress,
            say=say,
        )
    if receipt is not None:
        write_receipt(comparison, receipt)
    if as_json:
        print_json(comparison.to_json())
    else:
        print_comparison(comparison, metrics=columns, groups=groups, pairs=pairs)
    if report is not None:
        write_file(report, evaluation_page(comparison).encode())
        say(f"the report is {report}")


@click.command("models")
@click.argument("name", required=False)
@json_option
def models_command(name: str | None, as_json: bool) -> None:
    """List the models, or one model's options.

    \b
    Examples:
      matinee models
      matinee models ease
    """
    names = [name] if name else plugins.names("models")
    kinds: dict[str, type[Model]] = {each: plugins.get("models", each) for each in names}
    if as_json:
        print_json(
            {
                each: {"about": _about(kind), "options": kind.Config.model_json_schema()}
                for each, kind in kinds.items()
            }
        )
    elif name:
        say(f"{name}: {_about(kinds[name])}")
        rows = [
            [option, str(field.default), field.description or ""]
            for option, field in kinds[name].Config.model_fields.items()
        ]
        print_table(["option", "default", "meaning"], rows)
    else:
        print_table(["name", "about"], [[each, _about(kind)] for each, kind in kinds.items()])


def _columns(written: str | None) -> tuple[str, ...]:
    """The metrics of `--metrics`, each known."""
    names = tuple(each.strip() for each in (written or "").split(",") if each.strip())
    for name in names:
        metric_of(name)
    return names


def _about(kind: type[Model]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]
