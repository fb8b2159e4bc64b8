"""`recommend`, `similar` and `search`: answers from a data set, without a server."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path

import click

from matinee.cli.console import counter, json_option, open_cache, print_json, print_table, say
from matinee.cli.constraint_options import but_option, constraint_options, report_shortage
from matinee.cli.options import assignments, data_option, model_option, n_option
from matinee.data import Constraints, Dataset, Query, Ranking, Recommendation
from matinee.data.cleaning import Cleaning
from matinee.data.tables.rating_times import TIME_FORMS
from matinee.errors import InputError
from matinee.pipeline import Recommender
from matinee.pipeline.critique import CRITIQUES
from matinee.service import saved
from matinee.service.about import about
from matinee.service.datasets import load
from matinee.service.fitted import fitted
from matinee.service.lists import check_lists_file, write_lists
from matinee.service.own_history import own_query
from matinee.settings import Settings, load_settings

__all__ = ["print_ranking", "recommend_command", "search_command", "similar_command"]


@click.command("recommend")
@click.option("--user", metavar="ID", help="A viewer of the data set.")
@click.option("--like", "likes", multiple=True, metavar="TITLE",
              help="A film you like. Can be repeated.")  # fmt: skip
@click.option(
    "--ratings",
    type=click.Path(path_type=Path),
    help="Your ratings: a Letterboxd, IMDb or Trakt export, or any table or JSON of titles.",
)
@click.option("--column", "columns", multiple=True, metavar="ROLE=COLUMN",
              help="With --ratings: the column of a table with the role rating, title, year, time, "
              "item, imdb_id, tmdb_id or type. Can be repeated.  [default: by name]")  # fmt: skip
@click.option("--scale", nargs=2, type=float, metavar="LOW HIGH",
              help="With --ratings: lowest and highest rating.  [default: by them]")  # fmt: skip
@click.option("--times", type=click.Choice(list(TIME_FORMS)), metavar="FORM",
              help=f"With --ratings: what the times of a table are: {', '.join(TIME_FORMS)}.  "
              "[default: by the times]")  # fmt: skip
@click.option("--about", "attributes", multiple=True, metavar="COLUMN=VALUE",
              help="An attribute of the viewer, such as age=34, for models that use attributes. "
              "Can be repeated.")  # fmt: skip
@click.option("--all", "everyone", is_flag=True,
              help="All viewers of the data set; needs --out.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE",
              help="With --all: the .parquet or .csv file to write.")  # fmt: skip
@data_option
@model_option
@n_option
@constraint_options
@json_option
def recommend_command(
    user: str | None,
    likes: tuple[str, ...],
    ratings: Path | None,
    columns: tuple[str, ...],
    scale: tuple[float, float] | None,
    times: str | None,
    attributes: tuple[str, ...],
    everyone: bool,
    out: Path | None,
    data: str | None,
    model: str | None,
    n: int,
    as_json: bool,
    constraints: Constraints,
) -> None:
    """Recommend films to one viewer, with reasons, or to all viewers at once.

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
      matinee recommend --ratings letterboxd.zip --data ml-latest-small
      matinee recommend --ratings mine.csv --column rating=mine --scale 1 10
      matinee recommend --about age=34 --about gender=F --model ials-content
      matinee recommend --all --out lists.parquet --data ml-1m --model ease
    """
    sources = sum(map(bool, (user, likes, ratings)))
    if (columns or scale or times) and not ratings:
        raise click.UsageError("--column, --scale and --times are for --ratings")
    settings = load_settings(data=data)
    if everyone or out is not None:
        if out is None or not everyone:
            raise click.UsageError("--all and --out FILE.parquet need each other")
        if sources or attributes or constraints or as_json:
            raise click.UsageError("--all goes with --out, --data, --model and --n only")
        _recommend_to_all(settings, model, n, out)
        return
    if sources > 1 or not (sources or attributes):
        raise click.UsageError(
            "name a viewer with --user, films with --like, your own ratings with --ratings, "
            "or all viewers with --all"
        )
    dataset = load(settings.data, open_cache(settings))
    if ratings is not None:
        query = _own_query(dataset, ratings, columns, scale, times)
    else:
        query = dataset.viewer(user) if user else dataset.liking(*likes)
    recommender = _recommender(dataset, model or settings.model, settings.fitted)
    known = about(recommender.model, attributes, query.attributes)
    ranking = recommender.recommend(replace(query, n=n, constraints=constraints, attributes=known))
    report_shortage(ranking, n, constraints)
    print_ranking(ranking, as_json=as_json)


def _recommend_to_all(settings: Settings, model: str | None, n: int, out: Path) -> None:
    check_lists_file(out)
    dataset = load(settings.data, open_cache(settings))
    recommender = _recommender(dataset, model or settings.model, settings.fitted)
    with counter("viewers") as progress:
        rows = write_lists(recommender, dataset.interactions, n, out, progress)
    say(f"{rows:,} recommendations for {dataset.interactions.n_users:,} viewers are in {out}")


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
    """List the films most similar to one film.

    A data set without ratings is compared by content. With --but the films must be shorter, newer,
    lighter, ... than this one.

    \b
    Examples:
      matinee similar "Toy Story"
      matinee similar "Pulp Fiction" --but lighter --but shorter
      matinee similar "The Dark Knight Rises" --data tmdb-5000
      matinee similar "Alien (1979)" --model content --json
    """
    settings = load_settings(data=data)
    dataset = load(settings.data, open_cache(settings))
    film = dataset.film(title)
    named = model or (settings.model if len(dataset.interactions) else "content")
    recommender = _recommender(dataset, named, settings.fitted)
    ranking = recommender.similar(f"#{film.id}", n, but=buts)
    if not as_json:
        but = f", but {' and '.join(CRITIQUES[each] for each in buts)}" if buts else ""
        say(f"films like {film.label}{but}, by {ranking.model}")
    if buts and not len(ranking):
        say("no similar film is all of that; leave out a --but")
    print_ranking(ranking, as_json=as_json)


@click.command("search")
@click.argument("text")
@data_option
@n_option
@json_option
def search_command(text: str, data: str | None, n: int, as_json: bool) -> None:
    """Find films by title, also by a misspelt one.

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
        say(f"no film with a title like {text!r}")


def print_ranking(ranking: Ranking, *, as_json: bool) -> None:
    """Prints a ranking on stdout, as a table or as JSON."""
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


def _own_query(
    dataset: Dataset,
    ratings: Path,
    columns: tuple[str, ...],
    scale: tuple[float, float] | None,
    times: str | None,
) -> Query:
    # All of a viewer's few rows are read, and every defect is said below.
    cleaning = Cleaning(limit=sys.maxsize)
    chosen = assignments("--column ", "ROLE=COLUMN, as in rating=mine", columns)
    query, report = own_query(ratings, dataset, cleaning, scale=scale, columns=chosen, times=times)
    for line in (*report.lines, *map(str, cleaning.findings)):
        say(line)
    return query


def _recommender(dataset: Dataset, model: str, cache: Path) -> Recommender:
    folder = Path(model)
    if not (folder / "manifest.json").is_file():
        if folder.name != model:
            raise InputError(f"{model} is not a folder that `matinee train` saved")
        return fitted(dataset, model, cache, say)
    return saved.open(folder, dataset)


def _document(line: Recommendation) -> dict[str, object]:
    reason = line.reason
    films = [
        {"id": film.id, "title": film.label, "rating": film.rating, "share": film.share}
        for film in reason.films
    ]
    document = asdict(line)
    document["reason"] = {"kind": reason.kind, "text": reason.text(), "films": films}
    return document
