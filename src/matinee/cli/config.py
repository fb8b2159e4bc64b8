"""`config`: the settings."""

from __future__ import annotations

import click

from matinee.cli.console import json_option, print_json, print_table
from matinee.settings import SECRETS, Settings, load_settings

__all__ = ["config_command"]


@click.command("config")
@json_option
def config_command(as_json: bool) -> None:
    """Show every setting, its value and its meaning.

    A setting comes from a flag, the environment (MATINEE_PORT=9000) or the TOML file that
    MATINEE_CONFIG names (port = 9000), in this order. Secrets are not shown.

    \b
    Examples:
      matinee config
      MATINEE_HOME=/srv/matinee matinee config --json
    """
    settings = load_settings()
    values = settings.model_dump(mode="json")
    values |= {name: "(set)" for name in SECRETS if values[name] is not None}
    values["database"] = values["database"] or settings.database_url
    if as_json:
        print_json(values)
        return
    rows = [
        [name, "" if value is None else str(value), Settings.model_fields[name].description or ""]
        for name, value in values.items()
    ]
    print_table(["setting", "value", "meaning"], rows)
