"""Arrays on disk: folders of plain `.npy` files, named by content hash; never a pickle."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from matinee.errors import ArtefactError
from matinee.files import folder_aside, move_in, write_file

__all__ = ["MANIFEST", "Artefact", "list_artefacts", "load", "read_manifest", "save"]

MANIFEST = "manifest.json"
_HASH = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
_WAY_OUT = "train and save it again"

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Artefact:
    """Saved arrays, loaded.

    Attributes:
        folder: of its files.
        hash: the content hash: SHA-256 of the manifest, which contains the SHA-256 of every array.
        manifest: as saved; its key "arrays" describes the files.
        arrays: read-only and memory-mapped, so that processes share them.
    """

    folder: Path
    hash: str
    manifest: Mapping[str, Any]
    arrays: Arrays = field(repr=False)

    def part(self, prefix: str) -> dict[str, NDArray[Any]]:
        """The arrays whose names start with a prefix, without it."""
        return {
            name.removeprefix(prefix): array
            for name, array in self.arrays.items()
            if name.startswith(prefix)
        }


def save(root: Path, arrays: Arrays, manifest: Mapping[str, object]) -> Path:
    """Saves arrays in a folder of `root` named by their content hash.

    The folder appears whole or not at all, even if the machine stops meanwhile. An existing folder
    with the same content stays.

    Args:
        root: made if missing.
        arrays: by name; names have letters, digits, dots, dashes and underscores.
        manifest: JSON values, without the key "arrays".

    Raises:
        ArtefactError: a name or array cannot be stored, or the folder cannot be written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with folder_aside(root) as folder:
            described = {name: _write(folder, name, arrays[name]) for name in sorted(arrays)}
            text = json.dumps({**manifest, "arrays": described}, indent=1, sort_keys=True).encode()
            write_file(folder / MANIFEST, text, error=ArtefactError)
            final = root / hashlib.sha256(text).hexdigest()
            move_in(folder, final)
            return final
    except OSError as error:
        raise ArtefactError(
            f"cannot save under {root}: {error.strerror or error}; "
            "make room, or choose a folder that can be written"
        ) from error


def load(folder: Path, *, verify: bool = False) -> Artefact:
    """The arrays of a folder that `save` made, memory-mapped.

    Names, types and shapes are always checked against the manifest; every byte only with `verify`.

    Raises:
        ArtefactError: a file is missing, truncated, changed, or not an array.
    """
    hash_, manifest = read_manifest(folder)
    arrays = {
        name: _array(folder / f"{name}.npy", described, verify=verify)
        for name, described in manifest["arrays"].items()
    }
    return Artefact(folder, hash_, manifest, arrays)


def read_manifest(folder: Path) -> tuple[str, dict[str, Any]]:
    """Content hash and manifest of a folder that `save` made, whatever became of its arrays.

    Raises:
        ArtefactError: the manifest is missing, changed, or none of ours.
    """
    file = folder / MANIFEST
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        raise ArtefactError(f"{file} is missing: {folder} holds no saved model") from None
    except OSError as error:
        raise ArtefactError(f"{file} cannot be read: {error.strerror}") from None
    hash_ = hashlib.sha256(text).hexdigest()
    if _HASH.fullmatch(folder.name) and folder.name != hash_:
        raise ArtefactError(f"{file} was changed after it was saved; {_WAY_OUT}")
    return hash_, _parsed(file, text)


def list_artefacts(root: Path) -> list[Path]:
    """Folders of complete artefacts under `root`, newest first."""
    if not root.is_dir():
        return []
    folders = [each for each in root.iterdir() if _HASH.fullmatch(each.name)]
    complete = [each for each in folders if (each / MANIFEST).is_file()]
    return sorted(complete, key=lambda each: (-(each / MANIFEST).stat().st_mtime_ns, each.name))


def _write(folder: Path, name: str, array: NDArray[Any]) -> dict[str, object]:
    if not _NAME.fullmatch(name):
        raise ArtefactError(
            f"array name {name!r} cannot be a file name; "
            "use letters, digits, dots, dashes and underscores"
        )
    if array.dtype.hasobject:
        raise ArtefactError(f"array {name!r} holds Python objects and would need a pickle")
    with (folder / f"{name}.npy").open("wb") as file:
        hashed = _HashedFile(file)
        npy.write_array(hashed, np.asarray(array, order="C"), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    sha256 = hashed.digest.hexdigest()
    return {"dtype": array.dtype.str, "shape": list(array.shape), "sha256": sha256}


class _HashedFile:
    """A file that hashes what is written to it, so that it need not be read again."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.digest.update(content)
        return self._file.write(content)


def _parsed(file: Path, text: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(text)
        well_formed = all(
            _NAME.fullmatch(name) and {"dtype", "shape", "sha256"} <= described.keys()
            for name, described in manifest["arrays"].items()
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        well_formed = False
    if not well_formed:
        raise ArtefactError(f"{file} is not a manifest of matinee; {_WAY_OUT}")
    return dict(manifest)


def _array(path: Path, described: Mapping[str, Any], *, verify: bool) -> NDArray[Any]:
    if not path.is_file():
        raise ArtefactError(f"{path} is missing; {_WAY_OUT}")
    try:
        array = _mapped(path, empty=0 in described["shape"])
    except (ValueError, OSError, EOFError, SyntaxError) as error:
        raise ArtefactError(f"{path} is truncated or not an array; {_WAY_OUT}") from error
    if [array.dtype.str, list(array.shape)] != [described["dtype"], described["shape"]]:
        raise ArtefactError(
            f"{path} holds {array.dtype.str}{list(array.shape)}, but the manifest says "
            f"{described['dtype']}{described['shape']}; {_WAY_OUT}"
        )
    if verify and _hash_of(path) != described["sha256"]:
        raise ArtefactError(f"{path} was changed after it was saved; {_WAY_OUT}")
    return array


def _mapped(path: Path, *, empty: bool) -> NDArray[Any]:
    """The array of a `.npy` file. NumPy refuses arrays of objects, which would need a pickle."""
    if empty:  # nothing to map
        with path.open("rb") as file:
            array: NDArray[Any] = npy.read_array(file, allow_pickle=False)
        return array
    # A plain array over the mapping: NumPy's own subclass makes every small access slow.
    return np.asarray(npy.open_memmap(path, mode="r"))


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
