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
from matinee.data.columns import Columns
from matinee.data.rating_rows import Block
from matinee.data.text_table import TextTable, lines_of
from matinee.errors import DataError

__all__ = ["SUFFIXES", "Table", "open_table"]

SUFFIXES = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".json", ".gz")
"""Ends of the names of files that are tables."""
_ROWS = 1 << 21


class Table(Protocol):
    """What is common to all forms.

    Attributes:
        source: the file or frame, as messages call it.
        names: its columns in order.
        named: whether these are names, not numbers.
    """

    @property
    def source(self) -> str: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def named(self) -> bool: ...

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
        return _parquet(path)
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

    @property
    def source(self) -> str:
        return str(self.file)

    @classmethod
    def of(cls, file: Path) -> JsonTable:
        _, first = next(lines_of(file, Cleaning()), (1, b""))
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
        for line, block in lines_of(self.file, cleaning):
            frame = _fast(block, wanted)
            yield (frame, line) if frame is not None else self._slow(block, line, wanted, cleaning)

    def _slow(self, block: bytes, line: int, wanted: list[str], cleaning: Cleaning) -> Block:
        kept, lines = [], []
        for number, text in enumerate(block.removesuffix(b"\n").split(b"\n"), start=line):
            found = _object(text)
            if not text.strip():
                cleaning.found("empty lines left out", example=f"{self.file}, line {number}: empty")
            elif found is None:
                cleaning.bad_line(self.file, number, "not a JSON object")
            else:
                kept.append(found)
                lines.append(number)
        return _of_texts(kept, wanted), np.array(lines, dtype=np.int64)


def _fast(block: bytes, wanted: list[str]) -> pl.DataFrame | None:
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    try:
        frame = pl.read_ndjson(io.BytesIO(block), infer_schema_length=None)
    except pl.exceptions.PolarsError:
        return None
    plain = all(name in frame.columns and not frame[name].dtype.is_nested() for name in wanted)
    return frame.select(wanted) if plain and frame.height == lines else None


def _object(text: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _objects(file: Path) -> list[dict[str, Any]]:
    text = b"".join(block for _, block in lines_of(file, Cleaning()))
    try:
        found = json.loads(text)
    except ValueError as error:
        raise DataError(f"{file} is not whole JSON ({error})") from None
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


def _parquet(path: Path) -> FrameTable:
    try:
        frame = pl.read_parquet(path)
    except FileNotFoundError:
        raise DataError(f"there is no file {path}") from None
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{path} is not a whole Parquet file ({reason}); get it again") from None
    return FrameTable(str(path), frame)


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
