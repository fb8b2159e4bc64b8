"""`datasets` and `fetch`: what data there is, and how it gets here."""

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
    """List the data sets that can be had, with size and licence.

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
    rows = [[name, _size(source.size), source.about, source.licence] for name, source in sources]
    print_table(["name", "download", "about", "licence"], rows, numbers=["download"])


@click.command("fetch")
@click.argument("name")
def fetch_command(name: str) -> None:
    """Bring one data set to this machine and print the folder it lies in.

    Looked for in the cache, then in the folder MATINEE_MIRROR names, then on the network. So is
    the sentence encoder that films' descriptions are embedded by, all-minilm-l6-v2.

    \b
    Examples:
      matinee fetch ml-100k
      MATINEE_MIRROR=/data/mirror matinee fetch tmdb-5000
      matinee fetch all-minilm-l6-v2
    """
    if name == ENCODER:
        click.echo(str(fetch_encoder(open_cache(load_settings()))))
        return
    source = plugins.get("sources", name)()
    click.echo(str(source.fetch(open_cache(load_settings()))))


def _size(size: int) -> str:
    """Bytes as megabytes; a dash where there is nothing to download, as for a mere layout."""
    return f"{size / 1e6:.1f} MB" if size > 1 else "-"
