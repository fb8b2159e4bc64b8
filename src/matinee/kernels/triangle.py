"""A symmetric matrix of which only the upper triangle is there, made whole."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["spread"]

_TILE = 64
"""Rows and columns of a tile; one of the triangle and the two it goes to stay in the cache."""


@compiled(parallel=True)
def spread(
    upper: NDArray[np.floating],
    scale: NDArray[np.floating],
    diagonal: NDArray[np.floating],
    whole: NDArray[np.float32],
) -> None:
    """Fills `whole` with a symmetric matrix, its columns scaled, and with another diagonal.

    Args:
        upper: `float[n, n]`, on and above the diagonal; what is below is not read.
        scale: `float[n]`, times which every column is taken.
        diagonal: `float[n]`, as it is.
        whole: `float32[n, n]`, overwritten; not the memory of `upper`.
    """
    n = len(whole)
    tiles = (n + _TILE - 1) // _TILE
    for tile in numba.prange(tiles):
        first, last = tile * _TILE, min(n, (tile + 1) * _TILE)
        for start in range(first, n, _TILE):
            for i in range(first, last):
                for j in range(max(i + 1, start), min(n, start + _TILE)):
                    whole[i, j] = upper[i, j] * scale[j]
            for j in range(start, min(n, start + _TILE)):
                for i in range(first, min(last, j)):
                    whole[j, i] = upper[i, j] * scale[i]
        for i in range(first, last):
            whole[i, i] = diagonal[i]
