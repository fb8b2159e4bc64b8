"""A viewer's own history: reads exports of other sites and writes the viewer's ratings.

Each format has a module of its own, and is recognised by the content of its files.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from matinee.data.cleaning import Cleaning
from matinee.data.exports import imdb_ratings, letterboxd, plain, trakt
from matinee.data.exports._tables import ExportFile
from matinee.data.exports.export import Export, OwnRating
from matinee.data.exports.writing import FORMATS, RatedFilm, export_history
from matinee.data.fetching.archives import is_of_the_finder, unpack_all
from matinee.errors import DataError, FailureError

__all__ = ["FORMATS", "Export", "OwnRating", "RatedFilm", "export_history", "read_export"]

_SITES = (letterboxd, imdb_ratings, trakt)
_MAX_UNPACKED = 512 << 20
_MAX_FILES = 10_000
_SUFFIXES = (".csv", ".json", ".jsonl", ".ndjson", ".txt", ".tsv", ".dat", ".gz")


def read_export(
    path: Path,
    cleaning: Cleaning | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    times: str | None = None,
) -> Export:
    """The films and ratings of an export: a zip, its unpacked folder, or one of its files.

    Args:
        path: where it is.
        cleaning: collects malformed rows, which are left out, with file and line.
        columns: for a table of no known site: "rating", "title" ... to a column (see
            `columns_by_role`).
        times: for such a table: what its times are, a key of `TIME_FORMS`.

    Raises:
        DataError: no such file, an unknown format, no rated or seen film, or too many malformed
            rows.
        OptionError: an unknown role, or form of times.
        FailureError: a zip cannot be unpacked because the disk is full.
    """
    cleaning = cleaning or Cleaning()
    path = path.expanduser()
    options = (columns or {}, times)
    if path.is_dir():
        try:
            return _read(_files_in(path, path), path, cleaning, *options)
        except OSError as error:
            raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    if not path.is_file():
        raise DataError(f"there is no file or folder {path}")
    file = ExportFile(path, path.name, str(path))
    if not _is_zip(path):
        return _read([file], path, cleaning, *options)
    try:
        with tempfile.TemporaryDirectory(prefix="matinee-") as temporary:
            unpack_all(path, Path(temporary), max_bytes=_MAX_UNPACKED)
            return _read(_files_in(Path(temporary), path), path, cleaning, *options)
    except OSError as error:
        raise FailureError(
            f"{path} cannot be unpacked ({error.strerror or error}); "
            "unpack it yourself and name the folder"
        ) from None


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            # zipfile does not recognise a truncated zip.
            return file.read(4) == b"PK\x03\x04" or zipfile.is_zipfile(path)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None


def _read(
    files: Sequence[ExportFile],
    path: Path,
    cleaning: Cleaning,
    columns: Mapping[str, str],
    times: str | None,
) -> Export:
    # Who says what the columns are says that the table is of no known site.
    sites = () if columns or times else _SITES
    exports = (reader.read(files, cleaning) for reader in sites)
    export = next(filter(None, exports), None) or plain.read(files, cleaning, columns, times)
    if export is None:
        expected = "; ".join(reader.EXPECTED for reader in (*_SITES, plain))
        raise DataError(f"{path} {_content(files)}; expected one of: {expected}")
    if not export.rows:
        others = f"; {len(export.others):,} rows are series or games" if export.others else ""
        first = next((f"; {each.examples[0]}" for each in cleaning.findings if each.examples), "")
        raise DataError(
            f"{path} has no film that was rated or seen ({export.format}){others}{first}"
        )
    return export


def _content(files: Sequence[ExportFile]) -> str:
    """What an unknown format looks like."""
    if len(files) != 1:
        return "is not an export of a known format"
    (file,) = files
    if "\0" in file.head:
        return "is no text; save it as UTF-8"
    if file.columns:
        return f"begins with the columns {', '.join(file.columns[:8])}"
    return "is not an export of a known format"


def _files_in(folder: Path, label: Path) -> list[ExportFile]:
    """The tables and JSON files of a folder, or of the only folder in it."""
    inside = [each for each in folder.iterdir() if not is_of_the_finder(each.name)]
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
