"""Lists of names as a matrix of ones and zeros."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import scipy.sparse as sp

__all__ = ["multi_hot"]


def multi_hot(
    lists: Iterable[Sequence[str]], min_count: int = 1
) -> tuple[sp.csr_array, tuple[str, ...]]:
    """One row per list, one column per name: 1 where the list has the name, however often.

    Args:
        lists: for instance the genres of every film.
        min_count: number of lists a name must be in to get a column.

    Returns:
        `float32[n_lists, n_names]`, columns sorted in every row, and the names of the columns in
        alphabetical order.
    """
    rows = [dict.fromkeys(each) for each in lists]
    counts = Counter(name for row in rows for name in row)
    names = tuple(sorted(name for name, count in counts.items() if count >= min_count))
    columns = {name: column for column, name in enumerate(names)}
    entries = [sorted(columns[name] for name in row if name in columns) for row in rows]
    bounds = np.concatenate([[0], np.cumsum([len(each) for each in entries], dtype=np.int64)])
    indices = np.array([column for row in entries for column in row], dtype=np.int32)
    ones = np.ones(len(indices), dtype=np.float32)
    matrix = sp.csr_array((ones, indices, bounds), shape=(len(rows), len(names)))
    return matrix, names
