"""Inverses of and solutions with a symmetric positive definite matrix of any size."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["LAPACK_LIMIT", "inverse_from_rows", "invert", "solve_in_place"]

LAPACK_LIMIT = 10_000
"""Rows of the largest matrix that LAPACK factors in one call. From some 14,000 rows on, the
threaded Cholesky of SciPy's OpenBLAS ends the process."""

_STRIP = 2048
"""Columns or rows per step while a matrix is factored by halves."""


def invert(upper: NDArray[np.float64], *, limit: int = LAPACK_LIMIT, strip: int = _STRIP) -> bool:
    """Replaces a symmetric matrix by its inverse, with Cholesky, in place.

    Returns whether the matrix is positive definite. If it is not, its entries are lost.

    Args:
        upper: `float64[n, n]`, C order. Only the upper triangle is read and written.
        limit: see `LAPACK_LIMIT`.
        strip: columns or rows per step of a larger matrix.
    """
    from scipy.linalg import lapack

    if not _factor(upper, limit, strip):
        return False
    # LAPACK stores columns first, so our upper triangle is its lower triangle
    _, failed = lapack.dpotri(upper.T, lower=True, overwrite_c=True)
    return not failed


def inverse_from_rows(
    rows: sp.csr_array,
    ridge: NDArray[np.float64],
    *,
    limit: int = LAPACK_LIMIT,
    strip: int = _STRIP,
) -> NDArray[np.float64]:
    """Upper triangle of `(X' X + D)^-1`, `float64[n, n]`, for an `X` with few rows.

    With `W = X D^-1/2`, this is `D^-1/2 (I - W' (I + W W')^-1 W) D^-1/2` (Woodbury's identity), so
    the matrix to be factored has one row per row of `X`. With `m` rows, some `m^2 n + m n^2`
    multiplications take the place of `n^3 / 2`. The lower triangle has no meaning.

    Args:
        rows: `float[m, n]`, `X`.
        ridge: `float64[n]`, the diagonal `D`, all above 0.
        limit: see `LAPACK_LIMIT`.
        strip: columns or rows per step.
    """
    from scipy.linalg import get_blas_funcs

    root = np.sqrt(ridge)
    wide = (rows.astype(np.float64) / root).toarray()
    m, n = wide.shape
    small = np.eye(m)
    for start in range(0, m, strip):
        small[start : start + strip, start:] += wide[start : start + strip] @ wide[start:].T
    _factor(small, limit, strip)
    (solve_triangular,) = get_blas_funcs(("trsm",), (small,))
    inverse = np.zeros((n, n))
    for start in range(0, n, strip):
        columns = np.asfortranarray(wide[:, start : start + strip])
        wide[:, start : start + strip] = solve_triangular(
            1.0, small.T, columns, lower=True, overwrite_b=True
        )
    for start in range(0, n, strip):
        part = inverse[start : start + strip, start:]
        np.matmul(wide[:, start : start + strip].T, wide[:, start:], out=part)
        part *= -1 / root[start:]
        part /= root[start : start + strip, None]
    inverse[np.diag_indices(n)] += 1 / ridge
    return inverse


def solve_in_place(
    upper: NDArray[np.floating],
    right: NDArray[np.floating],
    *,
    limit: int = LAPACK_LIMIT,
    strip: int = _STRIP,
) -> bool:
    """Replaces `right` by the solution `x` of `matrix x = right`, and the matrix by its factor.

    Returns whether the matrix is positive definite. If it is not, all entries are lost.

    Args:
        upper: `float[n, n]`, C order, single or double precision. Only the upper triangle is read.
        right: `float[n, m]` of the same precision.
        limit: see `LAPACK_LIMIT`.
        strip: columns or rows per step.
    """
    from scipy.linalg import get_blas_funcs

    if not _factor(upper, limit, strip):
        return False
    (solve_triangular,) = get_blas_funcs(("trsm",), (upper,))
    for start in range(0, right.shape[1], strip):
        columns = np.asfortranarray(right[:, start : start + strip])
        for transposed in (False, True):  # R' y = right, R x = y, and upper.T is R'
            columns = solve_triangular(
                1.0, upper.T, columns, lower=True, trans_a=transposed, overwrite_b=True
            )
        right[:, start : start + strip] = columns
    return True


def _factor(upper: NDArray[np.floating], limit: int, strip: int) -> bool:
    """Replaces a matrix by `R`, upper triangular with `R' R` equal to the matrix.

    A large matrix is factored by halves. `R` consists of the factor of the first half, of
    `inv(R11') B` to its right, and of the factor of the second half minus the square of that block.
    """
    from scipy.linalg import get_blas_funcs, get_lapack_funcs

    if len(upper) <= limit:
        part = np.ascontiguousarray(upper)
        (cholesky,) = get_lapack_funcs(("potrf",), (part,))
        root, failed = cholesky(part.T, lower=True, overwrite_a=True, clean=False)
        if not np.may_share_memory(root, upper):
            upper[:] = root.T
        return not failed
    half = len(upper) // 2
    first, right, second = upper[:half, :half], upper[:half, half:], upper[half:, half:]
    if not _factor(first, limit, strip):
        return False
    root = np.ascontiguousarray(first).T
    (solve_triangular,) = get_blas_funcs(("trsm",), (root,))
    for start in range(0, right.shape[1], strip):
        columns = np.asfortranarray(right[:, start : start + strip])
        solved = solve_triangular(1.0, root, columns, lower=True, overwrite_b=True)
        right[:, start : start + strip] = solved
    del root
    for start in range(0, len(second), strip):
        rows = slice(start, start + strip)
        second[rows, start:] -= right[:, rows].T @ right[:, start:]
    return _factor(second, limit, strip)
