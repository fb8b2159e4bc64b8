"""Recommenders in folders of the user's choice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from matinee.data import Dataset
from matinee.data.dataset import require_dataset
from matinee.errors import FailureError, InputError
from matinee.files import folder_aside, replace_folder
from matinee.pipeline import Recommender
from matinee.service.train import save as save_under
from matinee.store import load_recommender
from matinee.store.artefacts import MANIFEST, list_artefacts

__all__ = ["open", "save"]

_WRITERS = "`matinee train` and matinee.save write one"


def save(recommender: Recommender, path: str | Path) -> Path:
    """Saves a recommender as a folder, which `open` reads; returns the folder.

    A recommender that was saved there before is replaced. The folder appears whole or not at all.

    Raises:
        InputError: something else is at the path, or the recommender was made without a data set.
        FailureError: the folder cannot be written.
    """
    folder = _folder(path)
    if not isinstance(recommender, Recommender):
        raise InputError(
            f"only a recommender can be saved, as matinee.train makes it, not a "
            f"{type(recommender).__name__}"
        )
    if recommender.data is None:
        raise InputError(
            "this recommender has no data set, whose name and licence are saved with it; "
            "train it with matinee.train, or open it with matinee.open(path, data)"
        )
    if folder.exists() and not (folder / MANIFEST).is_file():
        raise InputError(f"{folder} exists and is no saved recommender; choose another path")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with folder_aside(folder.parent) as aside:
            replace_folder(save_under(recommender.data, recommender, aside), folder)
    except OSError as error:
        raise FailureError(
            f"{folder} cannot be written: {error.strerror or error}; choose another path"
        ) from None
    return folder


def open(path: str | Path, data: Dataset | None = None) -> Recommender:  # noqa: A001 - matinee.open
    """The recommender that `save` or `matinee train` wrote, memory-mapped.

    Args:
        path: its folder.
        data: the data set it was fitted on, to name viewers by id.

    Raises:
        ArtefactError: the folder is damaged.
        InputError: it holds no recommender or several, or the films of `data` are others.
    """
    folder = _folder(path)
    if not (folder / MANIFEST).is_file():
        names = ", ".join(each.name[:12] + "..." for each in list_artefacts(folder))
        way = f"name one of those in it: {names}" if names else _WRITERS
        raise InputError(f"{folder} is not the folder of a recommender; {way}")
    recommender = load_recommender(folder)
    if data is None:
        return recommender
    ids = require_dataset(data).catalog.item_ids.ids
    if not np.array_equal(ids, recommender.catalog.item_ids.ids):
        raise InputError(
            f"the model in {folder} was fitted on other films than those of {data.name}; "
            "use the data set it was fitted on (data=, on the command line --data)"
        )
    return replace(recommender, data=data)


def _folder(path: object) -> Path:
    if not isinstance(path, str | Path):
        raise InputError(f"the path of a folder is text or a Path, not {path!r}")
    return Path(path).expanduser()
