"""A viewer's own history: reads exports of other sites and writes the viewer's ratings.

Each format has a module of its own, and is recognised by the content of its files.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from matinee.data.cleaning import Cleaning
from matinee.data.exports import imdb_ratings, letterboxd, plain, trakt
from matinee.data.exports._tables import ExportFile
from matinee.data.exports.export import Export, OwnRating
from matinee.data.exports.writing import FORMATS, RatedFilm, export_history
from matinee.data.fetching.archives import unpack_all
from matinee.errors import DataError, FailureError

__all__ = ["FORMATS", "Export", "OwnRating", "RatedFilm", "export_history", "read_export"]

_READERS = (letterboxd, imdb_ratings, trakt, plain)
_MAX_UNPACKED = 512 << 20
_MAX_FILES = 10_000
_BY_MACOS = ("__MACOSX", ".DS_Store")
_SUFFIXES = (".csv", ".json", ".txt", ".tsv")


def read_export(path: Path, cleaning: Cleaning | None = None) -> Export:
    """The films and ratings of an export: a zip, its unpacked folder, or one of its files.

    Malformed rows are left out and reported to `cleaning`, with file and line.

    Raises:
        DataError: no such file, an unknown format, or too many malformed rows.
        FailureError: a zip cannot be unpacked because the disk is full.
    """
    cleaning = cleaning or Cleaning()
    path = path.expanduser()
    if path.is_dir():
        try:
            return _read(_files_in(path, path), path, cleaning)
        except OSError as error:
            raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    if not path.is_file():
        raise DataError(f"there is no file or folder {path}")
    file = ExportFile(path, path.name, str(path))
    # zipfile does not recognise a truncated zip.
    if not file.head.startswith("PK\x03\x04") and not zipfile.is_zipfile(path):
        return _read([file], path, cleaning)
    try:
        with tempfile.TemporaryDirectory(prefix="matinee-") as temporary:
            unpack_all(path, Path(temporary), max_bytes=_MAX_UNPACKED)
            return _read(_files_in(Path(temporary), path), path, cleaning)
    except OSError as error:
        raise FailureError(
            f"{path} cannot be unpacked ({error.strerror or error}); "
            "unpack it yourself and name the folder"
        ) from None


def _read(files: Sequence[ExportFile], path: Path, cleaning: Cleaning) -> Export:
    for reader in _READERS:
        export: Export | None = reader.read(files, cleaning)
        if export is None:
            continue
        if not export.rows:
            raise DataError(f"{path} has no film that was rated or seen ({export.format})")
        return export
    expected = "; ".join(reader.EXPECTED for reader in _READERS)
    if len(files) == 1 and files[0].columns:
        content = f"begins with the columns {', '.join(files[0].columns[:8])}"
    else:
        content = "is not an export of a known format"
    raise DataError(f"{path} {content}; expected one of: {expected}")


def _files_in(folder: Path, label: Path) -> list[ExportFile]:
    """The tables and JSON files of a folder, or of the only folder in it."""
    inside = [each for each in folder.iterdir() if each.name not in _BY_MACOS]
    if len(inside) == 1 and inside[0].is_dir():
        folder, label = inside[0], label / inside[0].name
    files = []
    for place in (folder, *sorted(each for each in folder.iterdir() if each.is_dir())):
        for file in sorted(place.iterdir()):
            if file.suffix.lower() in _SUFFIXES and file.is_file() and file.name[0] != ".":
                name = file.relative_to(folder).as_posix()
                files.append(ExportFile(file, name, str(label / name)))
    if len(files) > _MAX_FILES:
        raise DataError(f"{label} has more than {_MAX_FILES:,} tables, so it is not an export")
    return files
