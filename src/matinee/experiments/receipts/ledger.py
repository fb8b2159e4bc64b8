"""A folder of finished runs, from which an interrupted evaluation resumes.

An entry is one model on one split: a `.json` file of plain values and a `.npz` file of arrays. A
hash of everything that decides the result names both. The `.json` file is written last and contains
the hash of the other, so an entry without it does not count.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matinee.data import Dataset
from matinee.data.fetching.cache import silent
from matinee.data.splits import Division
from matinee.errors import FailureError
from matinee.experiments.measuring.candidate_models import CandidateModel
from matinee.experiments.measuring.measure import MetricSet
from matinee.experiments.measuring.results import SplitResult
from matinee.experiments.receipts.environment import class_hash, versions
from matinee.experiments.receipts.fingerprint import fingerprint
from matinee.experiments.receipts.split_record import Arrays, from_record, to_record
from matinee.experiments.recipes import Recipe
from matinee.files import write_file

__all__ = ["Ledger", "Task"]

_FORMAT = 3
_LARGEST_JSON = 64 << 20
_LARGEST_ARRAYS = 8 << 30
_DAMAGED = (OSError, ValueError, KeyError, TypeError, RecursionError, EOFError, zipfile.BadZipFile)

Task = tuple[CandidateModel, int, Division]
"""A model, the seed of its fit, and the division it runs on."""


class Ledger:
    """Results of finished runs in a folder, created if missing; several evaluations can share it.

    `say` receives a sentence about runs from the folder and about damaged entries.
    """

    def __init__(self, folder: Path, say: Callable[[str], None] = silent) -> None:
        self._folder = folder
        self._say = say
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FailureError(
                f"{folder} cannot be a folder of results: {error.strerror}; name another folder"
            ) from None

    def keys(
        self, tasks: Sequence[Task], dataset: Dataset, recipe: Recipe, metric_set: MetricSet
    ) -> list[str]:
        """One key a task: a hash of the division, model, options, seed, metrics and versions."""
        common = fingerprint(
            {
                "format": _FORMAT,
                "films": dataset.catalog,
                "k": metric_set.ks,
                "metrics": {each.name: each.definition for each in metric_set.metrics},
                "decides": metric_set.label,
                "candidates": recipe.candidates,
                "audited": recipe.audit,
                "versions": versions(),
            }
        )
        # all models share the divisions, so each is hashed once
        divisions = {id(division): division for _, _, division in tasks}
        hashes = {place: fingerprint(division) for place, division in divisions.items()}
        return [_key(common, task, hashes[id(task[2])]) for task in tasks]

    def recall(self, keys: Sequence[str]) -> list[SplitResult | None]:
        """The result of every finished run, `None` for the others; reports how many there are."""
        others = {path.stem for path in self._folder.glob("*.json")} - set(keys)
        results = [self._find(key) for key in keys]
        n_results = sum(each is not None for each in results)
        self._say(
            f"{n_results} of {len(keys)} runs taken from {self._folder}"
            + (f"; {len(others)} others have other data, options or versions" if others else "")
        )
        return results

    def keep(self, key: str, label: str, result: SplitResult) -> None:
        """Writes a finished run atomically, with the model's label for readers of the folder."""
        plain, arrays = to_record(result)
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # names are no option
        packed = file.getvalue()
        entry = {
            "format": _FORMAT,
            "model": label,
            "result": plain,
            "arrays_sha256": hashlib.sha256(packed).hexdigest(),
        }
        document = json.dumps(entry | {"sha256": fingerprint(entry)}, indent=1)
        write_file(self._folder / f"{key}.npz", packed)
        write_file(self._folder / f"{key}.json", document.encode())

    def _find(self, key: str) -> SplitResult | None:
        path = self._folder / f"{key}.json"
        if not path.is_file():
            return None
        try:
            entry = _read_entry(path)
            return from_record(entry["result"], _unpacked(path.with_suffix(".npz"), entry))
        except _DAMAGED as error:
            reason = str(error).strip().partition("\n")[0] or type(error).__name__
            self._say(f"{path} is damaged ({reason}); the run is repeated")
            return None


def _key(common: str, task: Task, division: str) -> str:
    model, seed, (_, test) = task
    return fingerprint(
        {
            "common": common,
            "model": {
                "class": f"{model.kind.__module__}.{model.kind.__qualname__}",
                "source": class_hash(model.kind),
            },
            "options": [each.model_dump(mode="json") for each in model.configs_on(seed, test.name)],
            "options_from": model.origin,
            "seed": seed,
            "division": division,
        }
    )


def _unpacked(path: Path, entry: Mapping[str, Any]) -> Arrays:
    """The arrays of an entry. Checks their hash first, and never unpickles."""
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != entry["arrays_sha256"]:
            raise ValueError(f"{path.name} was changed")
    with zipfile.ZipFile(path) as archive:
        if sum(each.file_size for each in archive.infolist()) > _LARGEST_ARRAYS:
            raise ValueError(f"{path.name} unpacks to more than {_LARGEST_ARRAYS >> 30} GiB")
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


def _read_entry(path: Path) -> dict[str, Any]:
    if path.stat().st_size > _LARGEST_JSON:
        raise ValueError(f"larger than {_LARGEST_JSON >> 20} MiB")
    entry: dict[str, Any] = json.loads(path.read_bytes())
    if not isinstance(entry, dict) or entry.get("format") != _FORMAT:
        raise ValueError("not an entry of this format")
    if entry.pop("sha256", None) != fingerprint(entry):
        raise ValueError("changed after it was written")
    return entry
