"""Similarity of two rows of ratings, over what both of them rated."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import Csr, compiled

__all__ = ["compare"]

_LEAST_COMMON = 2
"""Common ratings below which two rows are not compared: a single one always agrees perfectly."""


@compiled(parallel=True)
def compare(
    rows: Csr,
    others: Csr,
    same: bool,  # noqa: FBT001  numba has no keyword-only arguments
    centred: bool,  # noqa: FBT001
    shrinkage: np.float32,
    similarity: NDArray[np.float32],
) -> None:
    """Fills `similarity[i, j]` with the cosine of rows `i` and `j` over their common ratings.

    With `n` common ratings it is multiplied by `(n - 1) / (n - 1 + shrinkage)`. It is 0 where
    `n < 2` or one side is all zeros. The four sums of a pair lie together in memory, and one pass
    over the ratings of a row fills those of all its pairs.

    Args:
        rows: ratings of the rows to compare.
        others: the transpose of the rows to compare them with; columns ascend.
        same: rows are compared with each other, and only entries above the diagonal are filled.
        centred: subtract the mean of the common ratings on each side first (Pearson).
        shrinkage: common ratings, less one, at which half of the cosine remains.
        similarity: `float32[rows, n]`, overwritten.
    """
    (starts, columns, values), (other_starts, other_rows, other_values) = rows, others
    shards = min(64, len(similarity))
    for shard in numba.prange(shards):
        squares = np.empty((similarity.shape[1], 4), dtype=np.float32)
        sums = np.zeros((similarity.shape[1], 2), dtype=np.float32)
        for row in range(shard, len(similarity), shards):
            first = row + 1 if same else 0
            squares[first:] = 0
            sums[first:] = 0
            for entry in range(starts[row], starts[row + 1]):
                x, rated = values[entry], columns[entry]
                start, stop = other_starts[rated], other_starts[rated + 1]
                _add_squares(x, other_rows, other_values, start, stop, first, squares)
                if centred:
                    _add_sums(x, other_rows, other_values, start, stop, first, sums)
            if centred:
                _centre(first, squares, sums)
            for column in range(first, len(squares)):
                n = squares[column, 0]
                xx, yy, xy = squares[column, 1], squares[column, 2], squares[column, 3]
                nothing = np.float32(1e-5) * n  # rounding leaves this much of a constant side
                cosine = np.float32(0)
                if n >= _LEAST_COMMON and xx > nothing and yy > nothing:
                    evidence = n - np.float32(1)
                    cosine = xy / np.sqrt(xx * yy) * evidence / (evidence + shrinkage)
                similarity[row, column] = cosine


@compiled()
def _add_squares(
    x: np.float32,
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    start: int,
    stop: int,
    first: int,
    squares: NDArray[np.float32],
) -> None:
    for n in range(stop - 1, start - 1, -1):
        column, y = columns[n], values[n]
        if column < first:
            break
        squares[column, 0] += np.float32(1)
        squares[column, 1] += x * x
        squares[column, 2] += y * y
        squares[column, 3] += x * y


@compiled()
def _add_sums(
    x: np.float32,
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    start: int,
    stop: int,
    first: int,
    sums: NDArray[np.float32],
) -> None:
    for n in range(stop - 1, start - 1, -1):
        column = columns[n]
        if column < first:
            break
        sums[column, 0] += x
        sums[column, 1] += values[n]


@compiled()
def _centre(first: int, squares: NDArray[np.float32], sums: NDArray[np.float32]) -> None:
    """Replaces sums of squares and products by those of deviations from the means."""
    for column in range(first, len(squares)):
        n = max(squares[column, 0], np.float32(1))
        x, y = sums[column, 0], sums[column, 1]
        squares[column, 1] -= x * x / n
        squares[column, 2] -= y * y / n
        squares[column, 3] -= x * y / n
