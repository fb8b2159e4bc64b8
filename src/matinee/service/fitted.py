"""Recommenders for the command line: saved ones, or fitted at once and kept if that took long."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from matinee import plugins
from matinee.data import Dataset
from matinee.data.fetching.cache import silent
from matinee.errors import ArtefactError, FailureError
from matinee.experiments.receipts.environment import class_hash, source_hash
from matinee.experiments.receipts.fingerprint import fingerprint
from matinee.files import write_file
from matinee.pipeline import Recommender
from matinee.service.train import save, train, usual_options
from matinee.store import load_recommender
from matinee.store.artefacts import list_artefacts
from matinee.store.datasets import folder_of

__all__ = ["fitted"]

_MANY_RATINGS, _MANY_FILMS = 20_000, 2_000
"""Fits to at least this much data can take seconds and are announced."""


def fitted(
    dataset: Dataset,
    model: str,
    root: Path,
    say: Callable[[str], None] = silent,
    *,
    slow: float = 2.0,
    keep: int = 4,
) -> Recommender:
    """A recommender fitted on a whole data set, or the same one fitted before.

    Its key is a hash of the ratings, the films, the options, matinee's own sources and those of the
    model, so that a change of any of them means a new fit.

    Args:
        dataset: to fit on.
        model: by name.
        root: folder of kept recommenders, made if needed.
        say: called with a line before a long fit, and after it if the result was kept or could not
            be kept.
        slow: seconds of fitting from which a recommender is kept.
        keep: how many are kept; the least recently used one is deleted first.

    Raises:
        UnknownNameError: no such model.
        InputError: the data lacks what the model learns from.
    """
    pointer = root / f"{_key(dataset, model)}.json"
    former = _former(pointer)
    if former is not None:
        return replace(former, data=dataset)
    if len(dataset.interactions) >= _MANY_RATINGS or len(dataset.catalog) >= _MANY_FILMS:
        say(f"fitting {model} on {dataset.name}, {len(dataset.interactions):,} ratings ...")
    started = time.perf_counter()
    recommender = train(dataset, model)
    seconds = time.perf_counter() - started
    if seconds >= slow:
        try:
            folder = save(dataset, recommender, root)
            write_file(pointer, json.dumps({"folder": folder.name}).encode())
            _delete_oldest(root, keep)
            recommender = replace(load_recommender(folder), data=dataset)  # its version is known
            say(f"fitting {model} took {seconds:.0f} s; the result is kept for next time")
        except FailureError as error:
            say(f"fitting {model} took {seconds:.0f} s; the result cannot be kept: {error}")
    return recommender


def _key(dataset: Dataset, model: str) -> str:
    return fingerprint(
        {
            "ratings": dataset.interactions,
            "films": dataset.catalog,
            "model": model,
            "options": usual_options(model, dataset.interactions),
            "sources": source_hash(),
            "class": class_hash(plugins.get("models", model)),
        }
    )[:32]


def _former(pointer: Path) -> Recommender | None:
    """`None` if there is none or its files are missing or damaged."""
    folder = folder_of(pointer)
    if folder is None:
        return None
    try:
        recommender = load_recommender(folder)
    except ArtefactError:
        return None
    with suppress(OSError):  # a read-only folder still serves
        pointer.touch()
    return recommender


def _delete_oldest(root: Path, keep: int) -> None:
    by_use = sorted(root.glob("*.json"), key=lambda each: each.stat().st_mtime, reverse=True)
    for pointer in by_use[keep:]:
        pointer.unlink(missing_ok=True)
    kept_folders = {folder_of(pointer) for pointer in by_use[:keep]}
    for folder in list_artefacts(root):
        if folder not in kept_folders:
            shutil.rmtree(folder, ignore_errors=True)
