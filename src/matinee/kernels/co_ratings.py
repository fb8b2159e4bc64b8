"""How alike two rows of ratings are, by what both of them rated."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["compare", "mirror"]

_LEAST_COMMON = 2
"""Ratings in common below which two rows are not compared: one is always in perfect agreement."""

_TILE = 64
"""Rows and columns mirrored at a time, so that both sides stay in the cache."""


@compiled(parallel=True)
def compare(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    values: NDArray[np.float32],
    other_indptr: NDArray[np.int32],
    other_indices: NDArray[np.int32],
    other_values: NDArray[np.float32],
    same: bool,  # noqa: FBT001  numba has no keyword-only arguments
    centred: bool,  # noqa: FBT001
    shrinkage: np.float32,
    likeness: NDArray[np.float32],
) -> None:
    """Fills `likeness[i, j]` with the cosine of row `i` and row `j` over what both rated.

    It is multiplied by `(n - 1) / (n - 1 + shrinkage)`, `n` the ratings in common, and 0 where
    `n < 2` or one side is zero throughout. The sums of one row with all others are kept together,
    four numbers a pair that are moved as one, and filled in one pass over what shares anything.

    Args:
        indptr: `int32[rows + 1]`, the rows that are compared.
        indices: `int32[nnz]`, what they rated.
        values: `float32[nnz]`, and how.
        other_indptr: `int32[columns + 1]`, the rows they are compared with, by what was rated.
        other_indices: `int32[nnz2]`, whose rating it is, a column of `likeness`; ascending.
        other_values: `float32[nnz2]`.
        same: rows are compared with each other; only what is right of the diagonal is filled.
        centred: subtract the mean of the common ratings on each side first (Pearson).
        shrinkage: ratings in common, less one, that count as half the evidence.
        likeness: `float32[rows, n]`, overwritten.
    """
    hands = 64
    for hand in numba.prange(hands):
        squares = np.empty((likeness.shape[1], 4), dtype=np.float32)
        sums = np.zeros((likeness.shape[1], 2), dtype=np.float32)
        for row in range(hand, len(likeness), hands):
            first = row + 1 if same else 0
            squares[first:] = 0
            sums[first:] = 0
            for entry in range(indptr[row], indptr[row + 1]):
                x, rated = values[entry], indices[entry]
                start, stop = other_indptr[rated], other_indptr[rated + 1]
                _add_squares(x, other_indices, other_values, start, stop, first, squares)
                if centred:
                    _add_sums(x, other_indices, other_values, start, stop, first, sums)
            if centred:
                _centre(first, squares, sums)
            for column in range(first, len(squares)):
                n = squares[column, 0]
                xx, yy, xy = squares[column, 1], squares[column, 2], squares[column, 3]
                nothing = np.float32(1e-5) * n  # what rounding leaves of a constant side
                alike = np.float32(0)
                if n >= _LEAST_COMMON and xx > nothing and yy > nothing:
                    evidence = n - np.float32(1)
                    alike = xy / np.sqrt(xx * yy) * evidence / (evidence + shrinkage)
                likeness[row, column] = alike


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
    """Turns sums of squares and products into those of deviations from the means."""
    for column in range(first, len(squares)):
        n = max(squares[column, 0], np.float32(1))
        x, y = sums[column, 0], sums[column, 1]
        squares[column, 1] -= x * x / n
        squares[column, 2] -= y * y / n
        squares[column, 3] -= x * y / n


@compiled(parallel=True)
def mirror(square: NDArray[np.float32]) -> None:
    """Copies what is right of the diagonal to its left; `square` is `float32[n, n]`."""
    n = len(square)
    tiles = (n + _TILE - 1) // _TILE
    for tile in numba.prange(tiles):
        for other in range(tile, tiles):
            for i in range(tile * _TILE, min(n, (tile + 1) * _TILE)):
                for j in range(max(i + 1, other * _TILE), min(n, (other + 1) * _TILE)):
                    square[j, i] = square[i, j]
