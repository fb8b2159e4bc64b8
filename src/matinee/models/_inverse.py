"""The inverse of a symmetric positive definite matrix of films by films, of any size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["LARGEST_WHOLE", "invert", "mirror"]

LARGEST_WHOLE = 10_000
"""Rows of the largest matrix that LAPACK is handed whole: from some 14,000 on the threaded Cholesky
of the OpenBLAS that SciPy brings along ends the process."""


def invert(matrix: NDArray[np.float64], into: NDArray[np.floating] | None = None) -> bool:
    """Puts the inverse in the place of a symmetric matrix; whether it could be done.

    By Cholesky; a large matrix by halves, whose products take about as long as LAPACK does and
    half as much memory again. With the Schur complement `S` of the first half `A`, whose
    neighbour is `B`, and `T = inv(A) B`, the inverse has the blocks `inv(A) + T inv(S) T'`,
    `-T inv(S)` and `inv(S)`. Where it could not be done the matrix is lost.

    Args:
        matrix: `float64[n, n]`, symmetric, rows one after the other or a part of such a one.
        into: `[n, n]`, where the inverse goes instead; `matrix` then has its diagonal alone.
    """
    if len(matrix) <= LARGEST_WHOLE:
        return _invert_whole(matrix, matrix if into is None else into)
    half = len(matrix) // 2
    first, corner, second = matrix[:half, :half], matrix[:half, half:], matrix[half:, half:]
    if not invert(first):
        return False
    towards = first @ corner
    second -= corner.T @ towards
    if not invert(second):
        return False
    np.matmul(towards, -second, out=corner)
    first -= corner @ towards.T
    matrix[half:, :half] = corner.T
    if into is not None:
        into[:] = matrix
    return True


def _invert_whole(matrix: NDArray[np.float64], into: NDArray[np.floating]) -> bool:
    from scipy.linalg import lapack  # noqa: PLC0415  not needed to score

    # LAPACK works in place on column-major arrays; a symmetric matrix is its own transpose
    in_place = matrix.flags.c_contiguous
    precision = matrix.T if in_place else matrix.copy().T
    precision, failed = lapack.dpotrf(precision, lower=True, overwrite_a=True)
    if not failed:
        precision, failed = lapack.dpotri(precision, lower=True, overwrite_c=True)
    if not failed:
        mirror(precision.T, into)
    return not failed


def mirror(upper: NDArray[np.floating], whole: NDArray[np.floating], rows: int = 256) -> None:
    """Fills `whole`, which may be `upper`, with the symmetric matrix of an upper triangle."""
    for start in range(0, len(upper), rows):
        block = upper[start : start + rows, start:].astype(whole.dtype)
        corner = np.triu(block[:, : len(block)])
        block[:, : len(block)] = corner + np.triu(corner, 1).T
        whole[start : start + rows, start:] = block
        whole[start:, start : start + rows] = block.T
