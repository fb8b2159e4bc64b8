"""Checks of arrays that callers bring. Compiled kernels read them without checking an index.

`Query`, `Histories` and the verbs of `Model` check what they are given, once; nothing behind them
checks again.
"""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.errors import InputError

__all__ = [
    "film_rows",
    "is_number",
    "rating_on",
    "rating_values",
    "require_csr",
    "require_distinct",
    "require_within",
    "seconds",
    "whole_number",
]

_LARGEST_ROW = np.iinfo(np.int32).max
_LARGEST_RATING = 1e9
"""Sums of products of larger ratings overflow in single precision."""
_LATEST = 2**53
"""Differences of later times overflow, or are inexact in double precision."""


def film_rows(values: object, what: str) -> NDArray[np.int32]:
    """Rows of films, `int32[n]`, from an array or a list of whole numbers.

    Raises:
        InputError: other values, or a row below 0.
    """
    rows = _column(values, what, "iu", "whole numbers, the rows of films")
    if len(rows) and (rows.min() < 0 or (rows.dtype != np.int32 and rows.max() > _LARGEST_ROW)):
        wrong = rows[(rows < 0) | (rows > _LARGEST_ROW)][0]
        raise InputError(f"{what} names film row {wrong}; rows of films are counted from 0")
    return rows.astype(np.int32, copy=False)


def require_within(rows: NDArray[np.integer], n_items: int, what: str) -> None:
    """Checks that rows of films lie below the number of films.

    Raises:
        InputError: one does not.
    """
    if len(rows) and rows.max() >= n_items:
        raise InputError(
            f"{what} names film row {rows.max()} of {n_items:,} films, whose rows are 0 to "
            f"{n_items - 1}"
        )


def require_distinct(rows: NDArray[np.integer], what: str) -> None:
    """Checks that no film is named twice in ascending rows.

    Raises:
        InputError: one is.
    """
    if (rows[1:] == rows[:-1]).any():
        wrong = rows[1:][rows[1:] == rows[:-1]][0]
        raise InputError(f"{what} names film row {wrong} twice; keep one rating of each film")


def rating_values(values: object, what: str) -> NDArray[np.float32]:
    """Ratings, `float32[n]`, from an array or a list of numbers.

    Raises:
        InputError: other values, one that is not finite, or one beyond 1e9.
    """
    numbers = _column(values, what, "iuf", "numbers")
    # a column with NaN has the extremes NaN, which are not within anything
    if len(numbers) and not -_LARGEST_RATING <= numbers.min() <= numbers.max() <= _LARGEST_RATING:
        wrong = numbers[~(np.abs(numbers) <= _LARGEST_RATING)][0]
        raise InputError(f"{what} has {wrong}; ratings are finite numbers, at most 1e9")
    return numbers.astype(np.float32, copy=False)


def seconds(values: object, what: str) -> NDArray[np.int64]:
    """Times in Unix seconds, `int64[n]`, from an array or a list of whole numbers.

    Raises:
        InputError: other values, or one beyond 2^53.
    """
    times = _column(values, what, "iu", "whole numbers, Unix seconds")
    if len(times) and not -_LATEST <= times.min() <= times.max() <= _LATEST:
        wrong = times[(times < -_LATEST) | (times > _LATEST)][0]
        raise InputError(f"{what} has {wrong}, which is no time in Unix seconds")
    return times.astype(np.int64, copy=False)


def whole_number(value: object, what: str) -> int:
    """One whole number, of any integer type.

    Raises:
        InputError: it is none.
    """
    try:
        return index(value)  # type: ignore[arg-type]  # whatever a caller brings
    except TypeError:
        raise InputError(f"{what} must be a whole number, not {value!r}") from None


def require_csr(
    matrix: object, what: str, kind: type[np.generic], shape: tuple[int, int] | None = None
) -> None:
    """Checks that a matrix can be handed to kernels as it is; any shape if omitted.

    Raises:
        InputError: it is no CSR array of this type and shape, or its indices contradict it.
    """
    if not isinstance(matrix, sp.csr_array):
        raise InputError(
            f"{what} must be a scipy.sparse.csr_array, not {type(matrix).__name__}; "
            "convert with scipy.sparse.csr_array(...)"
        )
    if matrix.ndim != 2 or (shape and matrix.shape != shape):
        expected = list(shape) if shape else "[viewers, films]"
        raise InputError(
            f"{what} has the shape {list(matrix.shape)}, not {expected}: a row for each viewer and "
            "a column for each film"
        )
    if matrix.dtype != kind:
        raise InputError(f"{what} must be of {np.dtype(kind)}, not {matrix.dtype}; use astype")
    (n, n_items), starts, columns = matrix.shape, matrix.indptr, matrix.indices
    sound = len(starts) == n + 1 and starts[0] == 0
    sound = sound and starts[-1] == len(columns) == len(matrix.data)
    if not sound or (starts[1:] < starts[:-1]).any():
        raise InputError(f"{what} has row bounds that contradict its entries; build it anew")
    if len(columns) and not 0 <= columns.min() <= columns.max() < n_items:
        wrong = columns[(columns < 0) | (columns >= n_items)][0]
        raise InputError(f"{what} names film row {wrong} of {n_items:,} films")


def _column(values: object, what: str, kinds: str, expected: str) -> NDArray[Any]:
    """One column of numbers; an empty one may have any type."""
    try:
        column = np.asarray(values)
    except (ValueError, TypeError, OverflowError):  # rows of unequal length, for instance
        column = np.empty((0, 0), dtype=np.object_)
    if column.ndim != 1 or (column.size and column.dtype.kind not in kinds):
        raise InputError(
            f"{what} must be one column of {expected}, not {type(values).__name__} of "
            f"{column.dtype}{list(column.shape)}"
        )
    return column


def is_number(value: object) -> bool:
    """Whether a value is one real number, of any such type; True and False are none."""
    real = isinstance(value, int | float | np.integer | np.floating)
    return real and not isinstance(value, bool)


def rating_on(scale: tuple[float, float] | None, rating: object) -> float:
    """One rating of a viewer, on a scale if there is one.

    Raises:
        InputError: no finite number, or off the scale.
    """
    if not is_number(rating) or not np.isfinite(value := float(rating)):  # type: ignore[arg-type]
        raise InputError(f"a rating is a number, not {rating!r}")
    if scale is not None and not scale[0] <= value <= scale[1]:
        raise InputError(f"a rating is between {scale[0]:g} and {scale[1]:g} here, not {value:g}")
    return value
