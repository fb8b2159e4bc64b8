"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from matinee.errors import OptionError

__all__ = [
    "data_option",
    "model_option",
    "model_options_option",
    "n_option",
    "parse_entry",
    "parse_options",
    "receipt_option",
    "report_option",
    "resume_option",
]

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

receipt_option: Decorator = click.option(
    "--receipt",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="Also write everything needed to obtain the result again (see `matinee verify`).",
)
report_option: Decorator = click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE.html",
    help="Also write a page of charts, tables and examples that opens without a network.",
)
resume_option: Decorator = click.option(
    "--resume",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Keep finished results there; take up those that an interrupted run left.",
)


def parse_options(written: tuple[str, ...], *, where: str = "-o ") -> dict[str, object]:
    """`("l2=300",)` as a mapping; the model itself checks names and values.

    Args:
        written: options as they were given.
        where: what error messages put before them.

    Raises:
        OptionError: one without an equals sign, or given twice.
    """
    options: dict[str, object] = {}
    for each in written:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise OptionError(
                f"{where}{each!r} is not of the form OPTION=VALUE, for instance {where}l2=300"
            )
        name = name.strip().replace("-", "_")
        if name in options:
            raise OptionError(f"{where}{name} is given twice")
        options[name] = value.strip()
    return options


def parse_entry(written: str) -> str | tuple[str, dict[str, object]]:
    """`ease` as a name, `ease:l2=300,min_rating=3` as a name with options.

    Raises:
        OptionError: a colon without options after it, or options that are not of that form.
    """
    name, colon, options = written.partition(":")
    if not colon:
        return name
    if not options:
        raise OptionError(
            f"{written!r} names no option after the colon; for instance {name}:l2=300"
        )
    return name, parse_options(tuple(options.split(",")), where=f"{name}:")
