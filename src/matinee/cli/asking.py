"""The options that say what a film must be, and how an answer to them is told."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from matinee.cli.console import say
from matinee.data import Constraints, Ranking
from matinee.data.constraints import Term
from matinee.pipeline.critique import CRITIQUES

__all__ = ["asking_options", "but_option", "say_left"]

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_OPTIONS = {
    "kids": "--kids",
    "max_age": "--age",
    "max_runtime": "--under",
    "min_runtime": "--over",
    "genres": "--genre",
    "any_genres": "--any-genre",
    "not_genres": "--not-genre",
    "since": "--since",
    "until": "--until",
    "languages": "--language",
    "countries": "--country",
    "people": "--with",
    "not_people": "--without",
}
"""Field of `Constraints` -> its option."""

_NUMBERS: dict[str, tuple[click.IntRange, str, str]] = {
    "max_age": (click.IntRange(0, 99), "YEARS", "Only certificates that ask for at most this age."),
    "max_runtime": (click.IntRange(1, 100_000), "MINUTES", "Shorter than this."),
    "min_runtime": (click.IntRange(0, 100_000), "MINUTES", "Longer than this."),
    "since": (click.IntRange(1, 9999), "YEAR", "Of this year or later."),
    "until": (click.IntRange(1, 9999), "YEAR", "Of this year or earlier."),
}
_NAMES = {
    "genres": ("G", "Only films of this genre; several must all fit."),
    "any_genres": ("G", "Only films of this genre or another one named so."),
    "not_genres": ("G", "No films of this genre."),
    "languages": ("L", "Only films in this language or another one named."),
    "countries": ("C", "Only films from this country or another one named."),
    "people": ("NAME", "Only films directed by or with this person; several must all be in it."),
    "not_people": ("NAME", "No films directed by or with this person."),
}

but_option: Decorator = click.option(
    "--but",
    "buts",
    multiple=True,
    type=click.Choice(list(CRITIQUES)),
    help="Like it, but so; may be given several times.",
)


def asking_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds every option of a question; the command gets them as one `constraints`."""

    @wraps(command)
    def asked(**given: Any) -> Any:
        constraints = Constraints(**{field: given.pop(field) for field in _OPTIONS})
        return command(**given, constraints=constraints)

    decorated: Callable[..., Any] = asked
    for field, (metavar, text) in reversed(_NAMES.items()):
        decorated = click.option(_OPTIONS[field], field, multiple=True, metavar=metavar, help=text)(
            decorated
        )
    for field, (bounds, metavar, text) in reversed(_NUMBERS.items()):
        decorated = click.option(_OPTIONS[field], field, type=bounds, metavar=metavar, help=text)(
            decorated
        )
    return click.option(
        "--kids", is_flag=True, help="Only films that suit children by certificate and genre."
    )(decorated)


def say_left(ranking: Ranking, n: int, constraints: Constraints) -> None:
    """On stderr: that constraints left too little, for want of what, and what would leave more."""
    if constraints and len(ranking) < n:
        left = {
            0: "no film that is new to you meets",
            1: "only 1 film that is new to you meets",
        }.get(len(ranking), f"only {len(ranking)} films that are new to you meet")
        say(f"{left} all of this: {', '.join(term.said for term in constraints.terms)}")
    for each in ranking.lacking:
        films = "1 film is" if each.films == 1 else f"{each.films:,} films are"
        say(f"{films} left out: no {each.fact} is known")
    for number, offer in enumerate(ranking.relaxations):
        films = f"{offer.films:,} film{'' if offer.films == 1 else 's'}"
        label = "perhaps:" if number == 0 else "     or:"
        say(f"{label} {offer.text}: {films}  [{_as_options(offer.constraints)}]")


def _as_options(constraints: Constraints) -> str:
    written = " ".join(_as_option(term) for term in constraints.terms)
    return written or "no conditions"


def _as_option(term: Term) -> str:
    option = _OPTIONS[term.field]
    return " ".join(f"{option} {shlex.quote(str(each))}" for each in term.values) or option
