"""`train` and `evaluate`: commands for data scientists."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from matinee.cli.comparison import print_comparison
from matinee.cli.console import json_option, open_cache, print_json, say, steps, tries
from matinee.cli.options import data_option, model_options_option, parse_options
from matinee.cli.recipe_flags import recipe_flags, recipe_of
from matinee.content.sentence_encoder import SentenceEncoder
from matinee.display.figure import require_plotly
from matinee.errors import OptionError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.measure import MetricSet, require_measured
from matinee.experiments.receipts.ledger import Ledger
from matinee.experiments.receipts.receipt_file import write_receipt
from matinee.experiments.recipes import Recipe, usual_protocol
from matinee.files import require_writable, write_file
from matinee.models import Model, create
from matinee.pipeline.similar_films import with_sentences
from matinee.service.datasets import load
from matinee.service.pages.evaluation_page import evaluation_page
from matinee.service.promote import import_ratings, make_live
from matinee.service.site import Site
from matinee.service.train import save, train
from matinee.settings import load_settings

__all__ = ["evaluate_command", "train_command"]


@click.command("train")
@click.argument("model")
@data_option
@model_options_option
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the artefact.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed for random numbers.")
@click.option("--promote", "live", is_flag=True, help="Make it the model of the site.")
@click.option("--encoder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              metavar="FOLDER", help="Also compare the plots of films, by this sentence encoder; "
              "`matinee fetch all-minilm-l6-v2` prints FOLDER.")  # fmt: skip
@json_option
def train_command(
    model: str,
    data: str | None,
    options: tuple[str, ...],
    out: Path | None,
    seed: int,
    live: bool,
    encoder: Path | None,
    as_json: bool,
) -> None:
    """Fit a model, save it as an artefact, and print the artefact's folder.

    \b
    Examples:
      matinee train ease --data ml-100k -o l2=300
      matinee recommend --user 196 --model "$(matinee train svd)"
      matinee train ials --data ml-100k -o min_rating=3.5 --promote
    """
    chosen = parse_options(options)
    if live and out is not None:
        raise click.UsageError("--promote saves to the home folder; remove --out")
    settings = load_settings(data=data)
    create(model, chosen)  # reports a misspelt name or option before any data is fetched
    if encoder:
        SentenceEncoder.load(encoder)  # reports any other folder before the fit
    dataset = load(settings.data, open_cache(settings))
    start = time.perf_counter()
    with steps("training") as progress:
        if progress is not None:
            progress.add_task(model, total=None)
        with tries(progress):
            recommender = train(dataset, model, seed=seed, **chosen)
    seconds = time.perf_counter() - start
    if encoder:
        say("encoding plots, about ten a second; once for each catalogue")
        recommender = with_sentences(recommender, encoder)
    folder = save(dataset, recommender, out or settings.artefacts, options=chosen, seed=seed)
    if live:
        with Site.open(settings.database_url, settings.artefacts) as site:
            import_ratings(site, dataset)
            make_live(site, folder, note="matinee train", say=say)
    if as_json:
        print_json({"model": model, "artefact": str(folder), "fit_seconds": round(seconds, 3)})
    else:
        say(f"fitted {model} to {dataset.name} in {seconds:.2f} s")
        click.echo(str(folder))


@click.command("evaluate")
@data_option
@recipe_flags
@click.option(
    "--metrics",
    metavar="NAME,...",
    help="Columns of the table, such as recall or recall@20, which is measured in addition. --json "
    "has all metrics; `matinee metrics` lists them.",
)
@click.option("--groups", is_flag=True, help="Also print results by group of viewers.")
@click.option("--pairs", is_flag=True, help="Also compare every two models.")
@click.option(
    "--receipt",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="Also write a receipt, from which `matinee verify` reproduces the result.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE.html",
    help="Also write a page of charts, tables and examples; it needs no network.",
)
@click.option(
    "--resume",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Keep finished results in this folder, and reuse those of an interrupted run.",
)
@json_option
@click.pass_context
def evaluate_command(
    ctx: click.Context,
    data: str | None,
    metrics: str | None,
    groups: bool,
    pairs: bool,
    receipt: Path | None,
    report: Path | None,
    resume: Path | None,
    as_json: bool,
) -> None:
    """Compare models under one protocol, with 95% intervals.

    Options are chosen on the validation part of every split, never on the test part. --defaults
    uses default options instead, and options after a colon are used as they are. Ties between
    films count against the model. Every split is checked for leaks. docs/evaluation.md explains
    the protocols, docs/comparing.md how to read the results.

    \b
    Examples:
      matinee evaluate svd --data ml-100k --protocol folds
      matinee evaluate svd baseline --data ratings.csv --protocol ratings --folds 5
      matinee evaluate popular item-knn user-knn ials ease --protocol random --k 10 --k 20
      matinee evaluate ease ease:l2=1000 ials:factors=32,iterations=5 --pairs --groups
      matinee evaluate --recipe comparison.toml --seed 1
      matinee evaluate ease ials --data ml-1m --protocol strong --min-rating 4 --k 100 --json
      matinee evaluate popular ease --protocol time --audit
      matinee evaluate content popular --protocol cold
      matinee evaluate popular item-knn ease --protocol strong --report report.html
      matinee evaluate ease ials --data ml-25m --resume run --receipt ml-25m.json
      matinee evaluate ease svd --relevant-from 3.5 --min-per-viewer 5 --protocol last --last 20%
      matinee evaluate ease ials --protocol time --until 1998-03-01 --among films.txt
      matinee evaluate ease ials --train train.csv --test test.csv
    """
    columns = tuple(each.strip() for each in (metrics or "").split(",") if each.strip())
    recipe = _measuring(recipe_of(ctx), columns)
    settings = load_settings(data=data or recipe.data)
    for file in filter(None, (receipt, report)):
        require_writable(file)
    if report is not None:
        require_plotly()
    models = recipe.candidate_models()  # reports a misspelt name before any data is fetched
    if recipe.protocol == usual_protocol(own_test=False) and _predict_ratings(
        [each.kind for each in models]
    ):
        say("these models predict ratings: --protocol ratings measures RMSE and MAE")
    cache = open_cache(settings)
    dataset = load(settings.data, cache)
    test = load(recipe.test, cache) if recipe.test else None
    ledger = Ledger(resume, say) if resume else None
    with steps("evaluating") as progress, tries(progress):
        comparison = evaluate(recipe, dataset, test=test, ledger=ledger, progress=progress)
    if receipt is not None:
        write_receipt(comparison, receipt)
    if as_json:
        print_json(comparison.to_json())
    else:
        print_comparison(comparison, metrics=columns, groups=groups, pairs=pairs)
    if report is not None:
        write_file(report, evaluation_page(comparison).encode())
        say(f"the report is {report}")


def _measuring(recipe: Recipe, columns: Sequence[str]) -> Recipe:
    """The recipe with the list lengths that columns name ("ndcg@20").

    Raises:
        UnknownNameError: no such metric.
        OptionError: the protocol does not measure it, or its length would decide.
    """
    protocol = protocols.get(recipe.protocol)
    lengths = {require_measured(each, protocol)[1] for each in columns}
    more = sorted({each for each in lengths if each} - set(recipe.k))
    k = (*recipe.k, *more)
    before, after = (MetricSet.for_rankings(each).label for each in (recipe.k, k))
    if before != after:
        flags = " ".join(f"--k {each}" for each in more)
        raise OptionError(
            f"lists of another length would make {after} decide in place of {before}; "
            f"add {flags} if that is meant"
        )
    return replace(recipe, k=k)


def _predict_ratings(kinds: Sequence[type[Model]]) -> bool:
    """Whether ratings are what all models are for; popularity alone is a baseline of both."""
    predicting = all(kind.predicts_ratings for kind in kinds)
    return predicting and any(kind.personal for kind in kinds)
