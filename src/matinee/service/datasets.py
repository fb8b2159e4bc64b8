"""Data sets by name or path: fetched from a source, imported, or generated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from zipfile import is_zipfile

from matinee import plugins
from matinee.data import Dataset, sources
from matinee.data.cleaning import Cleaning
from matinee.data.fetching.cache import Cache
from matinee.data.tables.rating_table import read_ratings
from matinee.errors import InputError, OptionError
from matinee.experiments.audience import read_audience
from matinee.store.artefacts import MANIFEST
from matinee.store.datasets import (
    check_name,
    imported_names,
    is_imported,
    load_dataset,
    save_dataset,
)

__all__ = ["check_own_name", "imported", "keep", "load", "load_table", "name_for"]

AUDIENCE_LABEL = "audience.json"
"""The file that marks the folder of a generated audience."""


def load(name_or_path: str, cache: Cache, cleaning: Cleaning | None = None) -> Dataset:
    """The data set of a name or path: imported, of a source, a generated audience, or files.

    Raises:
        UnknownNameError: neither a known name nor an existing path.
        DataError: the files cannot be read, or too many lines are malformed.
        FetchError: the data set is not on this machine and cannot be fetched.
    """
    if is_imported(_root(cache), name_or_path):
        return load_dataset(_root(cache), name_or_path)
    path = Path(name_or_path).expanduser()
    if (path / MANIFEST).is_file():
        raise InputError(
            f"{path} is a saved recommender and no data set; use it with --model, or open it with "
            "matinee.open"
        )
    if (path / AUDIENCE_LABEL).is_file():
        dataset = read_audience(path)
    else:
        dataset = sources.load(name_or_path, cache, cleaning)
        if name_or_path in plugins.names("sources"):
            return dataset
    return replace(dataset, path=path.resolve())


def load_table(
    source: object,
    *,
    columns: Mapping[str, str] | None = None,
    scale: tuple[float, float] | None = None,
    times: str | None = None,
    films: object | None = None,
    viewers: object | None = None,
    implicit: bool = False,
) -> Dataset:
    """The data set of a table of ratings, a file or a frame; see `read_ratings`.

    Raises:
        OptionError: an option for something that is no table.
        DataError: the table cannot be read.
    """
    read = partial(
        read_ratings,
        columns=columns,
        scale=scale,
        times=times,
        films=films,
        viewers=viewers,
        implicit=implicit,
        cleaning=Cleaning(),
    )
    if not isinstance(source, str | Path):
        return read(source)
    path = Path(source).expanduser()
    if not path.is_file() or is_zipfile(path):
        kind = "a folder" if path.is_dir() else "a zip" if path.is_file() else "not a file"
        table = "the table in it" if path.exists() else "a table"
        raise OptionError(
            "columns, scale, times, films, viewers and implicit are for tables of ratings, and "
            f"{source} is {kind}; name {table}, or leave them out"
        )
    dataset = read(path)
    return replace(dataset, name=str(path), path=path.resolve())


def keep(dataset: Dataset, name: str, cache: Cache) -> Path:
    """Stores a data set under a name for `load`, see `check_own_name`; returns its folder."""
    check_own_name(name)
    return save_dataset(dataset, _root(cache), name)


def check_own_name(name: str) -> None:
    """Checks a name for `keep` before much data is read.

    Raises:
        InputError: the name cannot be used or belongs to a source.
    """
    check_name(name)
    if name in plugins.names("sources"):
        raise InputError(f"{name!r} is the name of a source; choose another with --name")


def imported(cache: Cache) -> tuple[str, ...]:
    """Names of the imported data sets."""
    return imported_names(_root(cache))


def name_for(path: Path) -> str:
    """A name for the data at a path: "My Ratings.csv.gz" becomes "my-ratings"."""
    stem = path.name.lower().partition(".")[0]
    return re.sub(r"[^a-z0-9_]+", "-", stem).strip("-")[:64] or "imported"


def _root(cache: Cache) -> Path:
    return cache.home / "imported"
