"""`enrich`: what a data set does not know of its films, asked of TMDB."""

from __future__ import annotations

from dataclasses import asdict

import click

from matinee.cli.console import json_option, open_cache, print_json, say, steps
from matinee.cli.data import told
from matinee.data.tmdb import ATTRIBUTION
from matinee.service.enrich import Enriched, enrich_dataset
from matinee.settings import load_settings

__all__ = ["enrich_command"]


@click.command("enrich")
@click.argument("data", metavar="NAME|PATH")
@click.option("--name", metavar="NEW", help="What the result is called.  [default: NAME-tmdb]")
@click.option("--limit", type=click.IntRange(1), metavar="FILMS",
              help="Look for this many films at most, the first that lack something.")  # fmt: skip
@json_option
def enrich_command(data: str, name: str | None, limit: int | None, as_json: bool) -> None:
    """Fill what a data set does not know of its films from TMDB, and keep the result.

    Needs a key of your own in the setting `tmdb_key` (MATINEE_TMDB_KEY); a free one is made in your
    TMDB account settings. Films are found by TMDB id, IMDb id, or title and year, and never where
    several could be meant; what is known is not changed. Answers are kept for six months at most,
    as TMDB's terms allow, so that a run that was stopped goes on where it was.

    \b
    Examples:
      matinee enrich ml-100k
      matinee enrich ./ratings.csv --name ours --limit 100
      matinee search Alien --data ml-100k-tmdb
    """
    settings = load_settings()
    key = settings.tmdb_key
    cache = open_cache(settings)
    with steps("asking TMDB") as progress:
        task = None if progress is None else progress.add_task("", total=None)

        def advance(done: int, total: int) -> None:
            if progress is not None and task is not None:
                progress.update(task, completed=done, total=total)

        enriched = enrich_dataset(
            data,
            cache,
            key=None if key is None else key.get_secret_value(),
            url=settings.tmdb_url,
            name=name,
            limit=limit,
            progress=advance,
        )
    say(ATTRIBUTION)
    if as_json:
        print_json(_document(enriched))
        return
    for line in enriched.report.lines:
        click.echo(line)
    new = enriched.dataset
    click.echo(f"{new.name}: {told(new)}; use it with --data {new.name}")


def _document(enriched: Enriched) -> dict[str, object]:
    return {
        "name": enriched.dataset.name,
        "folder": str(enriched.folder),
        "report": {**asdict(enriched.report), "filled": dict(enriched.report.filled)},
        "attribution": ATTRIBUTION,
    }
