"""The flags of a comparison, which together make a `Recipe`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

import click

from matinee.cli.options import parse_entry
from matinee.data.splits.by_order import TIES
from matinee.data.splits.by_time import MOST_CUTS
from matinee.data.splits.replay import RHYTHMS
from matinee.experiments.measuring.protocols import PROTOCOLS
from matinee.experiments.measuring.ranking import LONGEST_LIST
from matinee.experiments.recipes import Recipe, read_recipe

__all__ = ["recipe_flags", "recipe_of"]

_USED = "matinee.cli.recipe_flags"


class _LastType(click.ParamType[float]):
    """A number of interactions, or a share of them: "3", "20%"."""

    name = "last"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number = str(value).removesuffix("%")
        try:
            return float(number) / 100 if number != value else int(number)
        except ValueError:
            self.fail(f"{value!r} is neither a number of interactions nor a share, as 3 or 20%")


def _collect(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Notes a flag that was used; the others leave the recipe as it is."""
    if value is not None and value is not False and value != ():
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
        type=click.IntRange(1, LONGEST_LIST),
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
    _flag(
        "--share",
        type=click.FloatRange(0, 1, min_open=True, max_open=True),
        metavar="S",
        help="Share of the training: of the ratings under protocols random, ratings and time, of "
        "the viewers under strong.  [default: 0.8]",
    ),
    _flag(
        "--until",
        metavar="DATE",
        help="Train on ratings before this day (ISO, UTC), under protocol time.",
    ),
    _flag(
        "--cuts",
        type=click.IntRange(2, MOST_CUTS),
        metavar="N",
        help="Cut at N points in time instead of one, under protocol time, and test on the ratings "
        "up to the next. Intervals then know that new viewers share one list.",
    ),
    _flag(
        "--last",
        type=_LastType(),
        metavar="N|P%",
        help="Test on the last N interactions of each viewer, or on the last P%, under protocol "
        "last.  [default: 1]",
    ),
    _flag(
        "--ties",
        type=click.Choice(TIES),
        help="Ratings of a viewer at one instant, under protocol last: in random order, in the "
        "order of the file, or as targets together.  [default: shuffle]",
    ),
    _flag(
        "--retrain",
        type=click.Choice(RHYTHMS),
        help="When models are fitted again under protocol prequential.  [default: window]",
    ),
    _flag(
        "--train",
        metavar="NAME|PATH",
        help="Train on these ratings and test on those of --test; the same as --data.",
    ),
    _flag(
        "--test",
        metavar="NAME|PATH",
        help="Test on the ratings of this table or data set: rank its films, or predict its "
        "ratings with --protocol ratings.",
    ),
    _flag("--min-rating", type=float, help="Drop ratings below this value."),
    _flag(
        "--relevant-from",
        type=float,
        metavar="R",
        help="Count ratings from this value on as targets, and train on all of them.",
    ),
    _flag(
        "--min-per-viewer",
        type=click.IntRange(min=1),
        metavar="N",
        help="Drop viewers with fewer ratings, and films by --min-per-film, until all have enough.",
    ),
    _flag(
        "--min-per-film",
        type=click.IntRange(min=1),
        metavar="N",
        help="Drop films with fewer ratings, and viewers by --min-per-viewer, likewise.",
    ),
    _flag(
        "--among",
        metavar="FILE",
        help="Rank only the films of this file: an id or a title a line, or a table with a column "
        "of films.",
    ),
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
    train, test = used.pop("train", None), used.get("test")
    if (train is None) == (test is not None) and not (file or ctx.params.get("data")):
        raise click.UsageError("--train and --test belong together; name both")
    if train is not None:
        if ctx.params.get("data"):
            raise click.UsageError("--train and --data name the same data; remove one of them")
        used["data"] = train
    recipe = replace(read_recipe(file), **used) if file else Recipe(**used)
    if models:
        recipe = replace(recipe, models=tuple(map(parse_entry, models)))
    if not recipe.models:
        raise click.UsageError("Missing argument 'MODEL'; name a model, or a --recipe with models")
    return recipe
