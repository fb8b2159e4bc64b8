"""Data sets by name or path, whether fetched from a source or imported by their user."""

from __future__ import annotations

import re
from pathlib import Path

from matinee import plugins
from matinee.data import Dataset, sources
from matinee.data.cleaning import Cleaning
from matinee.data.fetching.cache import Cache
from matinee.errors import InputError
from matinee.experiments.audience import read_audience
from matinee.store.datasets import (
    check_name,
    imported_names,
    is_imported,
    load_dataset,
    save_dataset,
)

__all__ = ["check_own_name", "imported", "keep", "load", "name_for"]

AUDIENCE_LABEL = "audience.json"
"""The file that says that a folder holds a generated audience."""


def load(name_or_path: str, cache: Cache, cleaning: Cleaning | None = None) -> Dataset:
    """An imported data set, one of a source, a generated audience, or whatever lies at a path.

    Raises:
        UnknownNameError: neither a known name nor a path that exists.
        DataError: the path holds nothing that can be read, or too much of it is malformed.
        FetchError: the data set is not on this machine and cannot be brought here.
    """
    if is_imported(_root(cache), name_or_path):
        return load_dataset(_root(cache), name_or_path)
    if (Path(name_or_path) / AUDIENCE_LABEL).is_file():
        return read_audience(Path(name_or_path))
    return sources.load(name_or_path, cache, cleaning)


def keep(dataset: Dataset, name: str, cache: Cache) -> Path:
    """Keeps a data set under a name that `load` then knows; the folder it lies in.

    Raises:
        InputError: the name cannot be used, or is that of a source.
    """
    check_own_name(name)
    return save_dataset(dataset, _root(cache), name)


def check_own_name(name: str) -> None:
    """Whether `keep` would take a name; asked before much is read for it.

    Raises:
        InputError: the name cannot be used, or is that of a source.
    """
    check_name(name)
    if name in plugins.names("sources"):
        raise InputError(f"{name!r} is the name of a source; name yours otherwise with --name")


def imported(cache: Cache) -> tuple[str, ...]:
    """Names of the data sets that were imported."""
    return imported_names(_root(cache))


def name_for(path: Path) -> str:
    """A name for what lies at a path: "My Ratings.csv.gz" is "my-ratings"."""
    stem = path.name.lower().partition(".")[0]
    return re.sub(r"[^a-z0-9_]+", "-", stem).strip("-")[:64] or "imported"


def _root(cache: Cache) -> Path:
    return cache.home / "imported"
