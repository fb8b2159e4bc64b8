"""`data describe` and `data film`: what a data set looks like, whole and film by film."""

from __future__ import annotations

from pathlib import Path

import click

from matinee.cli.console import json_option, open_cache, print_json, print_table, say, told
from matinee.cli.merging import merge_command
from matinee.cli.options import data_option
from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.profiles.profile import profile
from matinee.data.profiles.rows import sections
from matinee.data.provenance import FACTS
from matinee.files import write_file
from matinee.service.datasets import load
from matinee.service.pages.profile_page import profile_page
from matinee.settings import load_settings

__all__ = ["data_command", "strict_option", "told"]

strict_option = click.option(
    "--strict", is_flag=True, help="The first defect is an error; nothing is repaired or left out."
)


@click.group("data")
def data_command() -> None:
    """Look into data sets, and merge them.

    \b
    Examples:
      matinee data describe ml-100k
      matinee data describe ratings.csv --html profile.html
      matinee data merge ml-latest-small film-table --name merged
      matinee data film "Toy Story" --data merged
    """


data_command.add_command(merge_command)


@data_command.command("describe")
@click.argument("name", metavar="NAME|PATH")
@click.option("--html", type=click.Path(path_type=Path), help="Write a page with charts, too.")
@strict_option
@json_option
def describe_command(name: str, html: Path | None, strict: bool, as_json: bool) -> None:
    """Show counts, the long tail, activity, gaps and defects of a data set.

    \b
    Examples:
      matinee data describe ml-100k
      matinee data describe ./my-ratings.csv --json
      matinee data describe ml-100k --html profile.html
    """
    described = profile(load(name, open_cache(load_settings()), Cleaning(strict=strict)))
    if html is not None:
        write_file(html, profile_page(described).encode())
        say(f"the page with charts is {html}")
    if as_json:
        print_json(described.to_json())
        return
    for section in sections(described):
        click.echo()
        click.secho(section.title, bold=True)
        print_table(["", ""], [[label, value] for label, value in section.rows])


@data_command.command("film")
@click.argument("title")
@data_option
@json_option
def film_command(title: str, data: str | None, as_json: bool) -> None:
    """Show every fact about one film, and in a merged data set the source that it comes from.

    \b
    Examples:
      matinee data film "Toy Story"
      matinee data film "Emma (1996)" --data merged
      matinee data film "#1" --data merged --json
    """
    settings = load_settings(data=data)
    dataset = load(settings.data, open_cache(settings))
    row = dataset.film(title)
    if as_json:
        print_json(_film(dataset, row))
        return
    film, provenance = dataset.catalog.film(row), dataset.provenance
    known = [fact for fact in FACTS if getattr(film, fact)]
    told_by = {"id": "" if provenance is None else provenance.having(row)[0]}
    told_by |= {fact: "" if provenance is None else provenance.of(row, fact) for fact in known}
    if provenance is None:
        print_table(["", ""], [[fact, _shown(getattr(film, fact))] for fact in told_by])
    else:
        rows = [[fact, source, _shown(getattr(film, fact))] for fact, source in told_by.items()]
        print_table(["fact", "from", ""], rows, whole=["fact", "from"])
        say(f"listed by {', '.join(provenance.having(row))}")
    unknown = ", ".join(fact for fact in FACTS if fact not in known)
    if unknown:
        say(f"unknown: {unknown}")


def _film(dataset: Dataset, row: int) -> dict[str, object]:
    film, provenance = dataset.catalog.film(row), dataset.provenance
    return {
        "id": film.id,
        "data": dataset.name,
        "listed_by": None if provenance is None else list(provenance.having(row)),
        "facts": {
            fact: {
                "value": getattr(film, fact) or None,
                "from": (provenance.of(row, fact) or None) if provenance else None,
            }
            for fact in FACTS
        },
    }


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
