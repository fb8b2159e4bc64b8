"""Tables in JSON: one object a line, or one list of objects."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from matinee.data.cleaning import Cleaning
from matinee.data.tables.columns import Columns
from matinee.data.tables.layout import Block, Table, table_of_frame
from matinee.data.tables.lines import FALLBACK_ENCODING, Lines, first_lines, lines_of
from matinee.errors import DataError

__all__ = ["json_table"]

_LARGEST_LIST = 1 << 29
"""Bytes of one list, which is parsed in memory."""
_SAMPLE = 200


def json_table(file: Path) -> Table:
    """JSON lines with the keys of the first ones, or a list of objects with all their keys."""
    first = first_lines(file, otherwise=FALLBACK_ENCODING).text
    if first.lstrip()[:1] == b"[":
        return table_of_frame(str(file), _list(file))
    keys: dict[str, None] = {}
    for line in first.split(b"\n")[:_SAMPLE]:
        keys |= dict.fromkeys(_object(line) or {})
    if not keys:
        raise DataError(f"{file}, line 1: not a JSON object a line, nor a list of objects")

    def blocks(columns: Columns, cleaning: Cleaning) -> Iterator[Block]:
        names = columns.names
        for lines in lines_of(file, cleaning, otherwise=FALLBACK_ENCODING):
            frame = _fast(lines, names)
            yield (
                _slow(file, lines, names, cleaning) if frame is None else Block(frame, lines.first)
            )

    return Table(str(file), tuple(keys), blocks)


def _fast(lines: Lines, names: Collection[str]) -> pl.DataFrame | None:
    try:
        frame = pl.read_ndjson(io.BytesIO(lines.text), infer_schema_length=None)
    except pl.exceptions.PolarsError:
        return None
    plain = all(name in frame.columns and not frame[name].dtype.is_nested() for name in names)
    return frame.select(names) if plain and frame.height == lines.height else None


def _slow(file: Path, lines: Lines, names: Iterable[str], cleaning: Cleaning) -> Block:
    objects, numbers = [], []
    texts = lines.text.removesuffix(b"\n").split(b"\n")
    for number, text in enumerate(texts, start=lines.first):
        parsed = _object(text)
        if not text.strip():
            cleaning.count("empty lines left out", example=f"{file}, line {number}: empty")
        elif parsed is None:
            cleaning.bad_line(file, number, "not a JSON object")
        else:
            objects.append(parsed)
            numbers.append(number)
    return Block(_texts(objects, names), np.array(numbers, dtype=np.int64))


def _object(text: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def _list(file: Path) -> pl.DataFrame:
    """The objects of a list as rows of text."""
    text = bytearray()
    for each in lines_of(file, Cleaning(), otherwise=FALLBACK_ENCODING):
        text += each.text
        if len(text) > _LARGEST_LIST:
            raise DataError(
                f"{file} is a list of more than {_LARGEST_LIST:,} bytes; give JSON lines"
            )
    try:
        objects = json.loads(text.rstrip(b"\n"))
    except ValueError as error:
        raise DataError(f"{file} is not whole JSON ({error}); get it again") from None
    except RecursionError:
        raise DataError(f"{file} is JSON nested too deep for a list of objects") from None
    if not isinstance(objects, list) or not all(isinstance(each, dict) for each in objects):
        raise DataError(f"{file} is not a list of JSON objects")
    names = dict.fromkeys(key for each in objects for key in each)
    if not names:
        raise DataError(f"{file} is empty; a table of ratings has a viewer and a film a row")
    return _texts(objects, names)


def _texts(objects: list[dict[str, Any]], names: Iterable[str]) -> pl.DataFrame:
    columns = {name: [_text(each.get(name)) for each in objects] for name in names}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return "|".join(map(str, value))
    return None if value is None else str(value)
