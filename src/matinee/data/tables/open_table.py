"""Opens a table in any form: delimited text, JSON, Parquet, or a polars or pandas frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.tables.block import Block
from matinee.data.tables.columns import Columns
from matinee.data.tables.json_table import JsonTable
from matinee.data.tables.lines import BLOCK
from matinee.data.tables.parquet import read_parquet
from matinee.data.tables.text_table import TextTable
from matinee.errors import DataError

__all__ = ["SUFFIXES", "Table", "open_table"]

SUFFIXES = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".json", ".gz")
"""Endings of file names that are tables."""
_ROWS = 1 << 21
"""Rows of a frame per block."""


class Table(Protocol):
    """What all forms have in common.

    Attributes:
        source: the file or frame, as messages call it.
        names: its columns in order.
        has_names: whether these are names, not numbers.
        height: about how many rows it has, to reserve memory; 0 if unknown.
    """

    @property
    def source(self) -> str: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def has_names(self) -> bool: ...
    @property
    def height(self) -> int: ...

    def blocks(self, columns: Columns, cleaning: Cleaning) -> Iterator[Block]:
        """At least the chosen columns, block by block."""
        ...


def open_table(path_or_frame: object, block: int = BLOCK) -> Table:
    """A table by path, or a polars or pandas frame; delimited text is read `block` bytes at a time.

    Raises:
        DataError: no such file, or nothing that is a table.
    """
    if isinstance(path_or_frame, pl.LazyFrame):
        path_or_frame = path_or_frame.collect()
    if isinstance(path_or_frame, pl.DataFrame):
        return FrameTable("the frame", path_or_frame)
    if hasattr(path_or_frame, "to_dict") and hasattr(path_or_frame, "columns"):
        return FrameTable("the frame", _from_pandas(path_or_frame))
    if not isinstance(path_or_frame, (str, Path)):
        kind = type(path_or_frame).__name__
        raise DataError(f"a {kind} is no table; give a path, or a polars or pandas frame")
    path = Path(path_or_frame).expanduser()
    if path.is_dir():
        raise DataError(f"{path} is a folder; name the file in it")
    suffixes = [each.lower() for each in path.suffixes[-2:]]
    if ".parquet" in suffixes:
        return FrameTable(str(path), read_parquet(path))
    if {".jsonl", ".ndjson", ".json"} & set(suffixes):
        return JsonTable.of(path)
    return TextTable.of(path, block)


@dataclass(frozen=True)
class FrameTable:
    """A table in memory."""

    source: str
    frame: pl.DataFrame
    has_names: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.frame.columns)

    @property
    def height(self) -> int:
        return self.frame.height

    def blocks(self, columns: Columns, cleaning: Cleaning) -> Iterator[Block]:
        """The chosen columns, block by block; row 1 is line 1."""
        chosen = self.frame.select(list(dict.fromkeys(columns.by_role.values())))
        for start in range(0, chosen.height, _ROWS):
            yield Block(chosen.slice(start, _ROWS), start + 1)


def _from_pandas(frame: Any) -> pl.DataFrame:
    """Converts column by column through NumPy, which needs neither pandas nor pyarrow here."""
    columns = {}
    for name in frame.columns:
        array = frame[name].to_numpy()
        if array.dtype == object:
            missing = frame[name].isna().to_numpy()
            texts = [None if gone else str(each) for each, gone in zip(array, missing, strict=True)]
            columns[str(name)] = pl.Series(texts, dtype=pl.String)
        else:
            columns[str(name)] = pl.Series(array)
    return pl.DataFrame(columns)
