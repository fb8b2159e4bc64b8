"""The form of an answer on stdout: a table for people, JSON or CSV for programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

import click
import polars as pl

from matinee.cli.console import json_option

__all__ = ["Form", "form_options", "print_csv"]

Form = Literal["table", "json", "csv"]


def form_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --json and --csv; the command gets one `form`."""

    @wraps(command)
    def with_form(*, as_json: bool, as_csv: bool, **values: Any) -> Any:
        if as_json and as_csv:
            raise click.UsageError("choose one of --json and --csv")
        form: Form = "json" if as_json else "csv" if as_csv else "table"
        return command(**values, form=form)

    csv = click.option(
        "--csv", "as_csv", is_flag=True, help="Print all columns as CSV and nothing else on stdout."
    )
    decorated: Callable[..., Any] = csv(with_form)
    return json_option(decorated)


def print_csv(frame: pl.DataFrame) -> None:
    """Prints a frame on stdout as CSV with a header."""
    click.echo(frame.write_csv(), nl=False)
