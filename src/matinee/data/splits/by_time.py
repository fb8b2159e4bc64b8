"""The protocol that splits all ratings at one point in time, or at several in turn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matinee.data.histories import times_matrix
from matinee.data.interactions import Interactions
from matinee.data.splits.cold_parts import cold_note, with_cold_parts
from matinee.data.splits.order import (
    date_of,
    dividing_points,
    first_times,
    known_times,
    start_of,
)
from matinee.data.splits.split import Division, Mask, Promise, Split, split
from matinee.errors import InputError

__all__ = ["MOST_CUTS", "cuts", "time"]

_SHARE = 0.8
_VALIDATION = 0.1
"""Of all ratings; at most half of those before the point."""
_VALIDATION_OF_PAST = 1 / 8
"""Of the ratings before a date."""
MOST_CUTS = 50
_CUT_FROM = 0.5
"""Share of the ratings before the first of several cuts."""


def time(
    interactions: Interactions, share: float | None = None, until: str | None = None
) -> tuple[Division, ...]:
    """One global point in time: train before it, test after it (Meng et al. 2020).

    The point has a `share` of the ratings before it, four fifths by default, or is the start of the
    day `until` (ISO, UTC). Ratings of one instant stay together, so the share is approximate. Every
    viewer with a rating after the point is evaluated: earlier ratings are the history (empty for a
    new viewer), later ones the targets. A viewer is answered at the time of their first target.
    Options are chosen on the tenth of the ratings before the point, by default between 70% and 80%
    (on half of what is before it if that is less), or on the last eighth of those before `until`,
    with models fitted on the ratings before that; the model of the test is fitted again on
    everything before the point.

    Films without a rating before the point count as targets. Known and new viewers, known and new
    films are also reported separately. Ratings without a time are left out and counted.

    Raises:
        InputError: the ratings have no times, or too few different ones, or all are on one side of
            `until`.
    """
    known = known_times(interactions, "time")
    points = _points(interactions.times[known], share, until)
    division = _division(interactions, *points, None)
    notes = (*division.test.notes, *_untimed(known))
    return (division._replace(test=replace(division.test, notes=notes)),)


def cuts(interactions: Interactions, n: int) -> tuple[Division, ...]:
    """Several points in time, each a division of its own with the same horizon.

    The second half of the ratings, by time, is divided into `n` steps of about the same number of
    ratings. Every step begins at a cut: the model is fitted on everything before it, and the
    targets are the ratings of the step alone, so that cuts are comparable. Options are chosen on
    the step before the cut, with models fitted on what is before that. With 5, cuts have 50% to 90%
    of the ratings before them. Viewers, films and times are as in `time`.

    Raises:
        InputError: the ratings have no times, or too few different ones.
    """
    known = known_times(interactions, "time")
    step = (1 - _CUT_FROM) / n
    shares = tuple(round(_CUT_FROM + step * place, 10) for place in range(-1, n))
    points = dividing_points(interactions.times[known], shares, "time")
    steps = zip(points, points[1:], (*points[2:], None), strict=False)
    divisions = []
    for number, (earlier, point, end) in enumerate(steps, start=1):
        validation, test = _division(interactions, earlier, point, end)
        untimed = _untimed(known) if number == 1 else ()
        named = replace(test, name=f"{number}: {test.name}", notes=(*test.notes, *untimed))
        divisions.append(Division(validation, named))
    return tuple(divisions)


def _division(interactions: Interactions, earlier: int, point: int, end: int | None) -> Division:
    """Validation from `earlier` to `point`, test from `point` to `end`, or to the last rating."""
    test = with_cold_parts(_split_at(interactions, point, end))
    note = cold_note(test, f"before {date_of(point)}", "before it")
    return Division(_split_at(interactions, earlier, point), replace(test, notes=(note,)))


def _untimed(known: Mask) -> tuple[str, ...]:
    if known.all():
        return ()
    return (
        f"{np.count_nonzero(~known):,} of {len(known):,} ratings have no time and are left out",
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


def _split_at(interactions: Interactions, point: int, end: int | None) -> Split:
    """The split whose targets are the ratings from `point` on, and before `end` if there is one."""
    times = interactions.times
    known = known_times(interactions, "time")
    before, after = known & (times < point), known & (times >= point)
    if end is not None:
        after &= times < end
    made = split(
        f"from {date_of(point)}",
        interactions,
        interactions.select(before),
        history=before,
        target=after,
        seen=before,
        viewers=len(np.unique(interactions.users[before | after])),
        promises=(Promise.TRAIN_IS_PAST, Promise.HISTORY_IS_PAST),
    )
    answer_times = first_times(times_matrix(interactions.select(after))[made.users])
    return replace(made, answer_times=answer_times)
