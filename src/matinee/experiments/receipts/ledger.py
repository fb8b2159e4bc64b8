"""What a long evaluation has finished, kept on disk so that an interrupted one goes on from there.

One entry is one model on one split: a `.json` of plain values and a `.npz` of arrays, named by a
hash of everything that decides the result. An entry is there once its `.json` is; that file names
the hash of the other.
"""

from __future__ import annotations

import hashlib
import inspect
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from matinee.data import Dataset
from matinee.data.fetching.cache import silent
from matinee.data.splits import Division
from matinee.errors import FailureError
from matinee.experiments.measuring.contenders import Contender
from matinee.experiments.measuring.measure import Yardstick
from matinee.experiments.measuring.results import SplitResult
from matinee.experiments.receipts.environment import versions
from matinee.experiments.receipts.fingerprint import fingerprint
from matinee.experiments.receipts.split_record import Arrays, from_record, to_record
from matinee.files import write_file

__all__ = ["Ledger"]

_FORMAT = 1
_LARGEST_JSON = 64 << 20
_LARGEST_ARRAYS = 8 << 30
_DAMAGED = (OSError, ValueError, KeyError, TypeError, RecursionError, EOFError, zipfile.BadZipFile)

Task = tuple[Contender, int, Division]
"""A model, the seed of its fit, and the division it goes through."""


class Ledger:
    """Finished results of one data set under one yardstick.

    Args:
        folder: made where it is missing; several evaluations may share it.
        dataset: what is evaluated on.
        yardstick: what is measured.
        say: told what was taken from the folder and what in it was damaged.

    Raises:
        FailureError: the folder cannot be made.
    """

    def __init__(
        self,
        folder: Path,
        dataset: Dataset,
        yardstick: Yardstick,
        say: Callable[[str], None] = silent,
    ) -> None:
        self._folder = folder
        self._say = say
        self._common = fingerprint(_common(dataset, yardstick))
        self._divisions: dict[int, tuple[Division, str]] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FailureError(
                f"{folder} cannot be a folder of results: {error.strerror}"
            ) from None

    def recall(self, tasks: list[Task]) -> list[SplitResult | None]:
        """The result of every task that was finished before, in order; says how many there are."""
        keys = [self._key(task) for task in tasks]
        others = {path.stem for path in self._folder.glob("*.json")} - set(keys)
        found = [self._find(key) for key in keys]
        taken = sum(each is not None for each in found)
        self._say(
            f"{taken} of {len(tasks)} taken from {self._folder}"
            + (f"; {len(others)} there are of other data, options or versions" if others else "")
        )
        return found

    def keep(self, task: Task, result: SplitResult) -> None:
        """Puts a finished result on disk, whole or not at all.

        Raises:
            FailureError: the folder cannot be written.
        """
        key = self._key(task)
        plain, arrays = to_record(result)
        packed = _packed(arrays)
        entry = {
            "format": _FORMAT,
            "model": task[0].label,
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
            said = str(error).strip().partition("\n")[0] or type(error).__name__
            self._say(f"{path} is damaged ({said}); it is measured anew")
            return None

    def _key(self, task: Task) -> str:
        entry, seed, division = task
        return fingerprint(
            {
                "common": self._common,
                "model": _identity(entry.kind),
                "options": [
                    each.model_dump(mode="json")
                    for each in entry.configs_on(seed, division.test.name)
                ],
                "options_from": entry.origin,
                "seed": seed,
                "division": self._fingerprint_of(division),
            }
        )

    def _fingerprint_of(self, division: Division) -> str:
        """Every model goes through the same divisions: they are hashed once."""
        known = self._divisions.get(id(division))
        if known is None:
            known = self._divisions[id(division)] = (division, fingerprint(division))
        return known[1]


def _common(dataset: Dataset, yardstick: Yardstick) -> dict[str, object]:
    return {
        "format": _FORMAT,
        "films": dataset.catalog,
        "k": yardstick.ks,
        "metrics": {each.name: each.definition for each in yardstick.metrics},
        "decides": yardstick.label,
        "candidates": yardstick.candidates,
        "audited": yardstick.audited,
        "versions": versions(),
    }


def _identity(kind: type[Any]) -> dict[str, str]:
    """A model's class and the file it is written in, which may be another distribution's."""
    file = inspect.getsourcefile(kind)
    return {
        "class": f"{kind.__module__}.{kind.__qualname__}",
        "source": hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else "",
    }


def _packed(arrays: Arrays) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # names are no option
    return file.getvalue()


def _unpacked(path: Path, entry: Mapping[str, Any]) -> Arrays:
    """The arrays beside an entry; nothing is unpickled, and nothing unpacked that was changed.

    Raises:
        ValueError, OSError: they are missing or not those that were written.
    """
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != entry["arrays_sha256"]:
            raise ValueError(f"{path.name} is not what was written")
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
        raise ValueError("no entry of this format")
    if entry.pop("sha256", None) != fingerprint(entry):
        raise ValueError("not what was written")
    return entry
