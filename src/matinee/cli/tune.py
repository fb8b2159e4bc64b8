"""`tune`: searches for a model's best options."""

from __future__ import annotations

from math import isfinite
from pathlib import Path

import click

from matinee.cli.comparison_groups import bracketed, written
from matinee.cli.console import json_option, open_cache, print_json, print_table, say, steps
from matinee.cli.options import data_option, parse_options
from matinee.experiments.measuring.protocols import PROTOCOLS
from matinee.experiments.tuning.plan import Plan
from matinee.experiments.tuning.result import Figure, Tuned
from matinee.experiments.tuning.search import tune
from matinee.experiments.tuning.search_space import value_text
from matinee.files import require_writable
from matinee.service.datasets import load
from matinee.settings import load_settings

__all__ = ["tune_command"]


@click.command("tune")
@click.argument("model")
@data_option
@click.option(
    "--protocol",
    default="random",
    show_default=True,
    metavar="NAME",
    help="How the data is split: " + ", ".join(PROTOCOLS) + ".",
)
@click.option(
    "--trials",
    type=click.IntRange(1, 100_000),
    default=30,
    show_default=True,
    help="Number of trials in all, with those in --study.",
)
@click.option(
    "--metric", metavar="NAME[@K]", help="Deciding metric.  [default: ndcg@10, or rmse for ratings]"
)
@click.option(
    "-o",
    "options",
    multiple=True,
    metavar="OPTION=LOW..HIGH|A,B,C|VALUE",
    help="Search a range or a choice of values, or fix one value. Can be repeated.",
)
@click.option("--min-rating", type=float, help="Drop ratings below this value.")
@click.option(
    "--relevant-from",
    type=float,
    metavar="R",
    help="Count ratings from this value on as targets, and train on all of them.",
)
@click.option(
    "--seed",
    "seeds",
    type=click.IntRange(min=0),
    multiple=True,
    help="Seed for splits, fits and the search. Repeat it to average over several.  [default: 0]",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Number of trials at the same time; they share the cores.",
)
@click.option(
    "--study",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File for the trials. An existing one is resumed.",
)
@json_option
def tune_command(
    model: str,
    data: str | None,
    protocol: str,
    trials: int,
    metric: str | None,
    options: tuple[str, ...],
    min_rating: float | None,
    relevant_from: float | None,
    seeds: tuple[int, ...],
    jobs: int,
    study: Path | None,
    as_json: bool,
) -> None:
    """Search a model's options on validation, then measure the best once on the test.

    Options with a range or a choice after -o are searched: `factors=20..200`, on a logarithmic
    scale `l2=0.01..1,log`, over the model's own range `factors=..`, or among `epochs=5,10,20`.
    Without any, the search is over the options that `matinee models NAME` marks with *. An
    interrupted search with a --study resumes where it stopped. Needs the extra `tune`.

    \b
    Examples:
      matinee tune ease --data ml-100k --trials 20
      matinee tune svd --protocol ratings -o factors=20..200,log -o epochs=5,10,20
      matinee tune ials --metric recall@20 -o factors=32 --study ials.study --jobs 2
      matinee tune ease --data ml-100k --relevant-from 3.5
      matinee tune svd --protocol folds --json
    """
    plan = Plan(
        model,
        protocol,
        metric=metric,
        search=parse_options(options),
        seeds=seeds or (0,),
        min_rating=min_rating,
        relevant_from=relevant_from,
    )
    kind = type(plan.unfitted)
    if plan.protocol == Plan.protocol and kind.predicts_ratings and kind.personal:
        say(f"{kind.name} predicts ratings: --protocol ratings tunes its RMSE")
    settings = load_settings(data=data)
    if study is not None:
        require_writable(study)
    dataset = load(settings.data, open_cache(settings))
    try:
        with steps("tuning") as progress:
            result = tune(plan, dataset, trials=trials, jobs=jobs, study=study, progress=progress)
    except KeyboardInterrupt:
        if study is not None:
            say(f"{study} has the finished trials; repeat the command to resume")
        raise
    if as_json:
        print_json(result.to_json())
    else:
        _print(result)


def _print(result: Tuned) -> None:
    print_table(
        [result.metric, "mean [95%]", ""],
        [
            ["validation", _figure(result.validation), f"best of {len(result.trials)} trials"],
            ["test", _figure(result.test), "used once"],
        ],
        whole=["mean [95%]"],
    )
    click.echo()
    columns = ["option", "best", "within 1% of the best", "inside its 95% interval", "searched"]
    print_table(
        columns,
        [
            [each.option, value_text(each.best), each.near, each.inside, each.searched]
            for each in result.plateaus
        ],
        whole=columns,
    )
    n = len(result.trials)
    click.echo(
        f"{round(result.share_near * n)} of {n} trials ({result.share_near:.0%}) "
        "score within 1% of the best"
    )
    if result.failures:
        click.echo(f"{len(result.failures)} trials have no score, the first: {result.failures[0]}")
    click.echo()
    options = ",".join(f"{option}={value_text(each)}" for option, each in result.chosen.items())
    click.echo(f"{result.model}:{options}")
    about = result.about
    seeds = ", ".join(map(str, about["seeds"]))
    say(f"{about['data']['name']}, protocol {about['protocol']}, seed {seeds}")


def _figure(figure: Figure) -> str:
    bounds = figure.interval
    return written(figure.mean) + (f" {bracketed(bounds)}" if isfinite(bounds.low) else "")
