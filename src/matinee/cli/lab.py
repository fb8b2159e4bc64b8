"""`train`, `evaluate` and `models`: the data scientist's bench."""

from __future__ import annotations

import time
from pathlib import Path

import click

from matinee import plugins
from matinee.cli.comparison import print_comparison
from matinee.cli.console import json_option, open_cache, print_json, print_table, say, steps
from matinee.cli.options import data_option, model_options_option, parse_options
from matinee.experiments.evaluate import evaluate
from matinee.experiments.protocols import PROTOCOLS
from matinee.models import Model, create
from matinee.service.datasets import load
from matinee.service.install import install
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
            install(site, dataset, recommender, note="matinee train")
    if as_json:
        print_json({"model": model, "artefact": str(folder), "fit_seconds": round(seconds, 3)})
    else:
        say(f"fitted {model} to {dataset.name} in {seconds:.2f} s")
        click.echo(str(folder))


@click.command("evaluate")
@click.argument("models", nargs=-1, required=True)
@data_option
@click.option(
    "--protocol",
    default="random",
    show_default=True,
    metavar="NAME",
    help="; ".join(f"{name}: {protocol.about}" for name, protocol in PROTOCOLS.items()),
)
@click.option(
    "--k", type=click.IntRange(1, 1000), default=10, show_default=True, help="List length."
)
@click.option("--min-rating", type=float, help="Keep only ratings of at least this.")
@click.option(
    "--seed",
    "seeds",
    type=int,
    multiple=True,
    default=(0,),
    help="Of splits and fits; several are averaged.  [default: 0]",
)
@click.option("--defaults", is_flag=True, help="Default options; none chosen on validation.")
@json_option
def evaluate_command(
    models: tuple[str, ...],
    data: str | None,
    protocol: str,
    k: int,
    min_rating: float | None,
    seeds: tuple[int, ...],
    defaults: bool,
    as_json: bool,
) -> None:
    """Measure models side by side under one protocol, with 95% intervals.

    Options are chosen on the validation part of every split, never on the test; --defaults
    leaves them at their defaults. Ties between films count against the model.

    \b
    Examples:
      matinee evaluate svd --data ml-100k --protocol folds
      matinee evaluate popular item-knn user-knn ials ease --protocol random --k 10
      matinee evaluate ease ials --data ml-1m --protocol strong --min-rating 4 --k 100 --json
    """
    settings = load_settings(data=data)
    for name in models:
        create(name)  # a misspelt name is told before any data is fetched
    dataset = load(settings.data, open_cache(settings))
    with steps("evaluating") as progress:
        comparison = evaluate(
            models,
            dataset,
            protocol,
            k=k,
            min_rating=min_rating,
            seeds=seeds,
            defaults=defaults,
            progress=progress,
        )
    if as_json:
        print_json(comparison.to_json())
    else:
        print_comparison(comparison)


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


def _about(kind: type[Model]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]
