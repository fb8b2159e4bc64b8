"""Tables in any form a person may have: which form it is, its columns, its rows by blocks."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.tables.columns import Columns
from matinee.data.tables.parquet import read_parquet
from matinee.data.tables.rating_rows import Block
from matinee.data.tables.text_table import Lines, TextTable, lines_of
from matinee.errors import DataError

__all__ = ["SUFFIXES", "Table", "open_table"]

SUFFIXES = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".json", ".gz")
"""Ends of the names of files that are tables."""
_ROWS = 1 << 21
_MOST_JSON = 1 << 29
"""Bytes of one list, which is taken apart in memory."""


class Table(Protocol):
    """What is common to all forms.

    Attributes:
        source: the file or frame, as messages call it.
        names: its columns in order.
        named: whether these are names, not numbers.
        height: about how many rows it has, so that room can be made; 0 where that is not known.
    """

    @property
    def source(self) -> str: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def named(self) -> bool: ...
    @property
    def height(self) -> int: ...

    def blocks(self, columns: Columns, cleaning: Cleaning) -> Iterator[Block]:
        """At least the named columns, a block of rows at a time."""
        ...


def open_table(path_or_frame: object) -> Table:
    """A table by path, or a polars or pandas frame.

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
    return TextTable.of(path)


@dataclass(frozen=True)
class FrameTable:
    """A table in memory."""

    source: str
    frame: pl.DataFrame
    named: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.frame.columns)

    @property
    def height(self) -> int:
        return self.frame.height

    def blocks(self, columns: Columns, cleaning: Cleaning) -> Iterator[Block]:
        chosen = self.frame.select(list(dict.fromkeys(columns.taken.values())))
        for start in range(0, chosen.height, _ROWS):
            yield chosen.slice(start, _ROWS), start + 1


@dataclass(frozen=True)
class JsonTable:
    """One JSON object a line, or one list of objects."""

    file: Path
    names: tuple[str, ...]
    listed: bool
    named: bool = True
    height: int = 0

    @property
    def source(self) -> str:
        return str(self.file)

    @classmethod
    def of(cls, file: Path) -> JsonTable:
        first = next((each.text for each in lines_of(file, Cleaning())), b"")
        if first.lstrip()[:1] == b"[":
            names = _keys(_objects(file))
            if not names:
                raise DataError(
                    f"{file} is empty; a table of ratings has a viewer and a film a row"
                )
            return cls(file, names, listed=True)
        keys: dict[str, None] = {}
        for line in first.split(b"\n")[:200]:
            keys |= dict.fromkeys(_object(line) or {})
        if not keys:
            raise DataError(f"{file}, line 1: not a JSON object a line, nor a list of objects")
        return cls(file, tuple(keys), listed=False)

    def blocks(self, columns: Columns, cleaning: Cleaning) -> Iterator[Block]:
        wanted = list(dict.fromkeys(columns.taken.values()))
        if self.listed:
            yield _of_texts(_objects(self.file), wanted), 1
            return
        for rows in lines_of(self.file, cleaning):
            frame = _fast(rows, wanted)
            yield (frame, rows.first) if frame is not None else self._slow(rows, wanted, cleaning)

    def _slow(self, rows: Lines, wanted: list[str], cleaning: Cleaning) -> Block:
        kept, lines = [], []
        texts = rows.text.removesuffix(b"\n").split(b"\n")
        for number, text in enumerate(texts, start=rows.first):
            found = _object(text)
            if not text.strip():
                cleaning.found("empty lines left out", example=f"{self.file}, line {number}: empty")
            elif found is None:
                cleaning.bad_line(self.file, number, "not a JSON object")
            else:
                kept.append(found)
                lines.append(number)
        return _of_texts(kept, wanted), np.array(lines, dtype=np.int64)


def _fast(rows: Lines, wanted: list[str]) -> pl.DataFrame | None:
    try:
        frame = pl.read_ndjson(io.BytesIO(rows.text), infer_schema_length=None)
    except pl.exceptions.PolarsError:
        return None
    plain = all(name in frame.columns and not frame[name].dtype.is_nested() for name in wanted)
    return frame.select(wanted) if plain and frame.height == rows.height else None


def _object(text: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _objects(file: Path) -> list[dict[str, Any]]:
    blocks, size = [], 0
    for each in lines_of(file, Cleaning()):
        blocks.append(each.text)
        size += len(each.text)
        if size > _MOST_JSON:
            raise DataError(f"{file} is a list of more than {_MOST_JSON:,} bytes; give JSON lines")
    try:
        found = json.loads(b"".join(blocks))
    except ValueError as error:
        raise DataError(f"{file} is not whole JSON ({error}); get it again") from None
    except RecursionError:
        raise DataError(f"{file} is JSON nested too deep for a list of objects") from None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise DataError(f"{file} is not a list of JSON objects")
    return found


def _keys(objects: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for each in objects for key in each))


def _of_texts(objects: list[dict[str, Any]], wanted: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            name: pl.Series([_text(each.get(name)) for each in objects], dtype=pl.String)
            for name in wanted
        }
    )


def _text(value: object) -> str | None:
    if isinstance(value, (list, tuple)):
        return "|".join(map(str, value))
    return None if value is None else str(value)


def _from_pandas(frame: Any) -> pl.DataFrame:
    """Column by column through NumPy, so that neither pandas nor pyarrow is needed here."""
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
