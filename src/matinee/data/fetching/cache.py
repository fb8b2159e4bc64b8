"""Folders of data sets on this machine, and reports on downloads."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from matinee.errors import FetchError
from matinee.files import folder_aside, move_in

__all__ = ["Cache", "Progress", "silent", "unwritable", "without_progress"]


Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Receives the progress of a download: its label, bytes so far, bytes in all if that is known."""


def without_progress(label: str, done: int, total: int | None) -> None:
    """Reports nothing."""


def silent(line: str) -> None:
    """Says nothing."""


@dataclass(frozen=True)
class Cache:
    """Where data sets are stored.

    Attributes:
        home: data sets are in `home/datasets/NAME`; created when first needed.
        mirror: a folder with a subfolder per data set, searched before a download.
        progress: receives the progress of downloads.
        say: receives lines for the person who waits.
    """

    home: Path
    mirror: Path | None = None
    progress: Progress = without_progress
    say: Callable[[str], None] = silent

    def folder(self, name: str) -> Path:
        """The folder of a data set."""
        return self.home / "datasets" / name

    def downloads(self) -> Path:
        """The folder of unfinished downloads; created if it is missing.

        Raises:
            FetchError: the home folder cannot be written.
        """
        return self._made(self.home / "downloads")

    @contextmanager
    def arriving(self, name: str) -> Iterator[Path]:
        """An empty folder that becomes `folder(name)` when the block ends without an error.

        It is renamed into place, so that nobody sees half a data set. If another process is
        faster, its folder stays and ours is dropped.

        Raises:
            FetchError: the home folder cannot be written, or the disk is full.
        """
        datasets = self._made(self.home / "datasets")
        try:
            with folder_aside(datasets) as filled:
                yield filled
                move_in(filled, self.folder(name))
        except OSError as error:
            raise unwritable(datasets, error) from None

    def _made(self, folder: Path) -> Path:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError as error:
            raise unwritable(folder, error) from None


def unwritable(folder: Path, error: OSError) -> FetchError:
    """The error for a folder below the home folder that cannot be written."""
    return FetchError(
        f"{folder} cannot be written ({error.strerror or error}); "
        "set MATINEE_HOME to a folder of yours with room in it"
    )
