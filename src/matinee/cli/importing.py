"""`import` and `export`: one's own data in, and out again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from matinee import plugins
from matinee.cli.console import json_option, open_cache, print_json, say
from matinee.cli.data import strict_option, told
from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.exports import export_history
from matinee.data.fetching.cache import Cache
from matinee.data.sources import Source
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import DataError, InputError, OptionError, UnknownNameError
from matinee.service.datasets import check_own_name, keep, load, name_for
from matinee.service.own_history import site_export
from matinee.service.site import Site
from matinee.settings import load_settings

__all__ = ["export_command", "import_command"]

_TABLE = "table"


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--as", "form", metavar="FORMAT", help="A data set's layout, or `table`; else found.")
@click.option("--name", metavar="NAME", help="What it is called afterwards.  [default: the file's]")
@click.option(
    "--column", "columns", multiple=True, metavar="WHAT=COLUMN",
    help="Of a table: user, item, rating, time, title, year or genres; else guessed.",
)  # fmt: skip
@click.option(
    "--films", type=click.Path(path_type=Path), help="Of a table: another with the films' facts."
)
@click.option("--scale", nargs=2, type=float, metavar="LOW HIGH", help="Of a table: its ratings.")
@click.option("--limit", type=click.IntRange(0), default=100, show_default=True,
              help="Malformed lines that are left out before the import stops.")  # fmt: skip
@strict_option
@json_option
def import_command(
    path: Path,
    form: str | None,
    name: str | None,
    columns: tuple[str, ...],
    films: Path | None,
    scale: tuple[float, float] | None,
    limit: int,
    strict: bool,
    as_json: bool,
) -> None:
    """Read a file, folder or zip of ratings or films, clean it, and keep it under a name.

    The format is found by content: MovieLens, TMDB, IMDb, Netflix Prize, RecBole, or any table of
    ratings (CSV, TSV, JSON lines, Parquet). What was repaired or left out is reported; over the
    limit the import stops and nothing is kept.

    \b
    Examples:
      matinee import ./ml-1m.zip --name our-ml-1m
      matinee import ratings.csv --name ours --column user=who --column item=what
      matinee evaluate ease --data ours
    """
    cache = open_cache(load_settings())
    cleaning = Cleaning(strict=strict, limit=limit)
    kept_as = name_for(path) if name is None else name
    check_own_name(kept_as)
    of_table = _columns(columns)
    if of_table or films or scale or form == _TABLE:
        if form not in (None, _TABLE):
            raise click.UsageError("--column, --films and --scale go with --as table alone")
        dataset = read_ratings(path, columns=of_table, scale=scale, cleaning=cleaning, films=films)
    elif form is None:
        dataset = load(str(path.absolute()), cache, cleaning)
    else:
        dataset = _read_as(form, path, cache, cleaning)
    folder = keep(dataset, kept_as, cache)
    if as_json:
        print_json(_document(dataset, kept_as, folder))
        return
    for line in (*dataset.notes, *map(str, dataset.findings)):
        say(line)
    click.echo(f"{kept_as}: {told(dataset)}; use it with --data {kept_as}")


@click.command("export")
@click.argument("viewer")
@click.option("--format", "form", default="csv", show_default=True, help="csv or json.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write.  [default: stdout]")
def export_command(viewer: str, form: str, out: Path | None) -> None:
    """Give back everything a viewer of the site rated, as CSV or JSON.

    \b
    Examples:
      matinee export ml-100k/196
      matinee export ml-100k/196 --format json --out ratings.json
    """
    settings = load_settings()
    with Site.open(settings.database_url, settings.artefacts) as site:
        rated = site_export(site, viewer)
    if not rated:
        raise InputError(f"the site knows no rating of a viewer {viewer!r}")
    export_history(rated, out or sys.stdout, form)
    if out is not None:
        say(f"{len(rated):,} ratings written to {out}")


def _columns(written: tuple[str, ...]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for each in written:
        what, equals, column = each.partition("=")
        if not (what and equals and column):
            raise OptionError(f"--column {each!r} is not of the form WHAT=COLUMN, as in user=who")
        if what in columns:
            raise OptionError(f"--column {what} is given twice: {columns[what]!r} and {column!r}")
        columns[what] = column
    return columns


def _read_as(form: str, path: Path, cache: Cache, cleaning: Cleaning) -> Dataset:
    known = plugins.names("sources")
    if form not in known:
        raise UnknownNameError("format", form, [*known, _TABLE])
    source: Source = plugins.get("sources", form)()
    if not path.is_dir() or not source.recognises(path):
        files = " or ".join(", ".join(sorted(layout)) for layout in source.layouts)
        raise DataError(f"{path} is no folder with the files of {form}: {files}")
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
