"""A fitted recommender for a question asked from the command line, kept if fitting took long."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from matinee.data import Dataset
from matinee.data.fetching.cache import silent
from matinee.errors import ArtefactError, FailureError
from matinee.experiments.receipts.environment import source_hash
from matinee.experiments.receipts.fingerprint import fingerprint
from matinee.files import write_file
from matinee.pipeline import Recommender
from matinee.service.recipe import default_options
from matinee.service.train import save, train
from matinee.store.recommenders import list_artefacts, load_recommender

__all__ = ["fitted"]

_WORTH_KEEPING = 2.0
"""Seconds of fitting."""
_KEPT = 4
"""Recommenders; the one used longest ago goes first."""


def fitted(
    dataset: Dataset, model: str, root: Path, say: Callable[[str], None] = silent
) -> Recommender:
    """A recommender fitted on everything a data set has, or the same one fitted before.

    It is known by the ratings, the films, the options and matinee's own sources; whatever of these
    changes, it is fitted anew. What takes less than two seconds is not kept.

    Args:
        dataset: what it is fitted on.
        model: by name.
        root: folder of those kept, made where it is needed.
        say: told where one was kept, or could not be.

    Raises:
        UnknownNameError: no such model.
        InputError: the data lacks what the model learns from.
    """
    pointer = root / f"{_key(dataset, model)}.json"
    found = _kept(pointer)
    if found is not None:
        return found
    started = time.perf_counter()
    recommender = train(dataset, model)
    seconds = time.perf_counter() - started
    if seconds >= _WORTH_KEEPING:
        try:
            folder = save(dataset, recommender, root)
            write_file(pointer, json.dumps({"folder": folder.name}).encode())
            _forget_oldest(root)
            say(f"fitting {model} took {seconds:.0f} s; it is kept, and taken next time")
        except FailureError as error:
            say(f"fitting {model} took {seconds:.0f} s and it could not be kept: {error}")
    return recommender


def _key(dataset: Dataset, model: str) -> str:
    return fingerprint(
        {
            "ratings": dataset.interactions,
            "films": dataset.catalog,
            "model": model,
            "options": default_options(model, dataset.interactions.scale),
            "sources": source_hash(),
        }
    )[:32]


def _kept(pointer: Path) -> Recommender | None:
    """`None` where there is none, or its files are gone or damaged."""
    folder = _folder(pointer)
    try:
        recommender = None if folder is None else load_recommender(folder)
    except ArtefactError:
        return None
    if recommender is not None:
        with suppress(OSError):  # a folder that cannot be written can still be read
            pointer.touch()
    return recommender


def _forget_oldest(root: Path) -> None:
    by_use = sorted(root.glob("*.json"), key=lambda each: each.stat().st_mtime, reverse=True)
    for pointer in by_use[_KEPT:]:
        pointer.unlink(missing_ok=True)
    named = {_folder(pointer) for pointer in by_use[:_KEPT]}
    for folder in list_artefacts(root):
        if folder not in named:
            shutil.rmtree(folder, ignore_errors=True)


def _folder(pointer: Path) -> Path | None:
    """The folder that a pointer names; `None` where it is damaged."""
    try:
        named = json.loads(pointer.read_text(encoding="utf-8"))["folder"]
        return pointer.parent / Path(named).name
    except (OSError, ValueError, KeyError, TypeError):
        return None
