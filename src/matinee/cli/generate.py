"""`generate`: draws an audience for load tests and experiments."""

from __future__ import annotations

from pathlib import Path

import click

from matinee.cli.console import counter, json_option, open_cache, print_json, say
from matinee.experiments.audience import AudienceConfig, generate
from matinee.service.datasets import load
from matinee.settings import load_settings

__all__ = ["generate_command"]

_DEFAULTS = AudienceConfig(users=1, items=1, interactions=1)


@click.command("generate")
@click.option("--users", type=int, required=True, help="Number of viewers.")
@click.option("--items", type=int, required=True, help="Number of films.")
@click.option("--interactions", type=int, required=True, help="Exact number of ratings.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the audience.")
@click.option("--drift", type=float, default=_DEFAULTS.drift, show_default=True,
              help="Share of a taste that changes over the period.")  # fmt: skip
@click.option("--data", metavar="NAME|PATH", help="Use the films of this data set.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to create.")
@click.option("--overwrite", is_flag=True, help="Replace an audience that was generated earlier.")
@json_option
def generate_command(
    users: int,
    items: int,
    interactions: int,
    seed: int,
    drift: float,
    data: str | None,
    out: Path,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Draw viewers with tastes and habits, and write their ratings as Parquet files.

    The files are marked as generated. docs/generated-audience.md compares them with MovieLens.

    \b
    Examples:
      matinee generate --users 1000 --items 2000 --interactions 100000 --out audience
      matinee generate --users 900 --items 1600 --interactions 90000 --data ml-100k --out like-ml
    """
    config = AudienceConfig(users, items, interactions, seed=seed, drift=drift)
    catalog = load(data, open_cache(load_settings())).catalog if data else None
    with counter("generating") as progress:
        summary = generate(out, config, catalog, overwrite=overwrite, progress=progress)
    if as_json:
        print_json(
            {
                "folder": str(summary.path),
                "viewers": summary.users,
                "films": summary.items,
                "ratings": summary.interactions,
                "films_rated": summary.rated,
                "mean_rating": summary.mean_rating,
                "bytes": summary.bytes,
                "seconds": summary.seconds,
                "notes": list(summary.notes),
            }
        )
        return
    for note in summary.notes:
        say(note)
    click.echo(
        f"{summary.path}: {summary.interactions:,} ratings of {summary.rated:,} films by "
        f"{summary.users:,} viewers, {summary.bytes / 1e6:,.1f} MB, {summary.seconds:.1f} s"
    )
