"""`data viewer`: the profile of one viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import click

from matinee.cli.console import json_option, open_cache, print_json, print_table
from matinee.cli.options import data_option
from matinee.content.viewers import Rated, Taste, ViewerProfile, viewer_profile
from matinee.service.datasets import load
from matinee.settings import load_settings

__all__ = ["viewer_command"]

_LINES = 10
"""Most lines of a table; --json has all."""


@click.command("viewer")
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
