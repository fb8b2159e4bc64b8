"""Means of each viewer's ratings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.metrics._lists import quotient

__all__ = ["viewer_means"]


def viewer_means(each: NDArray[np.floating], bounds: NDArray[np.integer]) -> NDArray[np.float64]:
    """`float64[n]`: mean of `each[bounds[v]:bounds[v + 1]]`; NaN for a viewer without ratings."""
    counts = np.diff(bounds)
    viewers = np.repeat(np.arange(len(counts)), counts)
    return quotient(np.bincount(viewers, weights=each, minlength=len(counts)), counts, counts)
