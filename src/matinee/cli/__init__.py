"""The `matinee` command: parse, call the service or the lab, print.

Each file here is one group of commands. It is imported when one of its commands runs, so
`matinee --help` answers at once.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Sequence

import click

from matinee import __version__
from matinee.errors import InputError, MatineeError, closest

__all__ = ["COMMANDS", "commands", "main"]

COMMANDS = {
    "demo": ("demo", "Fetch a data set, compare models, and serve the site."),
    "datasets": ("datasets", "List the available data sets with size and licence."),
    "data": ("data", "Look into data sets: describe, film, viewer; and merge them."),
    "fetch": ("datasets", "Download one data set."),
    "import": ("importing", "Read, clean and save a data set of your own."),
    "enrich": ("enriching", "Add missing facts about films from TMDB."),
    "export": ("importing", "Export the ratings of one viewer of the site, or of all."),
    "generate": ("generate", "Generate a synthetic audience."),
    "train": ("lab", "Fit a model and save it."),
    "evaluate": ("lab", "Compare models under one protocol."),
    "errors": ("errors", "Show where a model's predicted ratings are wrong."),
    "verify": ("verify", "Run a comparison again from its receipt and compare the results."),
    "tune": ("tune", "Find good options for a model on validation data."),
    "models": ("models", "List the models, and the saved ones of the site; roll back."),
    "retrain": ("retrain", "Fit the live model again, with what viewers said since."),
    "metrics": ("metrics", "List the metrics, or explain one."),
    "recommend": ("answers", "Recommend films to a viewer, with reasons, or to all viewers."),
    "similar": ("answers", "List the films most similar to one film, or viewers like one."),
    "search": ("answers", "Find films by title."),
    "why": ("why", "Explain where a film stands for a viewer, recommended or not."),
    "predict": ("predict", "Predict the ratings of a viewer, or of a table of viewers and films."),
    "embeddings": ("embeddings", "Write the vectors of all films to a file."),
    "serve": ("serve", "Serve the site and the REST API."),
    "config": ("config", "Show all settings with value and meaning."),
}
"""Command to its file and one-line help."""


class _Commands(click.Group):
    """A group that imports the files of its commands on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            near = closest(cmd_name, list(COMMANDS))
            hint = f"; did you mean {near[0]!r}?" if near else "; see: matinee --help"
            raise click.UsageError(f"no such command {cmd_name!r}{hint}")
        file, short_help = COMMANDS[cmd_name]
        command: click.Command = getattr(
            importlib.import_module(f"matinee.cli.{file}"), f"{cmd_name}_command"
        )
        command.short_help = short_help
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None and command is not None:
            _refuse_repeats(ctx, name, command, rest)
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, short_help) for name, (_, short_help) in COMMANDS.items()])


def _refuse_repeats(ctx: click.Context, name: str, command: click.Command, args: list[str]) -> None:
    """Refuses a value that is set twice where one counts; click takes the last without a word.

    Raises:
        UsageError: an option that cannot be repeated is, or the arguments cannot be parsed.
    """
    here = click.Context(command, ctx, name, resilient_parsing=True)
    _, rest, found = command.make_parser(here).parse_args(list(args))
    for option in found:
        single = isinstance(option, click.Option) and not (
            option.multiple or option.is_flag or option.count
        )
        if single and found.count(option) > 1:
            text = f"{option.opts[0]} appears {found.count(option)} times and can be given once"
            raise click.UsageError(text, here)
    if isinstance(command, click.Group) and rest:
        inner = command.get_command(here, rest[0])
        if inner is not None:
            _refuse_repeats(here, rest[0], inner, rest[1:])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="matinee", message="%(prog)s %(version)s")
def commands() -> None:
    """matinee: what should I watch tonight, and why?

    \b
    First steps:
      matinee demo                                     fetch, train, report, serve
      matinee recommend --like "Toy Story" --like Alien
      matinee evaluate popular ease --protocol random
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command; an expected error is one line on stderr and an exit status."""
    try:
        commands.main(arguments, prog_name="matinee", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        _fail("stopped", 130)
    except KeyboardInterrupt:
        _fail("stopped", 130)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "matinee"
        message = _in_plain_words(error.format_message())
        _fail(f"{message} (see: {where} --help)", InputError.exit_status)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except MatineeError as error:
        _fail(str(error), error.exit_status)
    except BrokenPipeError:
        # the reader of our output has gone (`matinee ... | head`), which is no error
        sys.stderr.close()
        sys.exit(0)


def _in_plain_words(message: str) -> str:
    """A message of click without its names of types."""
    message = re.sub("is not a valid integer( range)?", "is not a whole number", message)
    return re.sub("is not a valid float( range)?", "is not a number", message)


def _fail(message: str, status: int) -> None:
    click.echo(f"matinee: {' '.join(message.split())}", err=True)
    sys.exit(status)
