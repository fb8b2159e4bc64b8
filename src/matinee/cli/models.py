"""`models`: the models there are, and the saved ones of the site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from matinee import plugins
from matinee.cli.console import json_option, print_json, print_table, say
from matinee.errors import InputError, UnknownNameError
from matinee.experiments.tuning.search_space import default_search, default_space, value_text
from matinee.models import Config, Model
from matinee.service import saved
from matinee.service.pages.report.choices import selection_columns, selection_rows
from matinee.service.promote import ROLLBACKS
from matinee.service.saved_models import (
    SavedModel,
    live_model,
    promote_hash,
    prune,
    roll_back,
    saved_models,
)
from matinee.service.site import Site
from matinee.settings import load_settings

__all__ = ["models_command"]

_NAMES_ONE = (
    "one name at most; for a saved model: matinee models show {0}, and matinee models --help"
)


class _Models(click.Group):
    """A group in which the name of a model is a command as well: it prints the model's options."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or _options_of(cmd_name)


def _options_of(name: str) -> click.Command:
    def show(rest: tuple[str, ...], *, as_json: bool) -> None:
        if rest:
            raise click.UsageError(_NAMES_ONE.format(rest[0]))
        _print_options(name, as_json=_wants_json(as_json))

    arguments = click.Argument(["rest"], nargs=-1)
    command = click.Command(name, params=[arguments], callback=show, hidden=True)
    return json_option(command)


@click.group(
    "models", cls=_Models, invoke_without_command=True, subcommand_metavar="[NAME|COMMAND]"
)
@json_option
@click.pass_context
def models_command(ctx: click.Context, as_json: bool) -> None:
    """List the models, one model's options, or the saved models of the site.

    A name prints the model's options with default, range of `tune`, and meaning. The commands are
    about saved models: which one answers, and how to go from one to another.

    \b
    Examples:
      matinee models
      matinee models ease
      matinee models live
      matinee models list --json
      matinee models show "$(matinee train auto)"
      matinee models promote 3f9a2c
      matinee models rollback
    """
    if ctx.invoked_subcommand is not None:
        return
    kinds: dict[str, type[Model]] = {
        each: plugins.get("models", each) for each in plugins.names("models")
    }
    if as_json:
        print_json({name: _schema(kind) for name, kind in kinds.items()})
    else:
        print_table(["name", "about"], [[each, _about(kind)] for each, kind in kinds.items()])


@models_command.command("live")
@json_option
def live_command(as_json: bool) -> None:
    """Print which model answers: its version, its data, and since when.

    \b
    Examples:
      matinee models live
      matinee models live --json
    """
    with _site() as site:
        live = live_model(site)
    if _wants_json(as_json):
        print_json(live.to_json())
        return
    rows = [
        ("model", live.model),
        ("version", live.version),
        ("data", live.data),
        ("until", _day(live.until)),
        ("ratings", _number(live.ratings)),
        ("films", _number(live.films)),
        ("live since", _minute(live.since)),
        ("promoted by", live.note),
        ("problem", live.problem),
    ]
    print_table(["", ""], [list(row) for row in rows if row[1]])


@models_command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the saved models of the site, the live one first.

    A former model was live before, a saved one never was, and a broken one cannot be loaded.

    \b
    Examples:
      matinee models list
      matinee models list --json
    """
    with _site() as site:
        every = saved_models(site)
    if _wants_json(as_json):
        print_json([each.to_json() for each in every])
        return
    _print_saved(every)
    for each in every:
        if each.problem:
            say(f"{each.version}: {each.problem}")


@models_command.command("show")
@click.argument("folder", metavar="FOLDER|live", required=False)
@json_option
def show_command(folder: str | None, as_json: bool) -> None:
    """Print how a saved model, or the live one, has chosen between its candidates.

    That is the question that decided, and each candidate with its quality; `auto` has one.

    \b
    Examples:
      matinee models show live
      matinee models show "$(matinee train auto)"
    """
    if folder is None:
        raise click.UsageError(
            "name the folder of a saved model, or live: matinee models show live"
        )
    _print_selection(folder, as_json=_wants_json(as_json))


@models_command.command("promote")
@click.argument("digits", metavar="HASH")
@json_option
def promote_command(digits: str, as_json: bool) -> None:
    """Make a saved model live, by at least six digits of its hash.

    Every byte is checked first. A damaged model is refused, and the live one serves on.

    \b
    Examples:
      matinee models promote 3f9a2c
    """
    with _site() as site:
        _print_change(promote_hash(site, digits, say), as_json=_wants_json(as_json))


@models_command.command("rollback")
@json_option
def rollback_command(as_json: bool) -> None:
    """Make the model live that was live before; again, the one before that.

    \b
    Examples:
      matinee models rollback
    """
    with _site() as site:
        _print_change(roll_back(site, say), as_json=_wants_json(as_json))


@models_command.command("prune")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=ROLLBACKS,
    show_default=True,
    help="Number of models that were live last to keep, with the live one.",
)
@json_option
def prune_command(keep: int, as_json: bool) -> None:
    """Delete saved models from before the last promotion, but those that were live last.

    The live model always stays, and so does what was saved since it was promoted.

    \b
    Examples:
      matinee models prune
      matinee models prune --keep 2
    """
    with _site() as site:
        deleted = prune(site, keep)
    if _wants_json(as_json):
        print_json({"deleted": [each.to_json() for each in deleted]})
        return
    if deleted:
        _print_saved(deleted)
    say(f"deleted {len(deleted):,} saved models")


@contextmanager
def _site() -> Iterator[Site]:
    settings = load_settings()
    with Site.open(settings.database_url, settings.artefacts) as site:
        yield site


def _wants_json(as_json: bool) -> bool:
    """Whether --json stands before or after the subcommand."""
    parent = click.get_current_context().parent
    return as_json or bool(parent and parent.params.get("as_json"))


def _print_change(live: SavedModel, *, as_json: bool) -> None:
    if as_json:
        print_json(live.to_json())
    else:
        click.echo(f"live: {live.model} {live.version}, on {live.data}")


def _print_saved(models: list[SavedModel]) -> None:
    columns = ["hash", "model", "data", "until", "films", "MB", "state", "live since"]
    rows = [
        [
            *(each.version, each.model, each.data, _day(each.until), _number(each.films)),
            *(f"{each.bytes / 1e6:.1f}", each.state, _minute(each.since)),
        ]
        for each in models
    ]
    print_table(columns, rows, numbers=["films", "MB"], whole=["hash", "until", "live since"])


def _print_options(name: str, *, as_json: bool) -> None:
    names = plugins.names("models")
    if name not in names:
        raise UnknownNameError("model or command", name, [*names, *models_command.commands])
    kind: type[Model] = plugins.get("models", name)
    if as_json:
        print_json({name: _schema(kind)})
        return
    say(f"{name}: {_about(kind)}")
    config = kind.Config
    rows = [
        [option, value_text(field.default), _range(config, option), field.description or ""]
        for option, field in config.model_fields.items()
    ]
    print_table(["option", "default", "range", "meaning"], rows)
    if rows:
        say("`matinee tune` searches the options marked with *, others by name: -o OPTION=..")


def _print_selection(folder: str, *, as_json: bool) -> None:
    """Prints how a saved model or the live one has chosen.

    Raises:
        InputError: there is no such model, or it chooses between no candidates.
    """
    model = _saved_model(folder)
    selection = model.selection
    if selection is None:
        raise InputError(
            f"{model.name}, the model {'that is live' if folder == 'live' else f'in {folder}'}, "
            "does not choose between candidates, so it has no choice to show; auto has one"
        )
    if as_json:
        print_json(selection.to_json())
        return
    say(f"{selection.rule}.")
    for race in selection.races:
        click.echo()
        click.echo(f"{race.count:,} {race.viewers}: {race.chosen}")
        rows = selection_rows(race)
        print_table(
            [*selection_columns(selection.metric)], rows, numbers=[selection.metric, "work"]
        )


def _saved_model(folder: str) -> Model:
    if folder != "live":
        return saved.open(folder).model
    with _site() as site:
        return site.live().recommender.model


def _schema(kind: type[Model]) -> dict[str, object]:
    return {"about": _about(kind), "options": kind.Config.model_json_schema()}


def _range(config: type[Config], option: str) -> str:
    """The values that `tune` searches, with * if the default search has the option."""
    where = default_search(config, option)
    return "" if where is None else f"{where}{' *' if option in default_space(config) else ''}"


def _about(kind: type[Model]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


def _number(number: int) -> str:
    return f"{number:,}" if number else ""


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds else ""


def _minute(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}" if seconds else ""
