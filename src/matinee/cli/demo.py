"""`demo`: from no data to a running web site."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from time import perf_counter

import click

from matinee.cli.answers import print_ranking
from matinee.cli.comparison import interval
from matinee.cli.console import open_cache, print_table, say, steps
from matinee.cli.serve import listen, serve_site
from matinee.data import Dataset
from matinee.experiments.evaluate import evaluate
from matinee.pipeline import Recommender
from matinee.service.datasets import load
from matinee.service.promote import install
from matinee.service.site import Site
from matinee.service.train import train
from matinee.settings import load_settings

__all__ = ["demo_command"]

_DATA = "ml-100k"
_RANKING_MODELS = ("popular", "item-knn", "ease")
_RATING_MODELS = ("popular", "svd")
_LIVE = "ease"
_VIEWER = "196"
_FILM = "Toy Story"


@click.command("demo")
@click.option("--once", is_flag=True, help="Print everything, but do not serve the site.")
@click.option("--port", type=int, help="Port of the site, 0 for any.  [default: setting `port`]")
def demo_command(once: bool, port: int | None) -> None:
    """Fetch MovieLens 100K, train and compare models, and serve the site.

    \b
    Examples:
      matinee demo
      matinee demo --once
      matinee demo --port 9000
    """
    start = perf_counter()
    settings = load_settings(port=port)
    with ExitStack() as stack:
        listener = None if once else stack.enter_context(listen(settings))
        dataset = load(_DATA, open_cache(settings))
        _describe(dataset)
        _compare(dataset)
        recommender = train(dataset, _LIVE)
        _answer(dataset, recommender)
        site = stack.enter_context(Site.open(settings.database_url, settings.artefacts))
        install(site, dataset, recommender, note="matinee demo", say=say)
        click.echo(f"\nDone in {perf_counter() - start:.1f} s.")
        if listener is None:
            click.echo("Run `matinee demo` without --once to serve the site.")
        else:
            serve_site(site, settings, listener, settings.signing_secret())


def _describe(dataset: Dataset) -> None:
    interactions = dataset.interactions
    pairs = interactions.n_users * interactions.n_items
    first, last = (
        datetime.fromtimestamp(int(time), UTC).strftime("%B %Y")
        for time in (interactions.times.min(), interactions.times.max())
    )
    low, high = interactions.scale
    _heading("MovieLens 100K")
    click.echo(
        f"{interactions.n_users:,} viewers gave {interactions.n_items:,} films "
        f"{len(interactions):,} ratings from {low:g} to {high:g}, "
        f"{len(interactions) / pairs:.1%} of all pairs, {first} to {last}."
    )
    for note in dataset.notes:
        click.echo(note)
    click.echo(f"Licence: {dataset.licence}")


def _compare(dataset: Dataset) -> None:
    with steps("evaluating") as progress:
        rankings = evaluate(_RANKING_MODELS, dataset, "random", k=10, progress=progress)
        ratings = evaluate(_RATING_MODELS, dataset, "folds", progress=progress)
    _heading("How good are they?")
    rows = [
        [result.name, measure, interval(result, comparison.metric), f"{result.fit_seconds:.2f}"]
        for comparison, measure in ((rankings, "NDCG@10"), (ratings, "RMSE"))
        for result in comparison.results
    ]
    print_table(["model", "measure", "mean [95% interval]", "fit s"], rows, numbers=["fit s"])
    click.echo(
        "NDCG@10: ratings split 80/10/10, every film ranked. RMSE: the five official folds. "
        "Options are chosen on validation."
    )


def _answer(dataset: Dataset, recommender: Recommender) -> None:
    query = dataset.viewer(_VIEWER)
    _heading(f"For viewer {_VIEWER}, who rated {len(query)} films")
    print_ranking(recommender.recommend(query), as_json=False)
    _heading(f"Films like {_FILM}")
    print_ranking(recommender.similar(_FILM), as_json=False)


def _heading(text: str) -> None:
    click.echo()
    click.secho(text, bold=True)
