"""Writes the recommendations of all viewers to one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from matinee.data import Interactions
from matinee.errors import FailureError
from matinee.pipeline.batch import lists_in_blocks
from matinee.pipeline.recommender import Recommender
from matinee.service.frame_file import write_frames

__all__ = ["write_lists"]


def write_lists(
    recommender: Recommender,
    interactions: Interactions,
    n: int,
    path: Path,
    progress: Callable[[int, int], None],
    *,
    allowed: NDArray[np.bool_] | None = None,
    first: NDArray[np.bool_] | None = None,
    block: int = 8192,
) -> int:
    """Writes the columns of `lists_in_blocks` with `write_frames`; returns the number of rows.

    `progress` is called with the viewers done and all viewers.

    Raises:
        InputError: see `check_frame_file` and `lists_in_blocks`.
        FailureError: the file cannot be written, or no viewer gets a film.
    """
    viewers = interactions.n_users
    blocks = lists_in_blocks(
        recommender, interactions, n, allowed=allowed, first=first, block=block
    )

    def frames() -> Iterator[pl.DataFrame]:
        for number, frame in enumerate(blocks):
            yield frame
            progress(min(viewers, (number + 1) * block), viewers)

    rows = write_frames(frames(), path)
    if not rows:
        raise FailureError("no unseen film is left for any viewer; nothing is written")
    return rows
