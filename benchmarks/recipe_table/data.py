"""The data sets of the table."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.recipe_table.library import PYTHON

import matinee
from matinee.data import Catalog, Dataset, Film
from matinee.data.fetching.cache import Cache
from matinee.errors import FailureError, InputError
from matinee.experiments.audience import AudienceConfig, audience
from matinee.service.datasets import load

__all__ = ["DATA", "NEW", "dataset", "with_genres_only"]

NEW = "ml-2016"
"""MovieLens latest-small of October 2016, which no option or rule was chosen on."""
DATA = ("ml-100k", "ml-latest-small", "ml-1m", "generated", NEW)
_SCRIPT = Path(__file__).parents[1] / "peers" / "movielens_2016.py"


def dataset(name: str, cache: Cache) -> Dataset:
    """A data set of the table, or that of any other name or path."""
    if name == NEW:
        return _edition_of_2016()
    if name != "generated":
        return load(name, cache)
    generated = audience(AudienceConfig(users=2000, items=1500, interactions=120_000, seed=3))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.csv"
        generated.interactions.to_frame().write_csv(path)
        return load(str(path), cache)


def with_genres_only(data: Dataset) -> Dataset:
    """The same ratings; of films, title, year and genres alone."""
    catalog = data.catalog
    films = (catalog.film(row) for row in range(len(catalog)))
    bare = Catalog.of(Film(each.id, each.title, each.year, genres=each.genres) for each in films)
    return replace(data, catalog=bare)


def _edition_of_2016() -> Dataset:
    if not PYTHON.is_file():
        raise InputError(f"{NEW} comes from a package of the peers: run `make peers`")
    with tempfile.TemporaryDirectory() as folder:
        command = [str(PYTHON), str(_SCRIPT), folder]
        process = subprocess.run(command, capture_output=True, text=True, check=False)
        if process.returncode:
            raise FailureError(f"{_SCRIPT.name}: {process.stderr.strip()[-600:]}")
        files = Path(folder)
        return matinee.load(files / "ratings.csv", films=files / "movies.csv")
