"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from matinee.errors import OptionError

__all__ = ["data_option", "model_option", "model_options_option", "n_option", "parse_options"]

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

data_option: Decorator = click.option(
    "--data",
    metavar="NAME|PATH",
    help="Data set by name (see `matinee datasets`) or the path of its folder or zip."
    "  [default: setting `data`]",
)
model_option: Decorator = click.option(
    "--model",
    metavar="NAME|FOLDER",
    help="Model by name, fitted on the spot, or the folder of one that `matinee train` saved."
    "  [default: setting `model`]",
)
n_option: Decorator = click.option(
    "--n", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many films."
)
model_options_option: Decorator = click.option(
    "-o",
    "options",
    multiple=True,
    metavar="OPTION=VALUE",
    help="An option of the model; may be given several times (see `matinee models NAME`).",
)


def parse_options(written: tuple[str, ...]) -> dict[str, object]:
    """`("l2=300",)` as a mapping; the model itself checks names and values.

    Raises:
        OptionError: one without an equals sign, or given twice.
    """
    options: dict[str, object] = {}
    for each in written:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise OptionError(
                f"-o {each!r} is not of the form OPTION=VALUE, for instance -o l2=300"
            )
        name = name.strip().replace("-", "_")
        if name in options:
            raise OptionError(f"-o {name} is given twice")
        options[name] = value.strip()
    return options
