"""The scale of a viewer's own ratings, and ratings that are not on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matinee.data.exports.export import Export, OwnRating, Scale
from matinee.data.tables.rating_scales import RatingScale, scale_of
from matinee.errors import DataError, OptionError

__all__ = ["OwnScale", "on_scale"]

_STRAY = 0.1
"""Share of ratings off a scale that a site or header names; with more it is another scale."""
_BY_UNIT = "by the column's name"
_SAY_IT = "name their scale with --scale LOW HIGH"


@dataclass(frozen=True)
class OwnScale:
    """The films of an export with ratings on their scale.

    Attributes:
        rows: without ratings off the scale; a mark for "not rated" is no rating.
        ends: lowest and highest rating; `None` if the rows have counts.
        is_guess: whether neither the user, the site nor the header names the scale.
        unrated: number of ratings that were a mark.
        off: places and values of ratings off the scale, which were left out.
    """

    rows: Sequence[OwnRating]
    ends: Scale | None
    is_guess: bool
    unrated: int
    off: tuple[str, ...]


def on_scale(
    export: Export, to_scale: Scale, choice: Scale | None = None, *, to_counts: bool = False
) -> OwnScale:
    """Decides the scale of an export: `choice`, that of the site or header, else by its ratings.

    The guess is that for imported tables (see `scale_of`). A scale that ends where `to_scale`, that
    of the data set, does is `to_scale` itself if this holds all ratings: they stay as they are.
    Counts have no scale and go with a data set of counts, `to_counts`, only.

    Raises:
        OptionError: `choice` does not go from a lower to a higher rating.
        DataError: a rating is outside `choice`, more than a tenth are off the scale of the site or
            header, or the numbers are counts of plays.
    """
    if choice is not None and not choice[0] < choice[1]:
        raise OptionError(f"scale must go from a lower to a higher rating, not {choice}")
    rated = [own for own in export.rows if own.value is not None]
    values = np.array([own.value for own in rated], dtype=np.float64)
    named = choice or export.scale
    scale = scale_of(values, choice=named, unit=export.unit)
    counts = choice is None and (export.counts or scale.counts)
    if counts and to_counts:
        return _counted(export.rows)
    if counts:
        raise DataError(
            f"the ratings look like counts of plays, from {values.min():g} to {values.max():g}; "
            f"if they are ratings, {_SAY_IT}"
        )
    if named is None and export.unit is None and not to_counts:
        scale = _as_the_data(scale, values, to_scale)
    elif named is None and export.unit is not None and scale.origin != _BY_UNIT:
        scale = RatingScale(export.unit[0] or 0.0, export.unit[1], _BY_UNIT)
    rows = tuple(
        replace(own, value=None) if own.value in scale.unrated else own for own in export.rows
    )
    off = [own for own in rows if own.value is not None and not _holds(scale, own.value)]
    if off and (choice is not None or len(off) > _STRAY * len(rated)):
        share = f"{len(off):,} of {len(rated):,} ratings"
        raise DataError(f"{_place(off[0])}, outside {scale} as {share}; {_SAY_IT}")
    return OwnScale(
        rows=tuple(own for own in rows if own.value is None or _holds(scale, own.value)),
        ends=scale.ends,
        is_guess=named is None and scale.origin != _BY_UNIT,
        unrated=sum(own.value in scale.unrated for own in rated),
        off=tuple(map(_place, off)),
    )


def _counted(rows: Sequence[OwnRating]) -> OwnScale:
    """Films with counts; a film that counts 0 was not watched, one below 0 is no count."""
    off = [own for own in rows if own.value is not None and own.value < 0]
    counted = tuple(own for own in rows if own.value is None or own.value > 0)
    return OwnScale(counted, None, is_guess=False, unrated=0, off=tuple(map(_place, off)))


def _as_the_data(scale: RatingScale, values: NDArray[np.float64], to_scale: Scale) -> RatingScale:
    """The scale of the data set, if it ends there and holds all ratings."""
    same_end = scale.high == to_scale[1] and len(values) > 0
    if same_end and to_scale[0] <= values.min() and values.max() <= to_scale[1]:
        return replace(scale, low=to_scale[0], unrated=())
    return scale


def _holds(scale: RatingScale, value: float) -> bool:
    return scale.low <= value <= scale.high


def _place(own: OwnRating) -> str:
    place = f"{own.place}: " if own.place else ""
    return f"{place}{own.label} is rated {own.value:g}"
