"""`datasets` and `fetch`: available data sets, and downloads."""

from __future__ import annotations

import click

from matinee import plugins
from matinee.cli.console import json_option, open_cache, print_json, print_table
from matinee.content.embeddings import ENCODER, fetch_encoder
from matinee.settings import load_settings

__all__ = ["datasets_command", "fetch_command"]


@click.command("datasets")
@json_option
def datasets_command(as_json: bool) -> None:
    """List the available data sets with size and licence.

    \b
    Examples:
      matinee datasets
      matinee datasets --json
    """
    sources = [(name, plugins.get("sources", name)()) for name in plugins.names("sources")]
    if as_json:
        document = [
            {
                "name": name,
                "about": source.about,
                "bytes": source.size,
                "licence": source.licence,
                "homepage": source.homepage,
            }
            for name, source in sources
        ]
        print_json(document)
        return
    rows = [
        # a format without a download has no size
        [name, f"{s.size / 1e6:.1f} MB" if s.size > 1 else "-", s.about, s.licence]
        for name, s in sources
    ]
    print_table(["name", "download", "about", "licence"], rows, numbers=["download"])


@click.command("fetch")
@click.argument("name")
def fetch_command(name: str) -> None:
    """Download one data set and print its folder.

    It is taken from the cache, else from the folder that MATINEE_MIRROR names, else from the
    network. The sentence encoder all-minilm-l6-v2, for embeddings of film descriptions, can be
    fetched in the same way.

    \b
    Examples:
      matinee fetch ml-100k
      MATINEE_MIRROR=/data/mirror matinee fetch tmdb-5000
      matinee fetch all-minilm-l6-v2
    """
    fetch = fetch_encoder if name == ENCODER else plugins.get("sources", name)().fetch
    click.echo(str(fetch(open_cache(load_settings()))))
