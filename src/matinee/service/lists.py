"""Tables of many answers as files: lists of all viewers, predicted ratings, vectors of films."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data import Interactions
from matinee.errors import FailureError, OptionError
from matinee.files import require_writable, write_file
from matinee.pipeline.batch import lists_in_blocks
from matinee.pipeline.recommender import Recommender

__all__ = [
    "check_table_file",
    "check_vectors_file",
    "write_lists",
    "write_table",
    "write_vectors",
]

_TABLES = (".parquet", ".csv")
_VECTORS = (*_TABLES, ".npy")


def check_table_file(path: Path) -> None:
    """Checks a file name before hours of work end in it.

    Raises:
        OptionError: another ending than .parquet and .csv.
        InputError: the path is a folder, or its folder cannot be written.
    """
    _check(path, _TABLES)


def check_vectors_file(path: Path) -> None:
    """The same for vectors, which can also be .npy."""
    _check(path, _VECTORS)


def _check(path: Path, suffixes: Sequence[str]) -> None:
    if path.suffix not in suffixes:
        raise OptionError(f"{path} must end in {' or '.join(suffixes)}")
    require_writable(path)


def write_table(frame: pl.DataFrame, path: Path) -> None:
    """Writes a frame as Parquet or CSV, by the ending.

    Raises:
        InputError: see `check_table_file`.
        FailureError: the file cannot be written.
    """
    check_table_file(path)
    content = io.BytesIO()
    if path.suffix == ".csv":
        frame.write_csv(content)
    else:
        frame.write_parquet(content)
    write_file(path, content.getvalue())


def write_vectors(vectors: pl.DataFrame, path: Path) -> None:
    """Writes the frame of `item_vectors`: .npy has the vectors alone, .csv a column per number.

    Raises:
        InputError: see `check_vectors_file`.
        FailureError: the file cannot be written.
    """
    check_vectors_file(path)
    numbers = vectors["vector"].to_numpy()
    if path.suffix == ".npy":
        content = io.BytesIO()
        np.save(content, numbers, allow_pickle=False)
        write_file(path, content.getvalue())
    elif path.suffix == ".csv":
        columns = {f"v{place}": numbers[:, place] for place in range(numbers.shape[1])}
        write_table(vectors.drop("vector").with_columns(pl.DataFrame(columns)), path)
    else:
        write_table(vectors, path)


def write_lists(
    recommender: Recommender,
    interactions: Interactions,
    n: int,
    path: Path,
    progress: Callable[[int, int], None],
    *,
    allowed: NDArray[np.bool_] | None = None,
    block: int = 8192,
) -> int:
    """Writes the columns of `lists_in_blocks` as Parquet or CSV; returns the number of rows.

    Blocks of viewers are written aside and joined, so memory is bounded; the file appears complete
    or not at all. `progress` is called with the viewers done and all viewers.

    Raises:
        InputError: see `check_table_file` and `lists_in_blocks`.
        FailureError: the file cannot be written.
    """
    check_table_file(path)
    rows, viewers = 0, interactions.n_users
    try:
        with tempfile.TemporaryDirectory(prefix=".lists-", dir=path.parent) as folder:
            for number, frame in enumerate(
                lists_in_blocks(recommender, interactions, n, allowed=allowed, block=block)
            ):
                frame.write_parquet(Path(folder) / f"{number:06}.part")
                rows += len(frame)
                progress(min(viewers, (number + 1) * block), viewers)
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
