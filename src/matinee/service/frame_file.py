"""Writes many data frames to one file, without having them in memory at once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from matinee.errors import FailureError, OptionError
from matinee.files import require_writable

__all__ = ["SUFFIXES", "check_frame_file", "write_frames"]

SUFFIXES = (".parquet", ".csv", ".jsonl")


def check_frame_file(path: Path, suffixes: Sequence[str] = SUFFIXES) -> None:
    """Checks a file name before long work starts.

    Raises:
        OptionError: another ending than one of `suffixes`.
        InputError: the path is a folder, or its folder cannot be written.
    """
    if path.suffix not in suffixes:
        raise OptionError(f"{path} must end in {', '.join(suffixes[:-1])} or {suffixes[-1]}")
    require_writable(path)


def write_frames(frames: Iterable[pl.DataFrame], path: Path) -> int:
    """Writes frames of the same columns below one another; returns the number of rows.

    They are written aside and joined, so memory is bounded; the file appears complete or not at
    all, and not without rows.

    Raises:
        OptionError, InputError: see `check_frame_file`.
        FailureError: the file cannot be written.
    """
    check_frame_file(path)
    rows = 0
    try:
        with tempfile.TemporaryDirectory(prefix=".frames-", dir=path.parent) as folder:
            for number, frame in enumerate(frames):
                frame.write_parquet(Path(folder) / f"{number:06}.part")
                rows += len(frame)
            if not rows:
                return 0
            parts = pl.scan_parquet(Path(folder) / "*.part")
            complete = Path(folder) / "complete"
            match path.suffix:
                case ".csv":
                    parts.sink_csv(complete)
                case ".jsonl":
                    parts.sink_ndjson(complete)
                case _:
                    parts.sink_parquet(complete)
            complete.replace(path)
    except OSError as error:
        raise FailureError(f"{path} cannot be written: {error.strerror or error}") from None
    return rows
