"""Reads a list of films: one id or title a line, or a table with a column of films."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.data.tables.columns import columns_by_role, film_columns
from matinee.data.tables.film_facts import film_ids
from matinee.data.tables.layout import header_of
from matinee.data.tables.lines import FALLBACK_ENCODING, lines_of
from matinee.data.tables.open_table import open_table
from matinee.data.titles.index import TitleIndex
from matinee.errors import DataError, InputError

__all__ = ["read_film_list"]

_SEPARATORS = (",", "\t", ";", "|")
_TABLES = frozenset({".parquet", ".json", ".jsonl", ".ndjson"})
"""Endings of tables that are not delimited text."""


def read_film_list(path: Path, titles: TitleIndex) -> NDArray[np.int32]:
    """Rows of the films in a file, `int32[n]`, each once, in the order of the file.

    A text file has one film a line, an id or a title, see `TitleIndex.finder`. A first line that
    names a column ("movieId") and is no film is a header. Several columns with a header that
    names one for films are a table, and so are Parquet and JSON. Blank lines are passed over.

    Raises:
        DataError: an unknown film or a title of several, with file and line; no film at all; a file
            that cannot be read.
    """
    is_table = bool(_TABLES.intersection(path.suffixes)) or any(
        len(names := header_of(path, separator)) > 1 and _names_films(path, names)
        for separator in _SEPARATORS
    )
    films = list(_of_table(path) if is_table else _of_lines(path))
    if not is_table and films and films[0][0] == 1 and _is_header(path, films[0][1], titles):
        del films[0]
    if not films:
        raise DataError(f"{path} lists no film; write one id or title a line")
    rows: dict[int, None] = {}
    find = titles.finder(text for _, text in films)
    for line, text in films:
        try:
            rows[find(text)] = None
        except InputError as error:
            raise DataError(f"{path}, line {line}: {error}") from None
    return np.array(list(rows), dtype=np.int32)


def _is_header(path: Path, text: str, titles: TitleIndex) -> bool:
    """Whether a first line names a column, and no film."""
    if text in titles.catalog.item_ids or not _names_films(path, (text,)):
        return False
    try:
        titles.find(text)
    except InputError:
        return True
    return False


def _names_films(path: Path, names: tuple[str, ...]) -> bool:
    """Whether a header has a column that can identify a film."""
    return bool({"item", "title", "imdb_id", "tmdb_id"} & columns_by_role(str(path), names).keys())


def _of_lines(path: Path) -> Iterator[tuple[int, str]]:
    for block in lines_of(path, Cleaning(), otherwise=FALLBACK_ENCODING):
        for line, text in enumerate(block.text.decode("utf-8", "replace").split("\n"), block.first):
            if text.strip():
                yield line, text.strip()


def _of_table(path: Path) -> Iterator[tuple[int, str]]:
    table, cleaning = open_table(path), Cleaning(limit=0)
    columns = film_columns(table.source, table.names, has_names=table.has_names)
    for block in table.blocks(columns, cleaning):
        ids = film_ids(block.frame, columns).cast(pl.String)
        for place, text in enumerate(ids.to_list()):
            if text is None:
                raise DataError(f"{path}, line {block.line(place)}: no film; name one or remove it")
            yield block.line(place), text
