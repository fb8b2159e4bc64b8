"""Unpacks files from untrusted zip archives, wheels among them."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from matinee.errors import DataError

__all__ = ["is_of_the_finder", "unpack", "unpack_all"]

_ENCRYPTED = 1
"""Bit of a member's flags."""


def unpack(archive: Path, members: Mapping[str, str], folder: Path, *, max_bytes: int) -> None:
    """Write members into a folder, each under the file name that `members` maps it to.

    Raises:
        DataError: the zip file is damaged, a member is missing or damaged, or members together
            are larger than `max_bytes`.
    """
    with _opened(archive) as zipped:
        known = {info.filename: info for info in zipped.infolist()}
        missing = [member for member in members if member not in known]
        if missing:
            raise DataError(f"{archive} holds no {missing[0]}; it is not the expected file")
        _write(zipped, [(known[name], folder / to) for name, to in members.items()], max_bytes)


def unpack_all(archive: Path, folder: Path, *, max_bytes: int) -> None:
    """Write every file of an archive into a folder and its subfolders.

    What macOS adds of its own ("__MACOSX/._ratings.csv") is passed over.

    Raises:
        DataError: as `unpack`; or a member would be written outside the folder, or is a link.
    """
    with _opened(archive) as zipped:
        infos = [info for info in zipped.infolist() if not info.is_dir()]
        infos = [info for info in infos if not is_of_the_finder(info.filename)]
        targets = [(info, folder / _inside(archive, info)) for info in infos]
        for _, target in targets:
            target.parent.mkdir(parents=True, exist_ok=True)
        _write(zipped, targets, max_bytes)


def is_of_the_finder(name: str) -> bool:
    """Whether a file is one that macOS adds to folders and zips: "__MACOSX/._ratings.csv"."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith("._") or parts[-1] == ".DS_Store"


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    """An open archive; every kind of damage is a `DataError`."""
    try:
        zipped = zipfile.ZipFile(archive)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _damaged(archive, error) from None
    try:
        with zipped:
            yield zipped
    # An unknown compression is a NotImplementedError, which is a RuntimeError.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise _damaged(archive, error) from None


def _damaged(archive: Path, error: BaseException) -> DataError:
    reason = str(error).rstrip(".") or type(error).__name__
    return DataError(
        f"{archive} is not a whole zip file ({reason}); get it again, "
        "or unpack it yourself and name the folder"
    )


def _write(
    zipped: zipfile.ZipFile, targets: Sequence[tuple[zipfile.ZipInfo, Path]], max_bytes: int
) -> None:
    # zipfile reads no more of a member than its declared size, so these sizes are a bound.
    if sum(info.file_size for info, _ in targets) > max_bytes:
        raise DataError(
            f"{zipped.filename} unpacks to more than {max_bytes:,} bytes, "
            "more than any data set that can be read"
        )
    for info, target in targets:
        if info.flag_bits & _ENCRYPTED:
            raise DataError(
                f"{zipped.filename} is locked with a password; "
                "unpack it yourself and name the folder"
            )
        with zipped.open(info) as packed, target.open("wb") as file:
            shutil.copyfileobj(packed, file)


def _inside(archive: Path, info: zipfile.ZipInfo) -> PurePath:
    """The path of a member within the folder it is unpacked to."""
    path = PureWindowsPath(info.filename)  # takes both kinds of slashes, and drives
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    if is_link or path.drive or path.root or ".." in path.parts:
        wrong = "is a link" if is_link else "would be written outside its folder"
        raise DataError(f"{archive} holds {info.filename!r}, which {wrong}; do not use this file")
    return PurePath(*path.parts)
