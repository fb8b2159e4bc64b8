"""Options for constraints on films, and messages when too few films meet them."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import click

from matinee.cli.console import say
from matinee.cli.options import Decorator
from matinee.data import Constraints, Ranking
from matinee.data.constraints import Lacking, Term
from matinee.display import formats
from matinee.pipeline.critique import CRITIQUES

__all__ = ["but_option", "constraint_options", "report_lacking", "report_shortage"]

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
"""Field of `Constraints` to option."""

_NUMBERS: dict[str, tuple[click.IntRange, str, str]] = {
    "max_age": (click.IntRange(0, 99), "YEARS", "Only films released for this age or younger."),
    "max_runtime": (click.IntRange(1, 100_000), "MINUTES", "At most this long."),
    "min_runtime": (click.IntRange(0, 100_000), "MINUTES", "At least this long."),
    "since": (click.IntRange(1, 9999), "YEAR", "From this year or later."),
    "until": (click.IntRange(1, 9999), "YEAR", "From this year or earlier."),
}
_NAMES = {
    "genres": ("GENRE", "Only films of this genre. Repeat it to require several."),
    "any_genres": ("GENRE", "Only films of at least one of these genres. Can be repeated."),
    "not_genres": ("GENRE", "No films of this genre. Can be repeated."),
    "languages": ("LANGUAGE", "Only films in at least one of these languages. Can be repeated."),
    "countries": ("COUNTRY", "Only films from at least one of these countries. Can be repeated."),
    "people": ("NAME", "Only films directed by or with this person. Repeat it to require several."),
    "not_people": ("NAME", "No films directed by or with this person. Can be repeated."),
}

but_option: Decorator = click.option(
    "--but",
    "buts",
    multiple=True,
    type=click.Choice(list(CRITIQUES)),
    help="Constrain the similar films: shorter, lighter, newer, ... Can be repeated.",
)


def constraint_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds all options for constraints; the command gets them as one `constraints`."""

    @wraps(command)
    def with_constraints(where: str, **values: Any) -> Any:
        constraints = Constraints(**{field: values.pop(field) for field in _OPTIONS})
        return command(**values, constraints=Constraints.parse(where).merged(constraints))

    decorated: Callable[..., Any] = with_constraints
    for field, (metavar, text) in reversed(_NAMES.items()):
        decorated = click.option(_OPTIONS[field], field, multiple=True, metavar=metavar, help=text)(
            decorated
        )
    for field, (bounds, metavar, text) in reversed(_NUMBERS.items()):
        decorated = click.option(_OPTIONS[field], field, type=bounds, metavar=metavar, help=text)(
            decorated
        )
    decorated = click.option(
        "--kids", is_flag=True, help="Only films for children, by certificate and genre."
    )(decorated)
    return click.option(
        "--where",
        metavar="TEXT",
        default="",
        help="Constraints in plain words, 'comedy under 2 hours with Tom Hanks'. A number of the "
        "options below replaces one of the words.",
    )(decorated)


def report_shortage(ranking: Ranking, n: int, constraints: Constraints) -> None:
    """If fewer than `n` films are left, says so on stderr, with the smallest changes for more."""
    if constraints and len(ranking) < n:
        films = {0: "no unseen film matches", 1: "only 1 unseen film matches"}.get(
            len(ranking), f"only {len(ranking)} unseen films match"
        )
        say(f"{films}: {', '.join(term.phrase for term in constraints.terms)}")
    report_lacking(ranking.lacking)
    for number, offer in enumerate(ranking.relaxations):
        films = formats.count(offer.films, "film")
        options = " ".join(map(_as_option, offer.constraints.terms))
        label = "instead:" if number == 0 else "     or:"
        say(f"{label} {offer.text}: {films}  [{options or 'no constraints'}]")


def report_lacking(lacking: Iterable[Lacking]) -> None:
    """Says on stderr how many films are left out because a fact is unknown."""
    for each in lacking:
        say(each.text)


def _as_option(term: Term) -> str:
    option = _OPTIONS[term.field]
    return " ".join(f"{option} {shlex.quote(str(each))}" for each in term.values) or option
