"""`recommend`, `similar` and `search`: answers over a data set, without a server."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import click

from matinee.cli.asking import asking_options, but_option, say_left
from matinee.cli.console import json_option, open_cache, print_json, print_table, say
from matinee.cli.options import data_option, model_option, n_option
from matinee.data import Constraints, Dataset, Query, Ranking, Recommendation
from matinee.data.cleaning import Cleaning
from matinee.errors import InputError
from matinee.pipeline import Recommender, critique
from matinee.pipeline.critique import CRITIQUES
from matinee.service.about import about
from matinee.service.datasets import load
from matinee.service.fitted import fitted, saved
from matinee.service.own_history import own_query
from matinee.settings import load_settings

__all__ = ["print_ranking", "recommend_command", "search_command", "similar_command"]


@click.command("recommend")
@click.option("--user", metavar="ID", help="A viewer of the data set.")
@click.option("--like", "liked", multiple=True, metavar="TITLE", help="A film that was liked.")
@click.option(
    "--ratings",
    type=click.Path(path_type=Path),
    help="Ratings of your own: Letterboxd, IMDb or Trakt export, or a CSV of titles.",
)
@click.option(
    "--about",
    "told",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="What the viewer is like, as age=34, for models that learned of that.",
)
@data_option
@model_option
@n_option
@asking_options
@json_option
def recommend_command(
    user: str | None,
    liked: tuple[str, ...],
    ratings: Path | None,
    told: tuple[str, ...],
    data: str | None,
    model: str | None,
    n: int,
    as_json: bool,
    constraints: Constraints,
) -> None:
    """Recommend films to one viewer, with reasons.

    The viewer is an id of the data set, whoever likes the films named, you with your ratings from
    elsewhere, or a stranger of whom something else is known. What the film must be is never given
    way on: where too little is left, the smallest changes that leave more are told, to be asked
    for.

    \b
    Examples:
      matinee recommend --user 196 --data ml-100k
      matinee recommend --like "Toy Story" --like "Alien" --n 5
      matinee recommend --like "Fargo" --under 120 --genre Comedy
      matinee recommend --like "Toy Story" --kids --under 90 --since 1990
      matinee recommend --user 196 --with "Tom Hanks" --not-genre War
      matinee recommend --ratings letterboxd.zip --data ml-latest-small
      matinee recommend --about age=34 --about gender=F --model ials-content
    """
    named = sum(map(bool, (user, liked, ratings)))
    if named > 1 or not (named or told):
        raise click.UsageError(
            "name a viewer with --user, films with --like, or your own ratings with --ratings"
        )
    settings = load_settings(data=data)
    dataset = load(settings.data, open_cache(settings))
    query = _query(dataset, user, liked, ratings)
    recommender = _recommender(dataset, model or settings.model, settings.fitted)
    attributes = about(recommender.model, told, query.attributes)
    ranking = recommender.recommend(
        replace(query, n=n, constraints=constraints, attributes=attributes)
    )
    say_left(ranking, n, constraints)
    print_ranking(ranking, as_json=as_json)


@click.command("similar")
@click.argument("title")
@but_option
@data_option
@model_option
@n_option
@json_option
def similar_command(
    title: str, buts: tuple[str, ...], data: str | None, model: str | None, n: int, as_json: bool
) -> None:
    """List the films most like one film.

    Where the data set has no ratings the films are compared by content. With --but they must be
    shorter, newer, lighter ... than the film.

    \b
    Examples:
      matinee similar "Toy Story"
      matinee similar "Pulp Fiction" --but lighter --but shorter
      matinee similar "The Dark Knight Rises" --data tmdb-5000
      matinee similar "Alien (1979)" --model content --json
    """
    settings = load_settings(data=data)
    dataset = load(settings.data, open_cache(settings))
    item = dataset.film(title)
    named = model or (settings.model if len(dataset.interactions) else "content")
    recommender = _recommender(dataset, named, settings.fitted)
    ranking = (
        critique(item, buts, dataset.catalog, recommender, n)
        if buts
        else recommender.similar(item, n)
    )
    if not as_json:
        but = f", but {' and '.join(CRITIQUES[each] for each in buts)}" if buts else ""
        say(f"films like {dataset.catalog.film(item).label}{but}, by {ranking.model}")
    if buts and not len(ranking):
        say("no film is like it and all of that; leave out a --but")
    print_ranking(ranking, as_json=as_json)


@click.command("search")
@click.argument("text")
@data_option
@n_option
@json_option
def search_command(text: str, data: str | None, n: int, as_json: bool) -> None:
    """Find films by title; near misses are found too.

    \b
    Examples:
      matinee search "star wars"
      matinee search godfahter --json
    """
    settings = load_settings(data=data)
    dataset = load(settings.data, open_cache(settings))
    films = dataset.catalog.films(dataset.titles.search(text, n))
    if as_json:
        print_json([asdict(film) for film in films])
    elif films:
        rows = [
            [film.id, film.title, str(film.year or ""), ", ".join(film.genres)] for film in films
        ]
        print_table(["id", "title", "year", "genres"], rows, numbers=["id", "year"])
    else:
        say(f"no film is called anything like {text!r}")


def print_ranking(ranking: Ranking, *, as_json: bool) -> None:
    """A ranking on stdout, as a table or as JSON."""
    lines = list(ranking)
    if as_json:
        document = {
            "model": ranking.model,
            "version": ranking.version,
            "films": [_document(line) for line in lines],
            "lacking": [asdict(each) for each in ranking.lacking],
            "relaxations": [
                {"query": str(each.constraints), "text": each.text, "films": each.films}
                for each in ranking.relaxations
            ],
        }
        print_json(document)
        return
    if not lines:
        return
    rated = bool(ranking.expected)
    rows = [
        [
            str(line.rank),
            line.film.title,
            str(line.film.year or ""),
            *([str(line.expected)] if rated else []),
            line.reason.text(),
        ]
        for line in lines
    ]
    columns = ["", "title", "year", *(["rating (80%)"] if rated else []), "why"]
    print_table(columns, rows, numbers=["", "year", "rating (80%)"])


def _query(
    dataset: Dataset, user: str | None, liked: tuple[str, ...], ratings: Path | None
) -> Query:
    if ratings is not None:
        cleaning = Cleaning()
        query, report = own_query(ratings, dataset, cleaning)
        for line in (*report.lines, *map(str, cleaning.findings)):
            say(line)
        return query
    return dataset.viewer(user) if user else dataset.liking(*liked)


def _recommender(dataset: Dataset, model: str, kept: Path) -> Recommender:
    folder = Path(model)
    if not (folder / "manifest.json").is_file():
        if folder.name != model:
            raise InputError(f"{model} is not a folder that `matinee train` saved")
        return fitted(dataset, model, kept, say)
    return saved(folder, dataset)


def _document(line: Recommendation) -> dict[str, object]:
    reason = line.reason
    films = [
        {"id": film.id, "title": film.label, "rating": film.rating, "share": film.share}
        for film in reason.films
    ]
    document = asdict(line)
    document["reason"] = {"kind": reason.kind, "text": reason.text(), "films": films}
    return document
