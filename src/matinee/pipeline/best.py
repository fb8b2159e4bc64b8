"""The best rows of scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.data.checks import whole_number
from matinee.errors import InputError

__all__ = ["best", "require_positive"]


def best(scores: NDArray[np.float32], n: int) -> NDArray[np.int32]:
    """Rows of the `n` highest scores, best first, ties by row, without those of minus infinity.

    Raises:
        InputError: `n` is not positive.
    """
    n = min(require_positive(n), int(np.count_nonzero(scores > -np.inf)))
    if n == 0:
        return np.empty(0, dtype=np.int32)
    threshold = np.partition(scores, len(scores) - n)[len(scores) - n]
    candidates = np.flatnonzero(scores >= threshold)
    order = np.argsort(-scores[candidates], kind="stable")
    return candidates[order[:n]].astype(np.int32)


def require_positive(n: int) -> int:
    """Checks a number of films, of any integer type.

    Raises:
        InputError: it is no whole number, or not positive.
    """
    n = whole_number(n, "the number of films")
    if n < 1:
        raise InputError(f"the number of films must be at least 1, not {n}")
    return n
