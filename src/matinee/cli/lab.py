"""`train`, `evaluate` and `models`: commands for data scientists."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from matinee import plugins
from matinee.cli.comparison import print_comparison
from matinee.cli.console import json_option, open_cache, print_json, print_table, say, steps, tries
from matinee.cli.options import data_option, model_options_option, parse_options
from matinee.cli.recipe_flags import recipe_flags, recipe_of
from matinee.content.sentence_encoder import SentenceEncoder
from matinee.display.figure import require_plotly
from matinee.errors import InputError, OptionError
from matinee.experiments.evaluate import evaluate
from matinee.experiments.measuring import protocols
from matinee.experiments.measuring.measure import MetricSet, require_measured
from matinee.experiments.receipts.ledger import Ledger
from matinee.experiments.receipts.receipt_file import write_receipt
from matinee.experiments.recipes import Recipe, usual_protocol
from matinee.experiments.tuning.search_space import default_search, default_space, value_text
from matinee.files import require_writable, write_file
from matinee.models import Config, Model, create
from matinee.pipeline.similar_films import with_sentences
from matinee.service import saved
from matinee.service.datasets import load
from matinee.service.pages.evaluation_page import evaluation_page
from matinee.service.pages.report.choices import selection_columns, selection_rows
from matinee.service.promote import import_ratings, make_live
from matinee.service.site import Site
from matinee.service.train import save, train
from matinee.settings import load_settings

__all__ = ["evaluate_command", "models_command", "train_command"]


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


@click.command("models")
@click.argument("name", required=False, metavar="[NAME|show]")
@click.argument("folder", required=False, metavar="[FOLDER|live]")
@json_option
def models_command(name: str | None, folder: str | None, as_json: bool) -> None:
    """List the models, or one model's options with default, range of `tune`, and meaning.

    With show, print how a saved model has chosen between its candidates, or the live one of the
    site: the question that decided, and each candidate with its quality.

    \b
    Examples:
      matinee models
      matinee models ease
      matinee models show live
      matinee models show "$(matinee train auto)"
    """
    if name == "show":
        _show_selection(folder, as_json=as_json)
        return
    if folder is not None:
        raise click.UsageError(f"one name at most; for a saved model: matinee models show {folder}")
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
        config = kinds[name].Config
        rows = [
            [option, value_text(field.default), _range(config, option), field.description or ""]
            for option, field in config.model_fields.items()
        ]
        print_table(["option", "default", "range", "meaning"], rows)
        if rows:
            say("`matinee tune` searches the options marked with *, others by name: -o OPTION=..")
    else:
        print_table(["name", "about"], [[each, _about(kind)] for each, kind in kinds.items()])


def _show_selection(folder: str | None, *, as_json: bool) -> None:
    """Prints how a saved model or the live one has chosen.

    Raises:
        InputError: there is no such model, or it chooses between no candidates.
    """
    if folder is None:
        raise click.UsageError(
            "name the folder of a saved model, or live: matinee models show live"
        )
    model = _saved_model(folder)
    selection = model.selection
    if selection is None:
        raise InputError(
            f"{model.name}, the model {'that is live' if folder == 'live' else f'in {folder}'}, "
            "does not choose between candidates, so it has no choice to show; auto has one"
        )
    if as_json:
        print_json(selection.to_json())
        return
    say(f"{selection.rule}.")
    for race in selection.races:
        click.echo()
        click.echo(f"{race.count:,} {race.viewers}: {race.chosen}")
        rows = selection_rows(race)
        print_table(
            [*selection_columns(selection.metric)], rows, numbers=[selection.metric, "work"]
        )


def _saved_model(folder: str) -> Model:
    if folder != "live":
        return saved.open(folder).model
    settings = load_settings()
    with Site.open(settings.database_url, settings.artefacts) as site:
        return site.live().recommender.model


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


def _range(config: type[Config], option: str) -> str:
    """The values that `tune` searches, with * if the default search has the option."""
    where = default_search(config, option)
    return "" if where is None else f"{where}{' *' if option in default_space(config) else ''}"


def _about(kind: type[Model]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]
