"""Reads Parquet of unknown origin in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

from matinee.errors import DataError

__all__ = ["read_parquet"]

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


def read_parquet(path: Path, most_values: int = _MOST_VALUES) -> pl.DataFrame:
    """A table in Parquet.

    A damaged or malicious file can abort the process that reads it, because polars believes some of
    its lengths. So another process reads it and writes a plain copy for this one.

    Raises:
        DataError: no such file, or it cannot be read whole.
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
