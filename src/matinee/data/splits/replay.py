"""The protocol that replays the log: predict, then learn, from the first rating to the last."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.histories import Histories
from matinee.data.interactions import Interactions
from matinee.data.splits.by_time import with_cold_parts
from matinee.data.splits.instants import date_of, dividing_points, known_times
from matinee.data.splits.split import Division, Mask, Promise, Split
from matinee.errors import OptionError

__all__ = ["prequential"]

_WINDOWS = 10
_VALIDATION_SHARE = 0.2
"""The last part of what comes before the first window."""
_MOST_SHOWN = 12_000_000
"""Ratings in the histories of all windows together: some 100 MB, minutes for most models."""


def prequential(
    interactions: Interactions, seed: int, windows: int = _WINDOWS
) -> tuple[Division, ...]:
    """Predict, then learn, along the log (Gama et al. 2013; Vinagre et al. 2014).

    The ratings in order of time (of one instant, in the order of the source) are cut into
    `windows` + 1 parts of about the same size, no instant divided. The first part is learned from
    alone. For each of the others - a window - the model is fitted on everything before it, and
    inside the window every rating is a question: the viewer's history at that moment is shown,
    the film is the one target, all films but those of the history are ranked, and the rating joins
    the history. Every row of a split is such a question, so means are over ratings. Histories
    hold the ratings of the window too, so a viewer is known from the second rating on, while the
    films' side is as old as the window.

    Options are chosen once, on the last fifth of the first part, asked in the same way. Ratings
    without a time are left out and counted. Where histories would hold more than twelve million
    ratings in all, a part of the questions is drawn, and a note says so.

    Raises:
        InputError: the ratings say no times, or too few different ones.
    """
    if windows < 1:
        raise OptionError(f"there must be at least one window, not {windows}")
    known = known_times(interactions, "prequential")
    log = interactions.select(np.flatnonzero(known)[_oldest_first(interactions.times[known])])
    share = 1 / (windows + 1)
    shares = ((1 - _VALIDATION_SHARE) * share, *(share * (n + 1) for n in range(windows)))
    points = dividing_points(log.times, shares, "prequential")
    starts = np.searchsorted(log.times, points)
    bounds = [*starts.tolist(), len(log)]
    before = _ratings_before(log)
    asked = _drawn(before, int(starts[1]), seed)
    untimed = int(np.count_nonzero(~known))
    validation = _window(log, before, bounds[0], bounds[1], asked)
    tests = []
    for number in range(1, windows + 1):
        window = _window(log, before, bounds[number], bounds[number + 1], asked)
        name = f"{number}: from {date_of(points[number])}"
        notes = _notes(window, bounds[number + 1] - bounds[number], untimed if number == 1 else 0)
        tests.append(replace(with_cold_parts(window), name=name, notes=notes))
    return tuple(Division(validation=validation, test=each) for each in tests)


def _oldest_first(times: NDArray[np.int64]) -> NDArray[np.intp]:
    return np.argsort(times, kind="stable")


def _ratings_before(log: Interactions) -> NDArray[np.int64]:
    """For every rating of the log how many its viewer had given before."""
    rows = np.argsort(log.users, kind="stable")
    grouped = log.users[rows]
    before = np.empty(len(log), dtype=np.int64)
    before[rows] = np.arange(len(log)) - np.searchsorted(grouped, grouped)
    return before


def _drawn(before: NDArray[np.int64], start: int, seed: int) -> Mask:
    """Which ratings are asked about: all, or so many that their histories fit."""
    total = int(before[start:].sum())
    if total <= _MOST_SHOWN:
        return np.ones(len(before), dtype=np.bool_)
    return np.random.default_rng(seed).random(len(before)) < _MOST_SHOWN / total


def _window(
    log: Interactions, before: NDArray[np.int64], start: int, end: int, asked: Mask
) -> Split:
    """Every rating that is asked about from `start` to `end` of the log as a row."""
    questions = start + np.flatnonzero(asked[start:end])
    if not len(questions):
        questions = np.array([start])
    questions = questions[np.argsort(log.users[questions], kind="stable")]
    rows = np.argsort(log.users, kind="stable")
    first = np.searchsorted(log.users[rows], log.users[questions])
    lengths = before[questions]
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    inside = np.arange(bounds[-1]) - np.repeat(bounds[:-1], lengths)
    entries = rows[np.repeat(first, lengths) + inside]
    shape = (len(questions), log.n_items)
    histories = sp.csr_array((log.values[entries], log.items[entries], bounds), shape=shape)
    times = sp.csr_array((log.times[entries], log.items[entries], bounds), shape=shape)
    histories.sort_indices()
    times.sort_indices()
    users, attributes = log.users[questions], log.attributes
    asked_for = (log.values[questions], log.items[questions], np.arange(len(questions) + 1))
    return Split(
        name=f"from {date_of(int(log.times[start]))}",
        train=log.select(np.arange(start)),
        users=users,
        histories=Histories(
            histories, times.data, None if attributes is None else attributes.take(users)
        ),
        targets=sp.csr_array(asked_for, shape=shape),
        seen=histories,
        promises=(Promise.TRAIN_IS_PAST, Promise.HISTORY_IS_PAST),
    )


def _notes(window: Split, ratings: int, untimed: int) -> tuple[str, ...]:
    notes = []
    if len(window.users) < ratings:
        notes.append(
            f"{len(window.users):,} of the window's {ratings:,} ratings are drawn and asked about, "
            "so that their histories fit into memory"
        )
    if untimed:
        notes.append(f"{untimed:,} ratings say no time and are left out")
    return tuple(notes)
