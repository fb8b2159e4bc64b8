"""`retrain`: the live model again, with what viewers said since."""

from __future__ import annotations

import json
from pathlib import Path

import click

from matinee.cli.console import json_option, open_cache, print_json, say
from matinee.cli.options import data_option, model_options_option, parse_options
from matinee.errors import ArtefactError, FailureError
from matinee.files import require_writable, write_file
from matinee.service.datasets import load
from matinee.service.retrain import recipe, retrain
from matinee.service.site import Site
from matinee.settings import load_settings

__all__ = ["retrain_command"]


@click.command("retrain")
@data_option
@click.option("--model", metavar="NAME", help="Fit this model instead of the live one's kind.")
@model_options_option
@click.option("--seed", type=int, help="Seed for random numbers.  [default: the live model's]")
@click.option("--dry-run", is_flag=True, help="Compare, and change nothing.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.json",
              help="Also write what was found and done to a file.")  # fmt: skip
@click.option("--note", default="matinee retrain", show_default=True, metavar="TEXT",
              help="Note of the promotion, for people.")  # fmt: skip
@json_option
def retrain_command(
    data: str | None,
    model: str | None,
    options: tuple[str, ...],
    seed: int | None,
    dry_run: bool,
    report: Path | None,
    note: str,
    as_json: bool,
) -> None:
    """Fit the live model again, with what viewers said on the site since, and make it live.

    Data, model and options are those of the live model unless you name others. First a candidate
    is fitted to everything before the newest likes, and both models look for these likes. If it is
    certainly worse, nothing changes and the exit status is 1. If no rating is new, nothing happens.

    \b
    Examples:
      matinee retrain
      matinee retrain --dry-run --json
      matinee retrain --model ials -o factors=32
      matinee retrain --data ml-25m
    """
    chosen = parse_options(options)
    if report is not None:
        require_writable(report)
    settings = load_settings()
    with Site.open(settings.database_url, settings.artefacts) as site:
        name = _base(site) if data is None else data
        result = retrain(
            site,
            load(name, open_cache(settings)),
            model=model,
            options=chosen or None,
            seed=seed,
            dry_run=dry_run,
            note=note,
            say=say,
        )
    if report is not None:
        write_file(report, json.dumps(result.to_json(), indent=2).encode())
    if as_json:
        print_json(result.to_json())
    else:
        for line in result.lines():
            click.echo(line)
    if result.outcome == "worse":
        raise FailureError(
            "the new model is worse than the live one on the newest ratings, so it was not "
            "promoted; try other options with -o, or another model with --model"
        )


def _base(site: Site) -> str:
    """The data set of the live model, or what the operator has to name."""
    base = recipe(site).training.base
    if not base:
        raise ArtefactError("the live model does not name its data; name it with --data")
    return base
