"""`data`: a data set as a whole, its films and its viewers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from matinee.cli.console import json_option, open_cache, print_json, print_table, say
from matinee.cli.merging import merge_command
from matinee.cli.options import data_option
from matinee.content.viewers import Rated, Taste, ViewerProfile, viewer_profile
from matinee.data import Dataset
from matinee.data.cleaning import Cleaning
from matinee.data.profiles.profile import profile
from matinee.data.profiles.rows import sections
from matinee.data.provenance import FACTS
from matinee.files import write_file
from matinee.service.datasets import load
from matinee.service.pages.profile_page import profile_page
from matinee.settings import load_settings

__all__ = ["data_command", "strict_option"]

_LINES = 10
"""Most lines of a table of tastes; --json has all."""

strict_option = click.option(
    "--strict", is_flag=True, help="Stop at the first defect; repair and skip nothing."
)


@click.group("data")
def data_command() -> None:
    """Look into data sets, films and viewers; merge data sets.

    \b
    Examples:
      matinee data describe ml-100k
      matinee data describe ratings.csv --html profile.html
      matinee data merge ml-latest-small film-table --name merged
      matinee data film "Toy Story" --data merged
      matinee data viewer 196 --data ml-100k
    """


data_command.add_command(merge_command)


@data_command.command("describe")
@click.argument("name", metavar="NAME|PATH")
@click.option("--html", type=click.Path(path_type=Path), help="Also write a page with charts.")
@strict_option
@json_option
def describe_command(name: str, html: Path | None, strict: bool, as_json: bool) -> None:
    """Show counts, activity, gaps and defects of a data set.

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
    """Show all facts about one film, with their sources.

    Sources are those of a merged data set.

    \b
    Examples:
      matinee data film "Toy Story"
      matinee data film "Emma (1996)" --data merged
      matinee data film "#1" --data merged --json
    """
    settings = load_settings(data=data)
    dataset = load(settings.data, open_cache(settings))
    row = dataset.row(title)
    if as_json:
        print_json(_film(dataset, row))
        return
    film, provenance = dataset.catalog.film(row), dataset.provenance
    known = [fact for fact in FACTS if getattr(film, fact)]
    facts = {fact: getattr(film, fact) for fact in ("id", *known)}
    texts = {
        fact: ", ".join(value) if isinstance(value, tuple) else str(value)
        for fact, value in facts.items()
    }
    if provenance is None:
        print_table(["", ""], [[fact, text] for fact, text in texts.items()])
    else:
        sources = provenance.having(row)
        origins = [sources[0], *(provenance.of(row, fact) for fact in known)]
        rows = [[fact, origin, texts[fact]] for fact, origin in zip(texts, origins, strict=True)]
        print_table(["fact", "from", ""], rows, whole=["fact", "from"])
        say(f"listed by {', '.join(sources)}")
    unknown = ", ".join(fact for fact in FACTS if fact not in known)
    if unknown:
        say(f"unknown: {unknown}")


@data_command.command("viewer")
@click.argument("viewer", metavar="ID")
@data_option
@json_option
def viewer_command(viewer: str, data: str | None, as_json: bool) -> None:
    """Show the activity, tastes and favourites of one viewer.

    "effect" is how many stars a viewer rates films of a genre, decade or person above their own
    mean; it is pulled towards 0 where there are few films.

    \b
    Examples:
      matinee data viewer 196
      matinee data viewer 196 --data ml-100k --json
    """
    settings = load_settings(data=data)
    profile = viewer_profile(load(settings.data, open_cache(settings)), viewer)
    if as_json:
        print_json(asdict(profile))
        return
    print_table(["", ""], _facts(profile))
    for title, tastes in (
        ("Genres", profile.genres),
        ("Decades", profile.decades),
        ("People", profile.people),
    ):
        _print_tastes(title, tastes)
    _print_films("Liked most", profile.likes)
    _print_films("Liked least", profile.dislikes)


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


def _facts(profile: ViewerProfile) -> list[list[str]]:
    return [
        ["viewer", profile.id],
        ["attributes", ", ".join(profile.attributes) or "unknown"],
        ["ratings", f"{profile.ratings:,}"],
        ["mean rating", f"{profile.mean:.2f} (standard deviation {profile.spread:.2f})"],
        ["popularity", f"on average more popular than {profile.popularity:.0%} of all films"],
        ["days with ratings", f"{profile.days:,}" if profile.days else "unknown"],
        ["first and last", f"{_day(profile.first)} to {_day(profile.last)}"],
    ]


def _day(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).date().isoformat() if time else "unknown"


def _print_tastes(title: str, tastes: Sequence[Taste]) -> None:
    if not tastes:
        return
    printed = tastes
    if len(tastes) > _LINES:
        printed = [*tastes[: _LINES // 2], *tastes[-(_LINES // 2) :]]
        title = f"{title}, the {_LINES // 2} best and least liked of {len(tastes):,}"
    click.secho(f"\n{title}", bold=True)
    columns = ["films", "mean", "effect"]
    rows = [
        [each.name, f"{each.films:,}", f"{each.mean:.2f}", f"{each.effect:+.2f}"]
        for each in printed
    ]
    print_table(["", *columns], rows, numbers=columns)


def _print_films(title: str, films: Sequence[Rated]) -> None:
    if films:
        click.secho(f"\n{title}", bold=True)
        rows = [[f"{each.rating:g}", each.title] for each in films[:_LINES]]
        print_table(["rating", "film"], rows, numbers=["rating"])
