"""Which scale ratings were given on, guessed from the ratings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["guess_scale"]

_FAMILIES = (
    ((0.0, 1.0),),
    ((1.0, 5.0), (0.5, 5.0), (0.0, 5.0)),
    ((1.0, 10.0), (0.5, 10.0), (0.0, 10.0)),
    ((0.0, 100.0),),
)
"""Scales in use, the narrower first; those of a family differ in what they call the worst."""
_STRAY = 0.01
"""Share of ratings that may lie off a scale before another is believed."""


def guess_scale(values: NDArray[np.float32]) -> tuple[float, float]:
    """Lowest and highest rating that could be given.

    The narrowest scale in use that holds all ratings, or all but a hundredth; those are out of
    scale then. Where none does, from the lowest to the highest value.

    Args:
        values: `[n]`, finite.
    """
    if not len(values):
        return (1.0, 5.0)
    low, high = float(values.min()), float(values.max())
    whole = next((family for family in _FAMILIES if _holds(family[-1], low, high)), None)
    # Not 0 to 1: many ones and a few larger numbers are counts.
    for family in _FAMILIES[1:]:
        if whole in (family, _FAMILIES[0]):
            break
        inside = (values >= family[-1][0]) & (values <= family[-1][1])
        if 1 - np.count_nonzero(inside) / len(values) <= _STRAY:
            low, high = float(values[inside].min()), float(values[inside].max())
            whole = family
            break
    if whole is None:
        return (low, high)
    return next(scale for scale in whole if _holds(scale, low, high))


def _holds(scale: tuple[float, float], low: float, high: float) -> bool:
    return scale[0] <= low and high <= scale[1]
