"""The `matinee` command: parse, call the service or the lab, print.

One file beside this one is one group of commands; it is imported only when one of its commands
runs, so that `matinee --help` answers at once.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import click

from matinee import __version__
from matinee.errors import InputError, MatineeError, closest

__all__ = ["COMMANDS", "commands", "main"]

COMMANDS = {
    "demo": ("demo", "Fetch MovieLens 100K, train, report, and serve the site."),
    "datasets": ("datasets", "List the data sets that can be had, with size and licence."),
    "data": ("data", "Look into data sets, and merge them: describe, film, merge."),
    "fetch": ("datasets", "Bring one data set to this machine."),
    "import": ("importing", "Read, clean and keep a data set of your own."),
    "enrich": ("enriching", "Fill what a data set does not know of its films from TMDB."),
    "export": ("importing", "Give back everything a viewer of the site rated."),
    "generate": ("generate", "Draw an audience that does not exist."),
    "train": ("lab", "Fit a model and save it as an artefact."),
    "evaluate": ("lab", "Measure models side by side under one protocol."),
    "verify": ("verify", "Measure a receipt's models again and say what agrees."),
    "tune": ("tune", "Search a model's options on validation."),
    "models": ("lab", "List the models, or one model's options."),
    "metrics": ("metrics", "List the metrics, or explain one."),
    "recommend": ("answers", "Recommend films to one viewer, with reasons."),
    "similar": ("answers", "List the films most like one film."),
    "search": ("answers", "Find films by title."),
    "serve": ("serve", "Serve the site and the REST API."),
    "config": ("config", "Show every setting, its value and its meaning."),
}
"""Every command: the file it lives in and its one-line help."""


class _Commands(click.Group):
    """A group that knows its commands' names and imports their files on demand."""

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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, short_help) for name, (_, short_help) in COMMANDS.items()])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="matinee", message="%(prog)s %(version)s")
def commands() -> None:
    """matinee: what should I watch tonight, and why?

    \b
    First steps:
      matinee demo                                     everything once, then the site
      matinee recommend --like "Toy Story" --like Alien
      matinee evaluate popular ease --protocol random
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; every error on purpose is one line on stderr and an exit status."""
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
        _fail(f"{error.format_message()} (see: {where} --help)", InputError.exit_status)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except MatineeError as error:
        _fail(str(error), error.exit_status)
    except BrokenPipeError:
        # The reader of our output went away (`matinee ... | head`): not worth a word.
        sys.stderr.close()
        sys.exit(0)


def _fail(message: str, status: int) -> None:
    click.echo(f"matinee: {' '.join(message.split())}", err=True)
    sys.exit(status)
