"""Converts numbers to JSON."""

from __future__ import annotations

import math

from matinee.experiments.statistics.bootstrap import Interval

__all__ = ["plain_bounds", "plain_number"]


def plain_number(value: float, digits: int | None = None) -> float | None:
    """A number with some or all significant digits, or `None` for NaN and infinity."""
    if not math.isfinite(value):
        return None
    return value if digits is None else float(f"{value:.{digits}g}")


def plain_bounds(bounds: Interval, digits: int | None = None) -> list[float | None]:
    """An interval as a list of two."""
    return [plain_number(bounds.low, digits), plain_number(bounds.high, digits)]
