"""Guesses the scale of ratings from the ratings."""

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
"""Common scales, narrow ones first. Scales of a family differ in their lowest rating."""
_STRAY = 0.01
"""Share of ratings that may lie off a scale before a wider one is chosen."""


def guess_scale(values: NDArray[np.float32]) -> tuple[float, float]:
    """Lowest and highest rating that viewers could give.

    The narrowest common scale that holds all ratings, or all but a hundredth, which are then off
    the scale. If there is none, from the lowest to the highest value.

    Args:
        values: `[n]`, finite.
    """
    if not len(values):
        return (1.0, 5.0)
    low, high = float(values.min()), float(values.max())
    best = next((family for family in _FAMILIES if _holds(family[-1], low, high)), None)
    # Not 0 to 1: many ones and a few larger numbers are counts.
    for family in _FAMILIES[1:]:
        if best in (family, _FAMILIES[0]):
            break
        inside = (values >= family[-1][0]) & (values <= family[-1][1])
        if 1 - np.count_nonzero(inside) / len(values) <= _STRAY:
            low, high = float(values[inside].min()), float(values[inside].max())
            best = family
            break
    if best is None:
        return (low, high)
    return next(scale for scale in best if _holds(scale, low, high))


def _holds(scale: tuple[float, float], low: float, high: float) -> bool:
    return scale[0] <= low and high <= scale[1]
