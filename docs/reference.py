"""The pages that quote the program: `docs/commands.md` and `docs/settings.md`.

Run `make docs` after changing a command or a setting; a test fails while they differ.
"""

from __future__ import annotations

from pathlib import Path

import click

from matinee.cli import COMMANDS, commands
from matinee.settings import Settings

DOCS = Path(__file__).parent
_WIDTH = 92


def commands_page() -> str:
    """Every command with its help text as it is printed."""
    parts = [
        "# Commands",
        (
            "Answers go to stdout, everything else to stderr; `--json` prints one JSON document. Exit status 0 is success,\n"
            "2 is input that can be put right, 1 a failure, and each error is one line."
        ),
    ]
    root = click.Context(
        help_option_names=["-h", "--help"],
        command=commands,
        info_name="matinee",
        max_content_width=_WIDTH,
        terminal_width=_WIDTH,
    )
    for name in COMMANDS:
        command = commands.get_command(root, name)
        assert command is not None  # noqa: S101 - COMMANDS are the commands there are
        parts += _help(name, command, root)
    return "\n\n".join(parts) + "\n"


def _help(name: str, command: click.Command, parent: click.Context) -> list[str]:
    """The help of a command and of the commands below it."""
    context = click.Context(
        command, info_name=name, parent=parent, max_content_width=_WIDTH, terminal_width=_WIDTH
    )
    own = f"## {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```"
    below = command.commands if isinstance(command, click.Group) else {}
    return [own, *(part for each, sub in below.items() for part in _help(each, sub, context))]


def settings_page() -> str:
    """Every setting with its default and meaning."""
    parts = [
        "# Settings",
        (
            "A value comes from the first of: a command's flag, the environment, the TOML file that `MATINEE_CONFIG` names\n"
            "(else `matinee.toml` in the platform's configuration folder), the default. Unknown names are refused.\n"
            "`matinee config` shows what is in force."
        ),
        "| in the file | in the environment | default | meaning |\n|---|---|---|---|\n"
        + "\n".join(_setting(name) for name in Settings.model_fields),
    ]
    return "\n\n".join(parts) + "\n"


def _setting(name: str) -> str:
    field = Settings.model_fields[name]
    default = "platform's data folder" if field.default_factory else _written(field.default)
    return f"| `{name}` | `MATINEE_{name.upper()}` | {default} | {field.description} |"


def _written(default: object) -> str:
    return "" if default in (None, "") else f"`{str(default).lower()}`"


if __name__ == "__main__":
    (DOCS / "commands.md").write_text(commands_page(), encoding="utf-8")
    (DOCS / "settings.md").write_text(settings_page(), encoding="utf-8")
