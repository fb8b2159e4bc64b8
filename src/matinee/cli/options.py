"""Options shared by several commands."""

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

receipt_option: Decorator = click.option(
    "--receipt",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="Also write a receipt, from which `matinee verify` reproduces the result.",
)
report_option: Decorator = click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE.html",
    help="Also write a page of charts, tables and examples; it needs no network.",
)
resume_option: Decorator = click.option(
    "--resume",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Keep finished results in this folder, and reuse those of an interrupted run.",
)


def parse_options(written: tuple[str, ...], *, where: str = "-o ") -> dict[str, object]:
    """`("l2=300",)` as a mapping; the model checks names and values.

    Args:
        written: options as on the command line.
        where: prefix for error messages.

    Raises:
        OptionError: an option without an equals sign, or twice.
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
        OptionError: a colon without options, or options of another form.
    """
    name, colon, options = written.partition(":")
    if not colon:
        return name
    if not options:
        raise OptionError(
            f"{written!r} has no option after the colon; write for instance {name}:l2=300"
        )
    return name, parse_options(tuple(options.split(",")), where=f"{name}:")
