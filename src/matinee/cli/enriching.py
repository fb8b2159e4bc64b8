"""`enrich`: missing facts about films, from TMDB."""

from __future__ import annotations

from dataclasses import asdict

import click

from matinee.cli.console import counter, json_option, open_cache, print_json, say, summary
from matinee.data.tmdb import ATTRIBUTION
from matinee.service.enrich import enrich_dataset
from matinee.settings import load_settings

__all__ = ["enrich_command"]


@click.command("enrich")
@click.argument("data", metavar="NAME|PATH")
@click.option("--name", metavar="NEW", help="Name of the result.  [default: NAME-tmdb]")
@click.option("--limit", type=click.IntRange(1), metavar="FILMS",
              help="Most films to look up: the first ones with missing facts.")  # fmt: skip
@json_option
def enrich_command(data: str, name: str | None, limit: int | None, as_json: bool) -> None:
    """Add missing facts about films from TMDB and save the result as a new data set.

    Needs your own key in the setting `tmdb_key` (MATINEE_TMDB_KEY); your TMDB account settings give
    you one for free. Films are looked up by TMDB id, IMDb id, or title and year; ambiguous ones are
    skipped. Known facts are not changed. Answers are cached, so a stopped run can continue; TMDB's
    terms allow six months.

    \b
    Examples:
      matinee enrich ml-100k
      matinee enrich ./ratings.csv --name ours --limit 100
      matinee search Alien --data ml-100k-tmdb
    """
    settings = load_settings()
    key = settings.tmdb_key
    cache = open_cache(settings)
    with counter("TMDB") as progress:
        enriched = enrich_dataset(
            data,
            cache,
            key=None if key is None else key.get_secret_value(),
            url=settings.tmdb_url,
            name=name,
            limit=limit,
            progress=progress,
        )
    say(ATTRIBUTION)
    if as_json:
        print_json(
            {
                "name": enriched.dataset.name,
                "folder": str(enriched.folder),
                "report": {**asdict(enriched.report), "filled": dict(enriched.report.filled)},
                "attribution": ATTRIBUTION,
            }
        )
        return
    for line in enriched.report.lines:
        click.echo(line)
    new = enriched.dataset
    click.echo(f"{new.name}: {summary(new)}; use it with --data {new.name}")
