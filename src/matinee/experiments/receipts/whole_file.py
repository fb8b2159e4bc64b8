"""Files that are there whole or not at all, also when the machine stops meanwhile."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from matinee.errors import FailureError, InputError

__all__ = ["require_writable", "write_whole"]


def write_whole(path: Path, content: bytes) -> None:
    """Writes beside the path and renames; an existing file is replaced in one step.

    Raises:
        FailureError: it cannot be written.
    """
    temporary = path.with_name(f".{path.name[:64]}-{secrets.token_hex(4)}")
    try:
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise FailureError(
            f"{path} cannot be written: {error.strerror or error}; "
            "name a place that can be written and has room"
        ) from None


def require_writable(path: Path) -> None:
    """Asked before hours of work end in a file.

    Raises:
        InputError: the path is a folder, or lies in none that can be written.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file in it")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise InputError(f"{path} cannot be written: {path.parent} is no folder that takes files")
