"""The inverse of a symmetric positive definite matrix of films by films, of any size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["LARGEST_WHOLE", "invert"]

LARGEST_WHOLE = 10_000
"""Rows of the largest matrix whose factor LAPACK is asked for at once: from some 14,000 on the
threaded Cholesky of the OpenBLAS that SciPy brings along ends the process."""

_STRIP = 2048
"""Columns, or rows, that are worked on at once where a matrix is factored by halves."""


def invert(upper: NDArray[np.float64]) -> bool:
    """Puts the inverse of a symmetric matrix in its place; whether it could be done.

    By Cholesky, in place. Where it could not be done the matrix is lost.

    Args:
        upper: `float64[n, n]`, rows one after the other, on and above the diagonal: what is below
            is neither read nor written.
    """
    from scipy.linalg import lapack  # noqa: PLC0415  not needed to score

    if not _factor(upper):
        return False
    # LAPACK's columns are our rows: what is the lower triangle to it is the upper one to us
    _, failed = lapack.dpotri(upper.T, lower=True, overwrite_c=True)
    return not failed


def _factor(upper: NDArray[np.float64]) -> bool:
    """Puts `R`, the upper triangle for which `R' R` is the matrix, in its place.

    A large matrix by halves: `R` has the factor of the first half, `inv(R11') B` beside it, and
    the factor of what the second half has left once the square of that is taken away.
    """
    from scipy.linalg import blas, lapack  # noqa: PLC0415  not needed to score

    if len(upper) <= LARGEST_WHOLE:
        part = np.ascontiguousarray(upper)
        root, failed = lapack.dpotrf(part.T, lower=True, overwrite_a=True, clean=False)
        if not np.may_share_memory(root, upper):
            upper[:] = root.T
        return not failed
    half = len(upper) // 2
    first, beside, second = upper[:half, :half], upper[:half, half:], upper[half:, half:]
    if not _factor(first):
        return False
    root = np.ascontiguousarray(first).T
    for start in range(0, beside.shape[1], _STRIP):
        strip = np.asfortranarray(beside[:, start : start + _STRIP])
        solved = blas.dtrsm(1.0, root, strip, lower=True, overwrite_b=True)
        beside[:, start : start + _STRIP] = solved
    del root
    for start in range(0, len(second), _STRIP):
        rows = slice(start, start + _STRIP)
        second[rows, start:] -= beside[:, rows].T @ beside[:, start:]
    return _factor(second)
