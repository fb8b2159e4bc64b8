"""The protocol that splits all ratings at one point in time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matinee.data.interactions import Interactions
from matinee.data.splits.order import date_of, dividing_points, known_times
from matinee.data.splits.split import Division, Mask, Promise, Split, split, with_cold_parts

__all__ = ["time"]

_VALIDATION_FROM, _TEST_FROM = 0.7, 0.8


def time(interactions: Interactions) -> tuple[Division, ...]:
    """One global point in time: train before it, test after it (Meng et al. 2020).

    Four fifths of the ratings are older than the point. Ratings of one instant stay together, so
    the share is approximate. Every viewer with a rating after the point is evaluated: earlier
    ratings are the history (empty for a new viewer), later ones the targets. Options are chosen on
    the slice between 70% and 80% of the ratings, with models fitted on the ratings before it; the
    model of the test is fitted again on everything before the point.

    Films without a rating before the point count as targets. Known and new viewers, known and new
    films are also reported separately. Ratings without a time are left out and counted.

    Raises:
        InputError: the ratings have no times, or too few different ones.
    """
    known = known_times(interactions, "time")
    earlier, point = dividing_points(
        interactions.times[known], (_VALIDATION_FROM, _TEST_FROM), "time"
    )
    times = interactions.times
    past = known & (times < earlier)
    between = known & (times >= earlier) & (times < point)
    test = _split_at(interactions, known & (times < point), known & (times >= point), point)
    test = with_cold_parts(test)
    notes = [_cold_rows(test, point)]
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


def _cold_rows(test: Split, point: int) -> str:
    cold = test.target_groups["new films"]
    films = len(np.unique(test.targets.indices[cold]))
    n_cold = int(np.count_nonzero(cold))
    newcomers = int(np.count_nonzero(test.histories.lengths == 0))
    day = date_of(point)
    return (
        f"{_counted(n_cold, test.targets.nnz, 'test rating')} {'is' if n_cold == 1 else 'are'} of "
        f"{films:,} {'film' if films == 1 else 'films'} that nobody rated before {day}; "
        f"{_counted(newcomers, len(test.users), 'viewer')} {'has' if newcomers == 1 else 'have'} "
        "no rating before it; all of them count, and are also reported separately"
    )


def _counted(n: int, of: int, what: str) -> str:
    return f"{n:,} of {of:,} {what}{'' if of == 1 else 's'}"
