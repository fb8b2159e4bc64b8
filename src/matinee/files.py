"""Files and folders that appear whole or not at all, even if the machine stops meanwhile."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matinee.errors import FailureError, InputError

__all__ = ["folder_aside", "move_in", "replace_folder", "require_writable", "write_file"]


def write_file(
    path: Path, content: bytes, *, sync: bool = True, error: type[FailureError] = FailureError
) -> None:
    """Writes a file aside and renames it; an existing file is replaced in one step.

    The folder must exist. `sync` waits until the disk has the file; without, a power cut may leave
    the former one.

    Raises:
        FailureError: the file cannot be written; `error` is its class.
    """
    aside = path.with_name(f".{path.name[:64]}-{secrets.token_hex(4)}")
    try:
        try:
            with aside.open("xb") as file:
                file.write(content)
                if sync:
                    file.flush()
                    os.fsync(file.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as cause:
        raise error(
            f"{path} cannot be written: {cause.strerror or cause}; "
            "make room, or choose a folder that can be written"
        ) from None


@contextmanager
def folder_aside(parent: Path) -> Iterator[Path]:
    """An empty folder to fill and hand to `move_in`; deleted if it was not.

    Raises:
        OSError: nothing can be written in `parent`.
    """
    with tempfile.TemporaryDirectory(prefix=".aside-", dir=parent) as temporary:
        folder = Path(temporary) / "folder"
        folder.mkdir()
        yield folder


def move_in(folder: Path, final: Path) -> None:
    """Gives a filled folder its name; where another process was faster, its folder stays.

    Raises:
        OSError: the folder cannot be moved.
    """
    _sync_entries(folder)
    try:
        folder.rename(final)
    except OSError:
        if not final.is_dir():
            raise
    _sync_entries(final.parent)


def replace_folder(folder: Path, final: Path) -> None:
    """Gives a filled folder its name; a former folder of that name is deleted last.

    The former one is renamed first, and back if anything fails or interrupts. If the machine stops
    between the two renames, it is beside `final` as "NAME-former-...".

    Raises:
        OSError: the folder cannot be written to the disk or moved; the former one is in its place,
            or the message says where it is.
    """
    for path in (each for each in folder.rglob("*") if each.is_file()):
        with path.open("rb") as file:
            os.fsync(file.fileno())
    if not final.exists():
        folder.rename(final)
        return
    former = final.with_name(f"{final.name[:64]}-former-{secrets.token_hex(4)}")
    final.rename(former)
    try:
        folder.rename(final)
        _sync_entries(final.parent)
    except BaseException:
        _move_back(former, final)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _move_back(former: Path, final: Path) -> None:
    try:
        if final.is_dir():
            shutil.rmtree(final)
        former.rename(final)
    except OSError as error:
        message = f"{error.strerror or error}; the former folder is {former}, rename it"
        raise OSError(error.errno, message) from None


def require_writable(path: Path) -> None:
    """Checks a file's place before hours of work end in it.

    Raises:
        InputError: the path is a folder, or its folder takes no files.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file in it")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise InputError(f"{path} cannot be written: {path.parent} is not a writable folder")


def _sync_entries(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open folders; it writes their entries through
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
