"""`data describe` and `import`: what a data set looks like, and how one's own gets in."""

from __future__ import annotations

from pathlib import Path

import click

from matinee.cli.console import json_option, open_cache, print_json, print_table, say
from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.profile import profile
from matinee.data.profile_rows import sections
from matinee.errors import FailureError
from matinee.service.datasets import load
from matinee.service.profile_page import profile_page
from matinee.settings import load_settings

__all__ = ["data_command"]

strict_option = click.option(
    "--strict", is_flag=True, help="The first defect is an error; nothing is repaired or left out."
)


@click.group("data")
def data_command() -> None:
    """Look into data sets.

    \b
    Examples:
      matinee data describe ml-100k
      matinee data describe ratings.csv --html profile.html
    """


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
        _write(html, profile_page(described))
        say(f"the page with charts is {html}")
    if as_json:
        print_json(described.to_json())
        return
    for section in sections(described):
        click.echo()
        click.secho(section.title, bold=True)
        print_table(["", ""], [[label, value] for label, value in section.rows])


def told(dataset: Dataset) -> str:
    """What a data set holds, in a line."""
    ratings = dataset.interactions
    return (
        f"{len(ratings):,} ratings of {len(dataset.catalog):,} films by {ratings.n_users:,} viewers"
    )


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FailureError(f"{file} cannot be written: {error.strerror}") from None
