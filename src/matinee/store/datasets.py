"""Imported data sets, stored as plain arrays under a name."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data import Catalog, Dataset, Interactions, Vocabulary
from matinee.data.cleaning import Finding
from matinee.data.provenance import Provenance
from matinee.errors import ArtefactError, InputError
from matinee.files import write_file
from matinee.store import artefacts

__all__ = [
    "check_name",
    "folder_of",
    "imported_names",
    "is_imported",
    "load_dataset",
    "save_dataset",
]

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_FORMAT = 1
_DEMOGRAPHICS = "demographics."
_CATALOG = "catalog."
_PROVENANCE = "provenance."
_COLUMNS = ("users", "items", "values", "times")


def save_dataset(dataset: Dataset, root: Path, name: str) -> Path:
    """Stores a data set under a name, replacing one of the same name in one step.

    Returns the folder of its arrays, in `root`, which is made if missing. The arrays it replaces
    are deleted; a process that has loaded them keeps them.

    Raises:
        InputError: the name cannot be used.
        ArtefactError: the folder cannot be written.
    """
    check_name(name)
    folder = artefacts.save(root, _arrays(dataset), _manifest(dataset, name))
    pointer = root / f"{name}.json"
    former = folder_of(pointer)
    write_file(pointer, json.dumps({"folder": folder.name}).encode(), error=ArtefactError)
    if former not in {None, folder}:  # a folder's content has the name in it: no other points here
        shutil.rmtree(former, ignore_errors=True)
    return folder


def check_name(name: str) -> None:
    """Checks a name for a data set; raises `InputError` if it cannot be used."""
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name!r} cannot name a data set; use lower-case letters, digits, dots, dashes and "
            "underscores, at most 64"
        )


def load_dataset(root: Path, name: str) -> Dataset:
    """The data set of a name, its columns memory-mapped.

    Raises:
        ArtefactError: its files are missing, damaged or from a newer matinee.
    """
    pointer = root / f"{name}.json"
    folder = folder_of(pointer)
    if folder is None:
        raise ArtefactError(f"{pointer} names no imported data set; import it again")
    try:
        artefact = artefacts.load(folder)
    except ArtefactError:
        replaced = folder_of(pointer)  # by an import at this moment
        if replaced in {None, folder}:
            raise
        artefact = artefacts.load(folder := replaced)
    manifest, arrays = artefact.manifest, artefact.arrays
    if manifest.get("format") != _FORMAT:
        raise ArtefactError(f"{folder} was written by another version; import {name} again")
    catalog = Catalog.from_arrays(artefact.part(_CATALOG))
    demographics, columns = artefact.part(_DEMOGRAPHICS), manifest["demographics"]
    return Dataset(
        name=name,
        interactions=Interactions(
            users=arrays["users"],
            items=arrays["items"],
            values=arrays["values"],
            times=arrays["times"],
            user_ids=Vocabulary("viewer", arrays["user_ids"]),
            item_ids=catalog.item_ids,
            scale=(manifest["scale"][0], manifest["scale"][1]),
            counts=manifest.get("counts", False),  # older versions have ratings alone
        ),
        catalog=catalog,
        licence=manifest["licence"],
        folds=arrays.get("folds"),
        demographics=_demographics(columns, demographics),
        notes=tuple(manifest["notes"]),
        findings=tuple(
            Finding(each["kind"], each["count"], tuple(each["examples"]))
            for each in manifest["findings"]
        ),
        # Older versions stored neither of these.
        numbering=manifest.get("numbering", ""),
        provenance=Provenance.restore(manifest.get("provenance"), artefact.part(_PROVENANCE)),
    )


def is_imported(root: Path, name: str) -> bool:
    """Whether a data set of this name is stored."""
    return bool(_NAME.fullmatch(name)) and (root / f"{name}.json").is_file()


def imported_names(root: Path) -> tuple[str, ...]:
    """Names of all imported data sets, sorted."""
    return tuple(sorted(each.stem for each in root.glob("*.json"))) if root.is_dir() else ()


def folder_of(pointer: Path) -> Path | None:
    """The folder that a JSON file beside it names; `None` if the file is missing or damaged."""
    try:
        name = json.loads(pointer.read_text(encoding="utf-8"))["folder"]
        return pointer.parent / Path(name).name
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _arrays(dataset: Dataset) -> dict[str, NDArray[Any]]:
    interactions = dataset.interactions
    arrays: dict[str, NDArray[Any]] = {
        **{column: getattr(interactions, column) for column in _COLUMNS},
        "user_ids": interactions.user_ids.ids,
        **{_CATALOG + name: array for name, array in dataset.catalog.to_arrays().items()},
    }
    if dataset.folds is not None:
        arrays["folds"] = dataset.folds
    if dataset.demographics is not None:
        for column in dataset.demographics:
            text = column.dtype == pl.String
            values = column.fill_null("").to_numpy().astype(np.str_) if text else column.to_numpy()
            arrays[_DEMOGRAPHICS + column.name] = values
    if dataset.provenance is not None:
        for each, array in dataset.provenance.to_arrays().items():
            arrays[_PROVENANCE + each] = array
    return arrays


def _manifest(dataset: Dataset, name: str) -> dict[str, object]:
    provenance = dataset.provenance
    return {
        "format": _FORMAT,
        "name": name,
        "licence": dataset.licence,
        "scale": list(dataset.interactions.scale),
        "counts": dataset.interactions.counts,
        "demographics": [] if dataset.demographics is None else dataset.demographics.columns,
        "notes": list(dataset.notes),
        "findings": [
            {"kind": each.kind, "count": each.count, "examples": list(each.examples)}
            for each in dataset.findings
        ],
        "numbering": dataset.numbering,
        "provenance": provenance and provenance.to_names(),
    }


def _demographics(names: list[str], arrays: dict[str, NDArray[Any]]) -> pl.DataFrame | None:
    """The table of viewers, in which "" and NaN stand for an unknown value."""
    if not names:
        return None
    frame = pl.DataFrame({name: arrays[name] for name in names})
    return frame.with_columns(
        pl.col(pl.String).replace("", None), pl.col(pl.Float32, pl.Float64).fill_nan(None)
    )
