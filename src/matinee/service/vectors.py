"""Writes vectors of films to a file."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import polars as pl

from matinee.files import write_file
from matinee.service.frame_file import SUFFIXES, check_frame_file, write_frames

__all__ = ["check_vectors_file", "write_vectors"]


def check_vectors_file(path: Path) -> None:
    """Checks a file name before a fit; as `check_frame_file`, with .npy allowed."""
    check_frame_file(path, (*SUFFIXES, ".npy"))


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
        return
    if path.suffix == ".csv":
        columns = {f"v{place}": numbers[:, place] for place in range(numbers.shape[1])}
        vectors = vectors.drop("vector").with_columns(pl.DataFrame(columns))
    write_frames([vectors], path)
