"""Tables in JSON: one object a line, or one list of objects."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.tables.block import Block
from matinee.data.tables.columns import Columns
from matinee.data.tables.lines import FALLBACK_ENCODING, Lines, lines_of
from matinee.errors import DataError

__all__ = ["JsonTable"]

_LARGEST_LIST = 1 << 29
"""Bytes of one list, which is parsed in memory."""
_SAMPLE = 200


@dataclass(frozen=True)
class JsonTable:
    """JSON lines, or a list of objects if `is_list`."""

    file: Path
    names: tuple[str, ...]
    is_list: bool
    has_names: bool = True
    height: int = 0

    @property
    def source(self) -> str:
        return str(self.file)

    @classmethod
    def of(cls, file: Path) -> JsonTable:
        """Find the keys at the beginning of a file, or in all of a list.

        Raises:
            DataError: it cannot be read or holds no objects.
        """
        first = next((each.text for each in _lines_of(file, Cleaning())), b"")
        if first.lstrip()[:1] == b"[":
            names = dict.fromkeys(key for each in _objects(file) for key in each)
            if not names:
                raise DataError(
                    f"{file} is empty; a table of ratings has a viewer and a film a row"
                )
            return cls(file, tuple(names), is_list=True)
        keys: dict[str, None] = {}
        for line in first.split(b"\n")[:_SAMPLE]:
            keys |= dict.fromkeys(_object(line) or {})
        if not keys:
            raise DataError(f"{file}, line 1: not a JSON object a line, nor a list of objects")
        return cls(file, tuple(keys), is_list=False)

    def blocks(self, columns: Columns, cleaning: Cleaning) -> Iterator[Block]:
        """The chosen columns, block by block; malformed lines are left out and counted."""
        names = list(dict.fromkeys(columns.by_role.values()))
        if self.is_list:
            yield Block(_texts(_objects(self.file), names), 1)
            return
        for lines in _lines_of(self.file, cleaning):
            frame = _fast(lines, names)
            if frame is None:
                yield self._slow(lines, names, cleaning)
            else:
                yield Block(frame, lines.first)

    def _slow(self, lines: Lines, names: list[str], cleaning: Cleaning) -> Block:
        objects, numbers = [], []
        texts = lines.text.removesuffix(b"\n").split(b"\n")
        for number, text in enumerate(texts, start=lines.first):
            parsed = _object(text)
            if not text.strip():
                cleaning.count("empty lines left out", example=f"{self.file}, line {number}: empty")
            elif parsed is None:
                cleaning.bad_line(self.file, number, "not a JSON object")
            else:
                objects.append(parsed)
                numbers.append(number)
        return Block(_texts(objects, names), np.array(numbers, dtype=np.int64))


def _lines_of(file: Path, cleaning: Cleaning) -> Iterator[Lines]:
    return lines_of(file, cleaning, otherwise=FALLBACK_ENCODING)


def _fast(lines: Lines, names: list[str]) -> pl.DataFrame | None:
    try:
        frame = pl.read_ndjson(io.BytesIO(lines.text), infer_schema_length=None)
    except pl.exceptions.PolarsError:
        return None
    plain = all(name in frame.columns and not frame[name].dtype.is_nested() for name in names)
    return frame.select(names) if plain and frame.height == lines.height else None


def _object(text: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def _objects(file: Path) -> list[dict[str, Any]]:
    """The objects of a list."""
    blocks, size = [], 0
    for each in _lines_of(file, Cleaning()):
        blocks.append(each.text)
        size += len(each.text)
        if size > _LARGEST_LIST:
            raise DataError(
                f"{file} is a list of more than {_LARGEST_LIST:,} bytes; give JSON lines"
            )
    try:
        parsed = json.loads(b"".join(blocks).rstrip(b"\n"))
    except ValueError as error:
        raise DataError(f"{file} is not whole JSON ({error}); get it again") from None
    except RecursionError:
        raise DataError(f"{file} is JSON nested too deep for a list of objects") from None
    if not isinstance(parsed, list) or not all(isinstance(each, dict) for each in parsed):
        raise DataError(f"{file} is not a list of JSON objects")
    return parsed


def _texts(objects: list[dict[str, Any]], names: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            name: pl.Series([_text(each.get(name)) for each in objects], dtype=pl.String)
            for name in names
        }
    )


def _text(value: object) -> str | None:
    if isinstance(value, (list, tuple)):
        return "|".join(map(str, value))
    return None if value is None else str(value)
