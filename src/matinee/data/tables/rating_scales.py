"""The one decision of a scale: of imported tables, known layouts and a viewer's own ratings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matinee.data.cleaning import Cleaning
from matinee.errors import DataError

__all__ = ["RatedTable", "RatingScale", "rated_rows", "scale_of"]

_FAMILIES = (
    ((0.0, 1.0),),
    ((1.0, 5.0), (0.5, 5.0), (0.0, 5.0)),
    ((1.0, 10.0), (0.5, 10.0), (0.0, 10.0)),
    ((0.0, 100.0),),
)
"""Common scales, narrow ones first. Scales of a family differ in their lowest rating."""
_SIGNED = ((-1.0, 1.0), (-5.0, 5.0), (-10.0, 10.0))
"""Scales from dislike to like, narrow ones first."""
_STRAY = 0.01
"""Share of ratings that may lie off a scale before another one is chosen."""
_ABOVE = (99.0, 999.0, 9999.0)
"""What tables of ratings up to 10 write for "not rated"."""
_FEWEST = 50
"""Ratings from which their distribution says something."""
_LOW_HALF = 0.2
"""Part of the highest number below which the lower half of counts lies, and of ratings does not."""
_OFTEN = 0.1
"""Share of zeros below which they are ratings like any other."""


@dataclass(frozen=True)
class RatingScale:
    """Lowest and highest rating that viewers could give, and what else stands among the ratings.

    Attributes:
        low: the lowest rating.
        high: the highest rating.
        origin: how the scale is known: "guessed from the ratings", "as given" ...
        unrated: numbers among the ratings that mean "not rated", as -1 and 0.
        counts: whether the numbers look like counts of plays instead of ratings.
    """

    low: float
    high: float
    origin: str
    unrated: tuple[float, ...] = ()
    counts: bool = False

    @property
    def ends(self) -> tuple[float, float]:
        return self.low, self.high

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}"


class RatedTable(NamedTuple):
    """Where ratings stand: the file as messages call it, their column, the line of a row."""

    source: str
    column: str
    line_of: Callable[[int], int]


def scale_of(
    values: NDArray[np.floating],
    *,
    choice: tuple[float, float] | None = None,
    unit: tuple[float | None, float] | None = None,
    usual: tuple[float, float] | None = None,
) -> RatingScale:
    """The scale of some finite ratings `[n]`.

    Without help it is the narrowest common scale that holds all ratings, or all but a hundredth,
    which are then off the scale; if there is none, from the lowest to the highest.

    "Not rated" is the only number below 0 beside numbers above 1, 99 beside numbers up to 10, and 0
    where it stands far more often than all other low ratings. With a scale of choice it is -1
    and 0 below it.

    Args:
        values: the ratings.
        choice: the scale as the user names it; it always holds.
        unit: the scale as a header states it, see `unit_of`.
        usual: the scale of the layout or site the ratings come from. It or `unit` holds unless more
            than one and a hundredth of the ratings lie off it.
    """
    if choice is not None:
        return RatingScale(*choice, "as given", _marks_below(values, choice[0]))
    if not len(values):
        return RatingScale(*(usual or (1.0, 5.0)), "that of the layout" if usual else "assumed")
    if usual is not None and values.max() <= 1 and values.min() < usual[0]:
        usual = None  # thumbs
    for stated, origin in ((_whole_unit(values, unit), "by the column's name"), (usual, "usual")):
        if stated is not None:
            marks = _marks_below(values, stated[0])
            if _holds_but_strays(_without(values, marks), stated):
                return RatingScale(*stated, origin, marks)
    marks = _marks(values)
    rated = _without(values, marks)
    low, high = _guess(rated)
    origin = "guessed from the ratings"
    return RatingScale(low, high, origin, marks, counts=_are_counts(rated, high))


def rated_rows(
    values: NDArray[np.float32],
    scale: RatingScale,
    table: RatedTable,
    cleaning: Cleaning,
) -> NDArray[np.bool_] | None:
    """A mask `[n]` of the ratings on a scale; `None` if all are.

    Numbers that mean "not rated" are counted, others off the scale are malformed lines.

    Raises:
        DataError: no rating is on the scale, or the numbers are counts.
    """
    source, column, line_of = table
    if scale.counts:
        raise DataError(
            f"{source}: {column!r} looks like counts, from {values.min():g} to {values.max():g}; "
            f"import it with --column count={column!r}, or with --scale LOW HIGH if they are "
            f'ratings (in Python columns={{"count": {column!r}}}, or scale=(LOW, HIGH))'
        )
    low, high = np.float32(scale.low), np.float32(scale.high)
    if low <= values.min() and values.max() <= high and not scale.unrated:
        return None
    rated = np.ones(len(values), dtype=np.bool_)
    for mark in scale.unrated:
        marked = values == np.float32(mark)
        rated &= ~marked
        first = f"{source}, line {line_of(int(np.flatnonzero(marked)[0]))}"
        keep = f"--scale {min(mark, scale.low):g} {max(mark, scale.high):g} keeps them"
        kind = f'ratings of {mark:g} left out as "not rated"'
        cleaning.count(kind, int(np.count_nonzero(marked)), f"{first}; {keep}")
    inside: NDArray[np.bool_] = (values >= low) & (values <= high)
    for row in np.flatnonzero(rated & ~inside).tolist():
        cleaning.bad_line(source, line_of(row), f"rating {values[row]:g} is outside {scale}")
    inside &= rated
    if not inside.any():
        raise DataError(f"{source} holds no rating from {scale}; give another --scale")
    return inside


def _marks_below(values: NDArray[np.floating], low: float) -> tuple[float, ...]:
    return tuple(mark for mark in (-1.0, 0.0) if mark < low and (values == mark).any())


def _whole_unit(
    values: NDArray[np.floating], unit: tuple[float | None, float] | None
) -> tuple[float, float] | None:
    """A unit with its lowest rating: that of a common scale which holds the ratings."""
    if unit is None or unit[0] is not None:
        return unit  # type: ignore[return-value]
    high, lowest = unit[1], float(values[values > 0].min(initial=unit[1]))
    common = [scale for family in _FAMILIES[1:] for scale in family if scale[1] == high]
    return next((scale for scale in common if scale[0] <= lowest), (0.0, high))


def _holds_but_strays(values: NDArray[np.floating], scale: tuple[float, float]) -> bool:
    """Whether ratings lie on a scale, but for one or a hundredth of them."""
    inside = np.count_nonzero((values >= scale[0]) & (values <= scale[1]))
    return bool(0 < inside >= len(values) - max(1, _STRAY * len(values)))


def _marks(values: NDArray[np.floating]) -> tuple[float, ...]:
    """The numbers that mean "not rated" on a scale nobody names."""
    marks: list[float] = []
    high = float(values.max())
    if high in _ABOVE:
        others = _without(values, (high,))
        many = len(values) >= _FEWEST or (len(others) > 0 and others.min() < 0)
        if many and len(others) and others.max() <= 10:
            marks.append(high)
            values = others
    low = float(values.min())
    if low < 0 and low % 1 == 0 and (low == -1 or len(values) >= _FEWEST):
        others = _without(values, (low,))
        lowest, highest = others.min(initial=np.inf), others.max(initial=-np.inf)
        likes = np.unique(others[others > 0][: 1 << 20]) if lowest >= 0 else ()
        if highest > 1 and lowest >= 0 and (low == -1 or len(likes) > 1):
            marks.append(low)
            values, low = others, float(lowest)
    if low == 0 and _zeros_are_marks(values):
        marks.append(0.0)
    return tuple(marks)


def _zeros_are_marks(values: NDArray[np.floating]) -> bool:
    """Whether 0 stands far more often than all other low ratings together."""
    rated = values[values > 0]
    zeros = len(values) - len(rated)
    if len(values) < _FEWEST or zeros < _OFTEN * len(values):
        return False
    high = _guess(rated)[1] if len(rated) else 0.0
    lowest = np.count_nonzero(rated <= 0.3 * high)
    return bool(high > 1 and zeros > 5 * lowest and len(np.unique(rated)) > 2)


def _without(values: NDArray[np.floating], marks: tuple[float, ...]) -> NDArray[np.floating]:
    for mark in marks:
        values = values[values != mark]
    return values


def _guess(values: NDArray[np.floating]) -> tuple[float, float]:
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
    scales = (*(best or ()), *_SIGNED, (low, high))
    return next(scale for scale in scales if _holds(scale, low, high))


def _are_counts(values: NDArray[np.floating], high: float) -> bool:
    """Whether whole numbers fit no common scale, or have a long tail.

    A tail is long if most numbers are 1 and ever fewer higher, or if there are numbers beyond 10
    and half of all are at most a fifth of the highest.
    """
    if high <= 5 or values.min() < 0 or (values % 1).any():
        return False
    if high > 100:
        return True
    if len(values) < _FEWEST:
        return False
    if high > 10 and np.median(values) <= _LOW_HALF * values.max():
        return True
    often = np.array([np.count_nonzero(values == each) for each in range(1, 6)])
    return bool(often[0] >= 0.4 * len(values) and (often[1:] <= often[:-1]).all())


def _holds(scale: tuple[float, float], low: float, high: float) -> bool:
    return scale[0] <= low and high <= scale[1]
