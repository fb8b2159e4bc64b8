"""Opens a table in any form: delimited text, JSON, Parquet, or a polars or pandas frame."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from matinee.data.tables.json_table import json_table
from matinee.data.tables.layout import Table, table_of_frame
from matinee.data.tables.lines import BLOCK
from matinee.data.tables.text_table import text_table
from matinee.errors import DataError

__all__ = ["SUFFIXES", "as_frame", "open_table", "read_parquet"]

SUFFIXES = (
    *(".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".json", ".gz"),
    *(".dat", ".data", ".txt", ".tab", ".psv", ".inter", ".item"),
)
"""Endings of the names of files in folders that can be tables; a file by its path may have any."""
_MOST_VALUES = 4_000_000_000
"""Rows times columns: 32 GB of numbers."""
_READER = """
import sys

import polars as pl

path, copy, most = sys.argv[1], sys.argv[2], int(sys.argv[3])
try:
    table = pl.scan_parquet(path)
    values = table.select(pl.len()).collect().item() * max(1, len(table.collect_schema()))
    if values > most:
        print(f"it declares {values:,} values, more than {most:,}")
    else:
        table.collect().write_ipc(copy)
except (pl.exceptions.PolarsError, OSError) as error:
    print(str(error).splitlines()[0])
"""


def open_table(path_or_frame: object, block: int = BLOCK) -> Table:
    """A table by path, or a polars or pandas frame; text is read `block` bytes at a time.

    An open table is returned as it is.
    """
    if isinstance(path_or_frame, Table):
        return path_or_frame
    frame = as_frame(path_or_frame)
    if frame is not None:
        return table_of_frame("the frame", frame)
    if not isinstance(path_or_frame, (str, Path)):
        kind = type(path_or_frame).__name__
        raise DataError(f"a {kind} is no table; give a path, or a polars or pandas frame")
    path = Path(path_or_frame).expanduser()
    if path.is_dir():
        raise DataError(f"{path} is a folder; name the file in it")
    suffixes = {each.lower() for each in path.suffixes[-2:]}
    if ".parquet" in suffixes or _starts_with(path, b"PAR1"):
        return table_of_frame(str(path), read_parquet(path))
    if {".jsonl", ".ndjson", ".json"} & suffixes:
        return json_table(path)
    return text_table(path, block)


def as_frame(value: object) -> pl.DataFrame | None:
    """A polars or pandas frame as a polars frame; `None` for anything else."""
    if isinstance(value, pl.LazyFrame):
        value = value.collect()
    if isinstance(value, pl.DataFrame):
        return value
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        return _from_pandas(value)
    return None


def _starts_with(path: Path, magic: bytes) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


def read_parquet(path: Path, most_values: int = _MOST_VALUES) -> pl.DataFrame:
    """A table in Parquet.

    A damaged or malicious file can abort the process that reads it, because polars believes some of
    its lengths. So another process reads it and writes a plain copy for this one.
    """
    if not path.is_file():
        raise DataError(f"there is no file {path}")
    with tempfile.TemporaryDirectory(prefix="matinee-") as folder:
        copy = Path(folder) / "copy.arrow"
        reading = subprocess.run(  # noqa: S603 - our own program; the path is an argument
            [sys.executable, "-P", "-c", _READER, path.absolute(), copy, str(most_values)],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if reading.returncode != 0 or not copy.exists():
            reason = reading.stdout.strip() or "its lengths make no sense"
            raise DataError(f"{path} is not a whole Parquet file ({reason}); get it again")
        return pl.read_ipc(copy.read_bytes())  # not mapped: the file goes with its folder


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
