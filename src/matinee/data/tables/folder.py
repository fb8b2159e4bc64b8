"""A folder of tables that no source knows: which one holds the ratings, which one the films."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from matinee.data.tables.columns import Columns, film_columns, rating_columns
from matinee.data.tables.layout import Table
from matinee.data.tables.open_table import SUFFIXES, open_table
from matinee.errors import DataError

__all__ = ["FolderTables", "tables_in"]

_OF_RATINGS = ("rating", "review", "interaction", "u.data", ".inter")
_OF_FILMS = ("movie", "film", "item", "title", "metadata", "anime", "catalog")
_ABOUT = ("readme", "licen")
_NOT_READ = ("tag", "link", "user", "viewer", "genome", "genre", "occupation")
"""Parts of names of files that hold something else."""


@dataclass(frozen=True)
class FolderTables:
    """The table of ratings of a folder, `None` without one; that of its films, if there is one."""

    ratings: Table | None = None
    films: Table | None = None
    notes: tuple[str, ...] = ()


def tables_in(folder: Path) -> FolderTables:
    """The tables of a folder, by their columns and then by their names.

    Raises:
        DataError: several tables could hold the ratings, or the films; names them.
    """
    visible = sorted(
        each
        for each in folder.iterdir()
        if each.is_file()
        and each.name.lower().endswith(SUFFIXES)
        and not each.name.startswith(".")
        and not _is_named(each, _ABOUT)
    )
    files = [each for each in visible if not _is_named(each, _NOT_READ)]
    if not files:
        return FolderTables()
    if len(files) == 1:
        return FolderTables(open_table(files[0]), notes=_unused(visible, files))
    tables = {each: table for each in files if (table := _opened(each)) is not None}
    rated = [file for file, table in tables.items() if _columns(table, rating_columns, "rating")]
    rated = [file for file in rated if tables[file].has_names or not _is_named(file, _OF_FILMS)]
    ratings = _one_of(rated or [*tables], _OF_RATINGS, "ratings", folder)
    if ratings is None:
        return FolderTables()
    others = [file for file in tables if file != ratings]
    titled = [file for file in others if _columns(tables[file], film_columns, "title")]
    named = [file for file in titled if _is_named(file, _OF_FILMS)]
    films = _one_of(
        named or [file for file in titled if tables[file].has_names], _OF_FILMS, "films", folder
    )
    notes = [f"ratings from {ratings.name}" + (f", films from {films.name}" if films else "")]
    notes += _unused(visible, (ratings, films))
    return FolderTables(tables[ratings], tables[films] if films else None, tuple(notes))


def _unused(files: Sequence[Path], used: Collection[Path | None]) -> tuple[str, ...]:
    names = [file.name for file in files if file not in used]
    return (f"not read: {', '.join(names)}",) if names else ()


def _is_named(file: Path, parts: Sequence[str]) -> bool:
    return any(part in file.name.lower() for part in parts)


def _opened(file: Path) -> Table | None:
    try:
        return open_table(file)
    except DataError:
        return None


def _columns(table: Table, guess: Callable[..., Columns], role: str) -> bool:
    """Whether a table has the columns of a kind, among them that of a role."""
    try:
        columns = guess(table.source, table.names, has_names=table.has_names)
    except DataError:
        return False
    return getattr(columns, role) is not None


def _one_of(files: Sequence[Path], parts: Sequence[str], what: str, folder: Path) -> Path | None:
    """The only file, else the only one with a name of its kind."""
    named = [file for file in files if _is_named(file, parts)]
    if len(files) == 1 or len(named) == 1:
        return (named or files)[0]
    if not files:
        return None
    names = ", ".join(file.name for file in named or files)
    raise DataError(
        f"{folder}: {names} could each hold the {what}; name the file of ratings itself, and that "
        "of the films with --films"
    )
