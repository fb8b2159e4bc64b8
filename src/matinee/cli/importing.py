"""`import` and `export`: your own data in, and back out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from matinee import plugins
from matinee.cli.console import json_option, open_cache, print_json, say, summary
from matinee.cli.data import strict_option
from matinee.cli.options import assignments
from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.exports import export_history
from matinee.data.fetching.cache import Cache
from matinee.data.sources import Source
from matinee.data.tables.event_table import EVENT_WEIGHTS, read_events
from matinee.data.tables.rating_table import read_ratings
from matinee.data.tables.rating_times import TIME_FORMS
from matinee.errors import DataError, InputError, OptionError, UnknownNameError
from matinee.service.datasets import check_own_name, keep, load, name_for
from matinee.service.own_history import export_everyone, site_export
from matinee.service.site import Site
from matinee.settings import load_settings

__all__ = ["export_command", "import_command"]

_TABLE, _EVENTS = "table", "events"


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--as", "form", metavar="FORMAT",
              help="`table` (of ratings or counts), `events` (of several kinds, with weights), or "
              "the name of a data set with the same files.  [default: by content]")  # fmt: skip
@click.option("--name", metavar="NAME", help="Name of the imported data.  [default: the file name]")
@click.option(
    "--column", "columns", multiple=True, metavar="ROLE=COLUMN",
    help="Column of a table with the role user, item, rating or count, time, title, year, genres, "
    "imdb_id or tmdb_id, also of the table of films; of events also event or fraction. Can be "
    "repeated.  [default: by name]",
)  # fmt: skip
@click.option(
    "--films", type=click.Path(path_type=Path),
    help="Table with ids, titles, years and genres of the films.",
)  # fmt: skip
@click.option(
    "--viewers", type=click.Path(path_type=Path),
    help="Table with ids of viewers and their attributes: age, gender, country, ...",
)  # fmt: skip
@click.option("--implicit", is_flag=True,
              help="Each row is a play: it counts 1, and rows of the same viewer and film are "
              "added up. A column of ratings is ignored.")  # fmt: skip
@click.option("--scale", nargs=2, type=float, metavar="LOW HIGH",
              help="Lowest and highest rating of a table.  [default: by its ratings]")  # fmt: skip
@click.option("--times", type=click.Choice(list(TIME_FORMS)), metavar="FORM",
              help="What the times of a table are: "
              f"{', '.join(TIME_FORMS)}.  [default: by their values]")  # fmt: skip
@click.option("--weight", "weights", multiple=True, metavar="EVENT=WEIGHT",
              help="How sure an event makes us that a viewer wants a film, 0 to 1; repeatable. "
              f" [default: {' '.join(f'{k}={w}' for k, w in EVENT_WEIGHTS.items())}]")  # fmt: skip
@click.option("--limit", type=click.IntRange(0), default=100, show_default=True,
              help="Most malformed lines to skip; with more the import stops.")  # fmt: skip
@strict_option
@json_option
def import_command(
    path: Path,
    form: str | None,
    name: str | None,
    columns: tuple[str, ...],
    films: Path | None,
    viewers: Path | None,
    implicit: bool,
    scale: tuple[float, float] | None,
    times: str | None,
    weights: tuple[str, ...],
    limit: int,
    strict: bool,
    as_json: bool,
) -> None:
    """Read and clean a file, folder or zip of ratings, events or films, and save it under a name.

    The format is recognised by content: MovieLens, TMDB, IMDb, Netflix Prize, RecBole, or any table
    of ratings (CSV, TSV, JSON lines, Parquet). Repaired and skipped lines are reported. If there
    are more than the limit, the import stops and saves nothing.

    Counts of plays have no scale: name their column with --column count=NAME, or use --implicit
    if a row is one play. With --as events the rows are views, clicks, purchases and the like, each
    with a weight; all of a viewer and a film become one value from 0 to 1.

    \b
    Examples:
      matinee import ./ml-1m.zip --name our-ml-1m
      matinee import ratings.csv --name ours --column user=who --column item=what
      matinee import ratings.csv --films movies.csv --viewers users.csv
      matinee import plays.csv --implicit
      matinee import plays.csv --column count=num_tx
      matinee import clicks.csv --as events --weight trailer=0.3
      matinee evaluate ease --data ours
    """
    cache = open_cache(load_settings())
    cleaning = Cleaning(strict=strict, limit=limit)
    saved_as = name_for(path) if name is None else name
    check_own_name(saved_as)
    chosen = assignments("--column ", "ROLE=COLUMN, as in user=who", columns)
    if form == _EVENTS:
        _refuse_for_events(scale, viewers, implicit=implicit)
        dataset = read_events(
            path,
            columns=chosen,
            weights=_weights(weights),
            cleaning=cleaning,
            films=films,
            times=times,
        )
    elif weights:
        raise click.UsageError("--weight needs --as events")
    elif chosen or films or viewers or implicit or scale or times or form == _TABLE:
        if form not in (None, _TABLE):
            raise click.UsageError(
                "--column, --films, --viewers, --implicit, --scale and --times need --as table"
                " or --as events"
            )
        dataset = read_ratings(
            path,
            columns=chosen,
            scale=scale,
            cleaning=cleaning,
            films=films,
            viewers=viewers,
            times=times,
            implicit=implicit,
        )
    elif form is None:
        dataset = load(str(path.absolute()), cache, cleaning)
    else:
        dataset = _read_as(form, path, cache, cleaning)
    folder = keep(dataset, saved_as, cache)
    if as_json:
        print_json(_document(dataset, saved_as, folder))
        return
    for line in (*dataset.notes, *map(str, dataset.findings)):
        say(line)
    click.echo(f"{saved_as}: {summary(dataset)}; use it with --data {saved_as}")


@click.command("export")
@click.argument("viewer", required=False)
@click.option("--all", "everyone", is_flag=True,
              help="All viewers of the site; needs --out.")  # fmt: skip
@click.option("--format", "form", metavar="FORMAT",
              help="Of one viewer's ratings: csv or json.  [default: csv]")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE",
              help="File to write; with --all it ends in .csv, .parquet or .jsonl.  "
              "[default: stdout]")  # fmt: skip
def export_command(viewer: str | None, everyone: bool, form: str | None, out: Path | None) -> None:
    """Export the ratings of one viewer of the site, or of all.

    The scale of the ratings is in the column rating_scale. `matinee recommend --ratings` reads the
    ratings of one viewer, `matinee import` those of all.

    \b
    Examples:
      matinee export ml-100k/196
      matinee export ml-100k/196 --format json --out ratings.json
      matinee export --all --out ratings.parquet
    """
    if everyone == (viewer is not None):
        raise click.UsageError("name a viewer, or all of them with --all")
    if everyone and (out is None or form is not None):
        raise click.UsageError("--all needs --out FILE.csv, .parquet or .jsonl, and no --format")
    settings = load_settings()
    with Site.open(settings.database_url, settings.artefacts) as site:
        if viewer is None:
            written = export_everyone(site, out or Path(), say)
        else:
            rated = site_export(site, viewer)
            written = len(rated)
    if viewer is not None:
        if not rated:
            raise InputError(f"no ratings of a viewer {viewer!r} on the site")
        export_history(rated, out or sys.stdout, form or "csv")
    if out is not None:
        say(f"{written:,} ratings written to {out}")


def _refuse_for_events(
    scale: tuple[float, float] | None, viewers: Path | None, *, implicit: bool
) -> None:
    if scale:
        raise click.UsageError("--scale is for ratings; the values of events are from 0 to 1")
    if implicit:
        raise click.UsageError(
            "--implicit counts every row as 1, --as events gives each event a weight; use one of "
            "them"
        )
    if viewers:
        raise click.UsageError("--viewers goes with ratings and counts, not with --as events")


def _weights(texts: tuple[str, ...]) -> dict[str, float]:
    weights = assignments("--weight ", "EVENT=WEIGHT, as in click=0.2", texts)
    try:
        return {event: float(weight) for event, weight in weights.items()}
    except ValueError:
        raise OptionError("--weight takes a number from 0 to 1, as in click=0.2") from None


def _read_as(form: str, path: Path, cache: Cache, cleaning: Cleaning) -> Dataset:
    known = plugins.names("sources")
    if form not in known:
        raise UnknownNameError("format", form, [*known, _TABLE, _EVENTS])
    source: Source = plugins.get("sources", form)()
    if not path.is_dir() or not source.recognises(path):
        files = " or ".join(", ".join(sorted(layout)) for layout in source.layouts)
        raise DataError(f"{path} is not a folder with the files of {form}: {files}")
    return source.completed(path, cache, cleaning)


def _document(dataset: Dataset, name: str, folder: Path) -> dict[str, object]:
    return {
        "name": name,
        "folder": str(folder),
        "viewers": dataset.interactions.n_users,
        "films": len(dataset.catalog),
        "ratings": len(dataset.interactions),
        "notes": list(dataset.notes),
        "findings": [
            {"kind": each.kind, "count": each.count, "examples": list(each.examples)}
            for each in dataset.findings
        ],
    }
