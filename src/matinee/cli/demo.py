"""`demo`: from no data to a running web site."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from time import perf_counter

import click

from matinee.cli.comparison import interval
from matinee.cli.console import open_cache, print_table, say, steps
from matinee.cli.rankings import print_ranking
from matinee.cli.serve import listen, serve_site
from matinee.data import Dataset
from matinee.data.fetching.cache import Cache
from matinee.errors import FetchError
from matinee.experiments.evaluate import evaluate
from matinee.pipeline import Recommender
from matinee.service.datasets import load
from matinee.service.promote import install
from matinee.service.site import Site
from matinee.service.train import train
from matinee.settings import load_settings

__all__ = ["demo_command"]

_BEST, _ALWAYS = "movies", "ml-100k"
_COMPARED = ("popular", "item-knn", "ease-sparse")
_LIVE = "auto"
_LIKED = ("Toy Story", "Alien", "Fargo")
_FILM = "Toy Story"


@click.command("demo")
@click.option("--once", is_flag=True, help="Print everything, but do not serve the site.")
@click.option("--port", type=int, help="Port of the site, 0 for any.  [default: setting `port`]")
def demo_command(once: bool, port: int | None) -> None:
    """Fetch a data set, compare models, train the default one, and serve the site.

    The data are the best that can be fetched from here: MovieLens latest-small with facts from
    Wikidata and plots from Wikipedia, else MovieLens 100K from the package index.

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
        dataset = _best(open_cache(settings))
        _describe(dataset)
        _compare(dataset)
        recommender = train(dataset, _LIVE)
        _answer(dataset, recommender)
        site = stack.enter_context(Site.open(settings.database_url, settings.artefacts))
        install(site, dataset, recommender, note="matinee demo", say=say, options=())
        click.echo(f"\nDone in {perf_counter() - start:.1f} s.")
        if listener is None:
            click.echo("Run `matinee demo` without --once to serve the site.")
        else:
            serve_site(site, settings, listener, settings.signing_secret())


def _best(cache: Cache) -> Dataset:
    """The data set with the most facts that can be fetched from here; says which, and why."""
    try:
        dataset = load(_BEST, cache)
    except FetchError as error:
        say(f"{error}; showing {_ALWAYS} instead of {_BEST}")
        return load(_ALWAYS, cache)
    say(f"showing {_BEST}, the data set with the most facts about films")
    return dataset


def _describe(dataset: Dataset) -> None:
    interactions = dataset.interactions
    pairs = interactions.n_users * interactions.n_items
    first, last = (
        datetime.fromtimestamp(int(time), UTC).strftime("%B %Y")
        for time in (interactions.times.min(), interactions.times.max())
    )
    low, high = interactions.scale
    _heading(f"Data set {dataset.name}")
    click.echo(
        f"{interactions.n_users:,} viewers gave {interactions.n_items:,} films "
        f"{len(interactions):,} ratings from {low:g} to {high:g}, "
        f"{len(interactions) / pairs:.1%} of all pairs, {first} to {last}."
    )
    click.echo(f"Facts about its films: {', '.join(dataset.catalog.known_facts)}.")
    for note in dataset.notes:
        click.echo(note)
    click.echo(f"Licence: {dataset.licence}")


def _compare(dataset: Dataset) -> None:
    with steps("evaluating") as progress:
        comparison = evaluate(_COMPARED, dataset, "random", k=10, defaults=True, progress=progress)
    _heading("How good are they?")
    rows = [
        [result.name, interval(result, comparison.metric), f"{result.fit_seconds:.2f}"]
        for result in comparison.results
    ]
    print_table(["model", "NDCG@10 [95% interval]", "fit s"], rows, numbers=["fit s"])
    click.echo(
        "Ratings split 80/10/10, every unseen film ranked, options at their defaults. "
        f"The site's model, {_LIVE}, chooses among these and others."
    )


def _answer(dataset: Dataset, recommender: Recommender) -> None:
    *others, last = _LIKED
    _heading(f"For somebody who loves {', '.join(others)} and {last}")
    print_ranking(recommender.recommend(dataset.liking(*_LIKED)))
    _heading(f"Films like {_FILM}")
    print_ranking(recommender.similar(_FILM))


def _heading(text: str) -> None:
    click.echo()
    click.secho(text, bold=True)
