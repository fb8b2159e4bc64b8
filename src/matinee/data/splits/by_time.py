"""The protocol that divides everybody's ratings at one point in time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matinee.data.interactions import Interactions
from matinee.data.splits.instants import date_of, dividing_points, known_times
from matinee.data.splits.split import Division, Mask, Promise, Split, split

__all__ = ["time", "with_cold_parts"]

_VALIDATION_FROM, _TEST_FROM = 0.7, 0.8


def time(interactions: Interactions) -> tuple[Division, ...]:
    """One global point in time: train before it, test after it (Meng et al. 2020).

    Four fifths of the ratings are older than the point; ratings of one instant are never divided,
    so the share is met as nearly as that allows. Every viewer with a rating after the point is
    evaluated, their ratings before it are the history - none, for a new viewer - and those after
    it the targets. Options are chosen on the slice before the point, between 70% and 80% of the
    ratings, by models fitted on what came before that slice; the test's model is fitted anew on
    everything before the point.

    Targets count also where nobody rated the film before the point. Known and new viewers, known
    and new films are reported separately besides. Ratings without a time are left out and counted.

    Raises:
        InputError: the ratings say no times, or too few different ones.
    """
    known = known_times(interactions, "time")
    earlier, point = dividing_points(
        interactions.times[known], (_VALIDATION_FROM, _TEST_FROM), "time"
    )
    times = interactions.times
    past = known & (times < earlier)
    between = known & (times >= earlier) & (times < point)
    test = _divided(interactions, known & (times < point), known & (times >= point), point)
    notes = [_cold_rows(test, point)]
    if not known.all():
        notes.append(
            f"{np.count_nonzero(~known):,} of {len(interactions):,} ratings say no time and are "
            "left out"
        )
    return (
        Division(
            validation=_divided(interactions, past, between, earlier),
            test=replace(with_cold_parts(test), notes=tuple(notes)),
        ),
    )


def _divided(interactions: Interactions, before: Mask, after: Mask, point: int) -> Split:
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


def with_cold_parts(whole: Split) -> Split:
    """The same split, which names its viewers and films that training does not know."""
    rated = np.bincount(whole.train.items, minlength=whole.train.n_items) > 0
    heard_of = np.bincount(whole.train.users, minlength=whole.train.n_users) > 0
    viewers, films = heard_of[whole.users], rated[whole.targets.indices]
    return replace(
        whole,
        viewer_groups={"known viewers": viewers, "new viewers": ~viewers},
        target_groups={"known films": films, "new films": ~films},
    )


def _cold_rows(test: Split, point: int) -> str:
    rated = np.bincount(test.train.items, minlength=test.train.n_items) > 0
    cold = ~rated[test.targets.indices]
    films = len(np.unique(test.targets.indices[cold]))
    n_cold = int(np.count_nonzero(cold))
    strangers = int(np.count_nonzero(test.histories.lengths == 0))
    day = date_of(point)
    return (
        f"{_counted(n_cold, test.targets.nnz, 'test rating')} {'is' if n_cold == 1 else 'are'} of "
        f"{films:,} {'film' if films == 1 else 'films'} that nobody rated before {day}; "
        f"{_counted(strangers, len(test.users), 'viewer')} {'has' if strangers == 1 else 'have'} "
        "no rating before it; all of them count, and are reported separately besides"
    )


def _counted(n: int, of: int, what: str) -> str:
    return f"{n:,} of {of:,} {what}{'' if of == 1 else 's'}"
