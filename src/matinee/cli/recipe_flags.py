"""The flags of a comparison, which together make a `Recipe`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

import click

from matinee.cli.options import parse_entry
from matinee.experiments.measuring.protocols import PROTOCOLS
from matinee.experiments.recipes import Recipe, read_recipe

__all__ = ["recipe_flags", "recipe_of"]

_USED = "matinee.cli.recipe_flags"


def _collect(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Notes a flag that was used; the others leave the recipe as it is."""
    if value not in (None, (), False):
        ctx.meta.setdefault(_USED, {})[param.name] = value


def _flag(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    return click.option(*names, expose_value=False, callback=_collect, **attributes)


_FLAGS = (
    click.argument(
        "models",
        nargs=-1,
        metavar="MODEL[:OPTION=VALUE,...]...",
        expose_value=False,
        callback=_collect,
    ),
    _flag(
        "--recipe",
        type=click.Path(path_type=Path),
        metavar="FILE.toml",
        help="Read models and options from a recipe file. Flags override it.",
    ),
    _flag(
        "--protocol",
        metavar="NAME",
        help="; ".join(f"{name}: {protocol.about}" for name, protocol in PROTOCOLS.items())
        + "  [default: random]",
    ),
    _flag(
        "--k",
        type=click.IntRange(1, 1000),
        multiple=True,
        help="List length. Repeat it for several.  [default: 10]",
    ),
    _flag(
        "--folds",
        type=click.IntRange(2, 100),
        metavar="K",
        help="Draw K folds and test on each in turn, under protocol ratings.  [default: one test "
        "of 20%]",
    ),
    _flag("--min-rating", type=float, help="Drop ratings below this value."),
    _flag(
        "--seed",
        "seeds",
        type=click.IntRange(min=0),
        multiple=True,
        help="Seed for splits and fits. Repeat it to average over several.  [default: 0]",
    ),
    _flag("--defaults", is_flag=True, help="Use default options, choose none on validation."),
    _flag(
        "--candidates",
        type=click.IntRange(min=1),
        metavar="N",
        help="Rank each viewer's targets among N random films instead of all. The result is not "
        "comparable with full ranking and can reverse the order of models.",
    ),
    _flag(
        "--audit",
        is_flag=True,
        help="Leak check: refit every model with film ids permuted. A model that still finds the "
        "targets has seen them.",
    ),
)


def recipe_flags(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the flags to a command; `recipe_of` reads them."""
    return reduce(lambda decorated, flag: flag(decorated), reversed(_FLAGS), command)


def recipe_of(ctx: click.Context) -> Recipe:
    """The recipe of a command line: the recipe file, if any, and the flags over it."""
    used = dict(ctx.meta.get(_USED, {}))
    file, models = used.pop("recipe", None), used.pop("models", ())
    recipe = replace(read_recipe(file) if file else Recipe(), **used)
    if models:
        recipe = replace(recipe, models=tuple(map(parse_entry, models)))
    if not recipe.models:
        raise click.UsageError("Missing argument 'MODEL'; name a model, or a --recipe with models")
    return recipe
