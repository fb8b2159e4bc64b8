"""`embeddings`: the vectors of films as a file."""

from __future__ import annotations

from pathlib import Path

import click

from matinee.cli.console import open_cache, say
from matinee.cli.options import data_option
from matinee.cli.recommenders import recommender_of, require_of
from matinee.pipeline.vectors import require_item_vectors
from matinee.service.datasets import load
from matinee.service.vectors import check_vectors_file, write_vectors
from matinee.settings import load_settings

__all__ = ["embeddings_command"]


@click.command("embeddings")
@click.argument("model", metavar="MODEL|FOLDER")
@data_option
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="The .parquet, .csv, .jsonl or .npy file to write.")  # fmt: skip
def embeddings_command(model: str, data: str | None, out: Path) -> None:
    """Write one vector per film: of factor models, of film descriptions, of sparse autoencoders.

    MODEL is fitted with its default options; train one with others and name its folder. Parquet
    has the columns item, title and vector, CSV has item, title, v0, v1, ..., and NumPy's .npy the
    numbers alone, a row per film in the order of the data set. A film that nobody rated has zeros
    in models of ratings alone, but in nmf the mean of all films.

    \b
    Examples:
      matinee embeddings ials --data ml-100k --out vectors.parquet
      matinee embeddings content --data tmdb-5000 --out vectors.npy
      matinee embeddings "$(matinee train svd -o factors=20)" --out vectors.csv
    """
    check_vectors_file(out)
    require_of(model, require_item_vectors)
    settings = load_settings(data=data)
    dataset = load(settings.data, open_cache(settings))
    vectors = recommender_of(dataset, model, settings).item_vectors()
    write_vectors(vectors, out)
    films, width = len(vectors), vectors["vector"].dtype.shape[0]  # type: ignore[attr-defined]
    say(f"{films:,} vectors of {width} numbers are in {out}")
