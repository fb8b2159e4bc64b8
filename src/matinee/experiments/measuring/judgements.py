"""Which films of a test a viewer likes, and which they dislike."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import rows_of
from matinee.data.reason import DISLIKED
from matinee.data.splits import Split
from matinee.data.splits.restriction import some_entries

__all__ = ["disliked", "signs"]

_ROUNDING = 1e-6


def signs(split: Split) -> NDArray[np.int8]:
    """`int8[j]`: 1 for a liked film of `split.judgements`, -1 for a disliked one, else 0.

    A rating is a dislike if it is at most four ninths of the scale, and no target where lower
    ratings are none. Likes are the other targets. Counts tell nothing about dislikes.
    """
    judged, (low, high) = split.judgements, split.train.scale
    is_target = np.ones(judged.nnz, dtype=np.bool_)
    if split.test_ratings is not None:
        is_target = np.isin(_keys(judged), _keys(split.targets))
    is_low = judged.data <= low + DISLIKED * (high - low) + _ROUNDING
    if split.train.counts or high <= low:
        is_low[:] = False
    if split.test_ratings is not None:
        is_low &= ~is_target
    return np.where(is_low, -1, is_target).astype(np.int8)


def disliked(split: Split) -> sp.csr_array:
    """`float32[n, n_items]`: the ratings of the test that are dislikes."""
    return some_entries(split.judgements, signs(split) < 0)


def _keys(matrix: sp.csr_array) -> NDArray[np.int64]:
    """One number an entry, by row and column."""
    keys: NDArray[np.int64] = rows_of(matrix) * matrix.shape[1] + matrix.indices
    return keys
