"""A symmetric matrix from its upper triangle."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["fill_symmetric"]

_TILE = 64
"""Rows and columns of a tile; a tile and its two copies fit in the cache."""


@compiled(parallel=True)
def fill_symmetric(
    upper: NDArray[np.floating],
    scale: NDArray[np.floating],
    diagonal: NDArray[np.floating],
    symmetric: NDArray[np.float32],
) -> None:
    """Mirrors an upper triangle, scales its columns and replaces its diagonal.

    Args:
        upper: `float[n, n]`, read on and above the diagonal only.
        scale: `float[n]`, factor of each column.
        diagonal: `float[n]`, not scaled.
        symmetric: `float32[n, n]`, overwritten; must not share memory with `upper`.
    """
    n = len(symmetric)
    tiles = (n + _TILE - 1) // _TILE
    for tile in numba.prange(tiles):
        first, last = tile * _TILE, min(n, (tile + 1) * _TILE)
        for start in range(first, n, _TILE):
            for i in range(first, last):
                for j in range(max(i + 1, start), min(n, start + _TILE)):
                    symmetric[i, j] = upper[i, j] * scale[j]
            for j in range(start, min(n, start + _TILE)):
                for i in range(first, min(last, j)):
                    symmetric[j, i] = upper[i, j] * scale[i]
        for i in range(first, last):
            symmetric[i, i] = diagonal[i]
