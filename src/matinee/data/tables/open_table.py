"""Opens a table in any form: delimited text, JSON, Parquet, or a polars or pandas frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from matinee.data.tables.json_table import json_table
from matinee.data.tables.lines import BLOCK
from matinee.data.tables.parquet import read_parquet
from matinee.data.tables.table import Table, table_of_frame
from matinee.data.tables.text_table import text_table
from matinee.errors import DataError

__all__ = ["SUFFIXES", "open_table"]

SUFFIXES = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".json", ".gz")
"""Endings of file names that are tables."""


def open_table(path_or_frame: object, block: int = BLOCK) -> Table:
    """A table by path, or a polars or pandas frame; delimited text is read `block` bytes at a time.

    Raises:
        DataError: no such file, or nothing that is a table.
    """
    if isinstance(path_or_frame, pl.LazyFrame):
        path_or_frame = path_or_frame.collect()
    if isinstance(path_or_frame, pl.DataFrame):
        return table_of_frame("the frame", path_or_frame)
    if hasattr(path_or_frame, "to_dict") and hasattr(path_or_frame, "columns"):
        return table_of_frame("the frame", _from_pandas(path_or_frame))
    if not isinstance(path_or_frame, (str, Path)):
        kind = type(path_or_frame).__name__
        raise DataError(f"a {kind} is no table; give a path, or a polars or pandas frame")
    path = Path(path_or_frame).expanduser()
    if path.is_dir():
        raise DataError(f"{path} is a folder; name the file in it")
    suffixes = {each.lower() for each in path.suffixes[-2:]}
    if ".parquet" in suffixes:
        return table_of_frame(str(path), read_parquet(path))
    if {".jsonl", ".ndjson", ".json"} & suffixes:
        return json_table(path)
    return text_table(path, block)


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
