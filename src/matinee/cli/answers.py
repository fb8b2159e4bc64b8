"""`recommend`, `similar` and `search`: answers from a data set, without a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

import click
import numpy as np
import polars as pl

from matinee.cli.console import counter, open_cache, print_json, print_table, say
from matinee.cli.constraint_options import (
    but_option,
    constraint_options,
    report_lacking,
    report_shortage,
)
from matinee.cli.list_options import list_for, list_options, require_group
from matinee.cli.options import data_option, model_option, n_option
from matinee.cli.output_options import Form, form_options, print_csv
from matinee.cli.rankings import print_ranking
from matinee.cli.recommenders import able_model, recommender_of
from matinee.cli.viewer_options import ViewerChoice, viewer_options
from matinee.data import Constraints, Dataset, Film
from matinee.data.constraints.conditions import conditions, lacking
from matinee.data.tables.film_list import read_film_list
from matinee.pipeline.critique import CRITIQUES, check_critiques
from matinee.pipeline.groups import members_by_name
from matinee.pipeline.neighbours import require_user_similarity
from matinee.service.datasets import load
from matinee.service.fitted import fitted
from matinee.service.frame_file import check_frame_file
from matinee.service.lists import write_lists
from matinee.settings import Settings, load_settings

__all__ = ["recommend_command", "search_command", "similar_command"]


@click.command("recommend")
@viewer_options(group=True)
@click.option("--all", "everyone", is_flag=True,
              help="All viewers of the data set; needs --out.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE",
              help="With --all: the .parquet, .csv or .jsonl file to write.")  # fmt: skip
@click.option("--among", type=click.Path(path_type=Path), metavar="FILE",
              help="Only films of this list: an id or title a line, or a table.")  # fmt: skip
@data_option
@model_option
@n_option
@list_options
@constraint_options
@form_options
def recommend_command(
    viewer: ViewerChoice,
    everyone: bool,
    out: Path | None,
    among: Path | None,
    data: str | None,
    model: str | None,
    n: int,
    diverse: float,
    rule: str | None,
    constraints: Constraints,
    form: Form,
) -> None:
    """Recommend films to one viewer, to a group, or to all viewers at once.

    Name the viewer by an id of the data set, by films you like, by your ratings from elsewhere, or
    only by attributes such as an age. Every film meets all constraints. If too few films do, the
    smallest changes that would allow more are listed but not applied.

    --all writes one row per viewer and film to a file: user, rank, item, title, score, model,
    version.

    \b
    Examples:
      matinee recommend --user 196 --data ml-100k
      matinee recommend --like "Toy Story" --like "Alien" --n 5
      matinee recommend --like "Fargo" --under 120 --genre Comedy
      matinee recommend --like "Toy Story" --kids --under 90 --since 1990
      matinee recommend --user 196 --with "Tom Hanks" --not-genre War
      matinee recommend --user 196 --where "comedy under 2 hours" --diverse 0.3
      matinee recommend --user 196 --user 22 --group fair
      matinee recommend --ratings letterboxd.zip --data ml-latest-small
      matinee recommend --ratings mine.csv --column rating=mine --scale 1 10
      matinee recommend --about age=34 --about gender=F --model ials-content
      matinee recommend --user 196 --among tonight.txt --csv
      matinee recommend --all --out lists.parquet --data ml-1m --model ease
      matinee recommend --all --out short.csv --under 100 --genre Comedy
    """
    settings = load_settings(data=data)
    if everyone or out is not None:
        if out is None or not everyone:
            raise click.UsageError("--all and --out FILE.parquet need each other")
        if viewer or diverse or rule or form != "table":
            raise click.UsageError(
                "--all goes with --out, --data, --model, --n, --among and constraints only"
            )
        _recommend_to_all(settings, model, n, constraints, among, out)
        return
    viewer.check(", or all viewers with --all")
    require_group(len(viewer), rule)
    dataset = load(settings.data, open_cache(settings))
    films, members = _films(among, dataset), viewer.members(dataset)
    # Unknown names and repeated members are refused before a long fit.
    constraints.allowed(dataset.catalog)
    members_by_name([query for _, query in members], [name for name, _ in members])
    recommender = recommender_of(dataset, model or settings.model, settings)
    ranking = list_for(
        [(name, viewer.with_attributes(each, recommender.model)) for name, each in members],
        recommender,
        n,
        constraints=constraints,
        among=films,
        diverse=diverse,
        rule=rule,
    )
    report_shortage(ranking, n, constraints)
    if not constraints and not len(ranking):
        say(f"no unseen film is left for {'this viewer' if len(members) == 1 else 'this group'}")
    print_ranking(ranking, form)


def _recommend_to_all(
    settings: Settings,
    model: str | None,
    n: int,
    constraints: Constraints,
    among: Path | None,
    out: Path,
) -> None:
    check_frame_file(out)
    dataset = load(settings.data, open_cache(settings))
    films = _films(among, dataset)
    rules = conditions(constraints.terms, dataset.catalog)
    recommender = recommender_of(dataset, model or settings.model, settings)
    allowed = recommender.allowed(constraints or None, films)
    listed = recommender.allowed(among=films)
    every = np.ones(len(dataset.catalog), dtype=np.bool_)
    report_lacking(lacking(rules, every if listed is None else listed))
    with counter("viewers") as progress:
        first = constraints.preferred(dataset.catalog)
        rows = write_lists(
            recommender, dataset.interactions, n, out, progress, allowed=allowed, first=first
        )
    say(f"{rows:,} recommendations for {dataset.interactions.n_users:,} viewers are in {out}")


def _films(among: Path | None, dataset: Dataset) -> list[str] | None:
    """The films of --among, as `Recommender.recommend` takes them."""
    if among is None:
        return None
    ids = dataset.catalog.item_ids.ids
    return [f"#{ids[row]}" for row in read_film_list(among, dataset.titles)]


@click.command("similar")
@click.argument("title", required=False)
@click.option("--user", metavar="ID",
              help="Instead of a title: the viewers most similar to this one.")  # fmt: skip
@but_option
@data_option
@model_option
@click.option("--n", type=click.IntRange(1, 1000), default=10, show_default=True,
              help="Number of films, or of viewers.")  # fmt: skip
@form_options
def similar_command(
    title: str | None,
    user: str | None,
    buts: tuple[str, ...],
    data: str | None,
    model: str | None,
    n: int,
    form: Form,
) -> None:
    """List the films most similar to one film, or the viewers most similar to one viewer.

    Films are similar by who watched them and by genres, people, keywords and plot, as far as these
    are known; each line says what they have in common. With --but they must also be shorter, newer,
    lighter, ... than this one. Viewers are compared by a model.

    \b
    Examples:
      matinee similar "Toy Story"
      matinee similar "Pulp Fiction" --but lighter --but shorter
      matinee similar "The Dark Knight Rises" --data tmdb-5000
      matinee similar "Alien (1979)" --json
      matinee similar --user 196 --model user-knn-ratings
    """
    if (title is None) == (user is None):
        raise click.UsageError("name one film by its TITLE, or one viewer with --user")
    if user is not None and buts:
        raise click.UsageError("--but compares films; leave it out with --user")
    if title is not None and model is not None:
        raise click.UsageError("--model compares viewers; leave it out, films need no model")
    settings = load_settings(data=data)
    dataset = load(settings.data, open_cache(settings))
    if user is not None:
        _print_similar_users(dataset, settings, user, model, n, form)
        return
    film = dataset.film(title or "")
    if buts:
        check_critiques(buts, film)
    # The model tells how well known films are, for a critique; the list is kept with it.
    known_by = "popular" if len(dataset.interactions) else "content"
    recommender = fitted(dataset, known_by, settings.fitted, slow=0)
    ranking = recommender.similar(f"#{film.id}", n, but=buts)
    if form == "table":
        but = f", but {' and '.join(CRITIQUES[each] for each in buts)}" if buts else ""
        say(f"films like {film.label}{but}")
    if buts and not len(ranking):
        say("no similar film is all of that; leave out a --but")
    print_ranking(ranking, form, scores=True)


def _print_similar_users(
    dataset: Dataset, settings: Settings, user: str, model: str | None, n: int, form: Form
) -> None:
    dataset.viewer(user)  # an unknown one is said before a fit
    chosen = able_model(model, settings, require_user_similarity, "compares no viewers", "ials")
    recommender = recommender_of(dataset, chosen, settings)
    frame = recommender.similar_users(user, n)
    if form == "csv":
        print_csv(frame)
    elif form == "json":
        print_json({"model": recommender.model.name, "viewers": frame.to_dicts()})
    else:
        say(f"viewers like {user}, by {recommender.model.name}")
        rows = [[user, f"{score:.3f}", f"{common:,}"] for user, score, common in frame.iter_rows()]
        columns = ["viewer", "similarity", "films in common"]
        print_table(columns, rows, numbers=columns)


@click.command("search")
@click.argument("text")
@data_option
@n_option
@form_options
def search_command(text: str, data: str | None, n: int, form: Form) -> None:
    """Find films by title, also by a misspelt one.

    \b
    Examples:
      matinee search "star wars"
      matinee search godfahter --json
    """
    settings = load_settings(data=data)
    dataset = load(settings.data, open_cache(settings))
    films = dataset.catalog.films(dataset.titles.search(text, n))
    if form == "json":
        print_json([asdict(film) for film in films])
        return
    if form == "csv":
        print_csv(_facts(films))
    elif films:
        rows = [
            [film.id, film.title, str(film.year or ""), ", ".join(film.genres)] for film in films
        ]
        print_table(["id", "title", "year", "genres"], rows, numbers=["id", "year"])
    if not films:
        say(f"no film with a title like {text!r}")


def _facts(films: Sequence[Film]) -> pl.DataFrame:
    """All facts about films, a column each; several names are one text."""
    facts = [
        {
            name: ", ".join(value) if isinstance(value, tuple) else value
            for name, value in asdict(film).items()
        }
        for film in films
    ]
    return pl.DataFrame(facts, schema=[each.name for each in fields(Film)])
