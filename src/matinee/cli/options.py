"""Options shared by several commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import click

from matinee.errors import OptionError

__all__ = [
    "Decorator",
    "assignments",
    "data_option",
    "model_option",
    "model_options_option",
    "n_option",
    "parse_entry",
    "parse_options",
]

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

data_option: Decorator = click.option(
    "--data",
    metavar="NAME|PATH",
    help="Name of a data set (see `matinee datasets`), or path of its folder or zip."
    "  [default: setting `data`]",
)
model_option: Decorator = click.option(
    "--model",
    metavar="NAME|FOLDER",
    help="Name of a model to fit now, or folder of one saved by `matinee train`."
    "  [default: setting `model`]",
)
n_option: Decorator = click.option(
    "--n", type=click.IntRange(1, 1000), default=10, show_default=True, help="Number of films."
)
model_options_option: Decorator = click.option(
    "-o",
    "options",
    multiple=True,
    metavar="OPTION=VALUE",
    help="Set an option of the model (see `matinee models NAME`). Can be repeated.",
)


def assignments(option: str, form: str, texts: Iterable[str]) -> dict[str, str]:
    """`("user=who",)` as a mapping; option ("--column ") and form are for error messages."""
    values: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise OptionError(f"{option}{text!r} must have the form {form}")
        if name in values:
            raise OptionError(f"{option}{name} is set twice: {values[name]!r} and {value!r}")
        values[name] = value
    return values


def parse_options(texts: Iterable[str], *, option: str = "-o ") -> dict[str, object]:
    """Options of a model such as `("l2=300",)`; the model checks names and values."""
    parts = [text.partition("=") for text in texts]
    underscored = [name.replace("-", "_") + equals + value for name, equals, value in parts]
    return {**assignments(option, "OPTION=VALUE, as in l2=300", underscored)}


def parse_entry(text: str) -> str | tuple[str, dict[str, object]]:
    """`ease` as a name, `ease:l2=300,min_rating=3` as a name with options."""
    name, colon, options = text.partition(":")
    if not colon:
        return name
    if not options:
        raise OptionError(
            f"{text!r} has no option after the colon; write for instance {name}:l2=300"
        )
    parts = options.split(",")
    for before, part in pairwise(parts):
        if "=" in before and part and "=" not in part:
            raise OptionError(
                f"{text!r} has {part.strip()!r} after a comma, which is no OPTION=VALUE; to search "
                f"several values use matinee tune {name} -o {before},{part}"
            )
    return name, parse_options(parts, option=f"{name}:")
