"""Writes the recommendations of all viewers to one file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

from matinee.data import Interactions
from matinee.errors import FailureError, OptionError
from matinee.files import require_writable
from matinee.pipeline.batch import lists_in_blocks
from matinee.pipeline.recommender import Recommender

__all__ = ["check_lists_file", "write_lists"]

_SUFFIXES = (".parquet", ".csv")


def check_lists_file(path: Path) -> None:
    """Checks a file name before hours of work end in it.

    Raises:
        OptionError: another ending than .parquet and .csv.
        InputError: the path is a folder, or its folder cannot be written.
    """
    if path.suffix not in _SUFFIXES:
        raise OptionError(f"{path} must end in {' or '.join(_SUFFIXES)}")
    require_writable(path)


def write_lists(
    recommender: Recommender,
    interactions: Interactions,
    n: int,
    path: Path,
    progress: Callable[[int, int], None],
    *,
    block: int = 8192,
) -> int:
    """Writes the columns of `lists_in_blocks` as Parquet or CSV; returns the number of rows.

    Blocks of viewers are written aside and joined, so memory is bounded; the file appears complete
    or not at all. `progress` is called with the viewers done and all viewers.

    Raises:
        InputError: see `check_lists_file` and `lists_in_blocks`.
        FailureError: the file cannot be written.
    """
    check_lists_file(path)
    rows, viewers = 0, interactions.n_users
    try:
        with tempfile.TemporaryDirectory(prefix=".lists-", dir=path.parent) as folder:
            for number, frame in enumerate(
                lists_in_blocks(recommender, interactions, n, block=block)
            ):
                frame.write_parquet(Path(folder) / f"{number:06}.part")
                rows += len(frame)
                progress(min(viewers, (number + 1) * block), viewers)
            if not rows:
                raise FailureError("the data set has no viewers; nothing is written")
            parts = pl.scan_parquet(Path(folder) / "*.part")
            complete = Path(folder) / "complete"
            if path.suffix == ".csv":
                parts.sink_csv(complete)
            else:
                parts.sink_parquet(complete)
            complete.replace(path)
    except OSError as error:
        raise FailureError(f"{path} cannot be written: {error.strerror or error}") from None
    return rows
