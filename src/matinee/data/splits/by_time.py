"""The protocol that splits all ratings at one point in time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matinee.data.interactions import Interactions
from matinee.data.splits.cold_parts import cold_note, with_cold_parts
from matinee.data.splits.order import date_of, dividing_points, known_times, start_of
from matinee.data.splits.split import Division, Mask, Promise, Split, split
from matinee.errors import InputError

__all__ = ["time"]

_SHARE = 0.8
_VALIDATION = 0.1
"""Of all ratings; at most half of those before the point."""
_VALIDATION_OF_PAST = 1 / 8
"""Of the ratings before a date."""


def time(
    interactions: Interactions, share: float | None = None, until: str | None = None
) -> tuple[Division, ...]:
    """One global point in time: train before it, test after it (Meng et al. 2020).

    The point has a `share` of the ratings before it, four fifths by default, or is the start of the
    day `until` (ISO, UTC). Ratings of one instant stay together, so the share is approximate. Every
    viewer with a rating after the point is evaluated: earlier ratings are the history (empty for a
    new viewer), later ones the targets. Options are chosen on the tenth of the ratings before the
    point, by default between 70% and 80% (on half of what is before it if that is less), or on the
    last eighth of those before `until`, with models fitted on the ratings before that; the model of
    the test is fitted again on everything before the point.

    Films without a rating before the point count as targets. Known and new viewers, known and new
    films are also reported separately. Ratings without a time are left out and counted.

    Raises:
        InputError: the ratings have no times, or too few different ones, or all are on one side of
            `until`.
    """
    known = known_times(interactions, "time")
    earlier, point = _points(interactions.times[known], share, until)
    times = interactions.times
    past = known & (times < earlier)
    between = known & (times >= earlier) & (times < point)
    test = _split_at(interactions, known & (times < point), known & (times >= point), point)
    test = with_cold_parts(test)
    notes = [cold_note(test, f"before {date_of(point)}", "before it")]
    if not known.all():
        notes.append(
            f"{np.count_nonzero(~known):,} of {len(interactions):,} ratings have no time and are "
            "left out"
        )
    return (
        Division(
            validation=_split_at(interactions, past, between, earlier),
            test=replace(test, notes=tuple(notes)),
        ),
    )


def _points(times: NDArray[np.int64], share: float | None, until: str | None) -> tuple[int, int]:
    """The instants from which ratings are of the validation, and of the test."""
    if until is None:
        share = _SHARE if share is None else share
        earlier = max(round(share - _VALIDATION, 10), share / 2)
        first, point = dividing_points(times, (earlier, share), "time")
        return first, point
    point = start_of(until)
    past = times[times < point]
    if len(past) in (0, len(times)):
        side = "before" if len(past) else "after the start of"
        raise InputError(
            f"every rating is {side} {until}, and one side of it would be empty; they run from "
            f"{date_of(int(times.min()))} to {date_of(int(times.max()))}, so use a date of --until "
            "in between"
        )
    (first,) = dividing_points(past, (1 - _VALIDATION_OF_PAST,), "time")
    return first, point


def _split_at(interactions: Interactions, before: Mask, after: Mask, point: int) -> Split:
    return split(
        f"from {date_of(point)}",
        interactions,
        interactions.select(before),
        history=before,
        target=after,
        seen=before,
        viewers=len(np.unique(interactions.users[before | after])),
        promises=(Promise.TRAIN_IS_PAST, Promise.HISTORY_IS_PAST),
    )
