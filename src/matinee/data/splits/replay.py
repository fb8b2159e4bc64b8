"""The protocol that replays the log: predict, then learn, from the first rating to the last."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.histories import Histories
from matinee.data.interactions import Interactions
from matinee.data.splits.cold_parts import with_cold_parts
from matinee.data.splits.order import date_of, dividing_points, known_times, places
from matinee.data.splits.split import Division, Mask, Promise, Split
from matinee.errors import OptionError

__all__ = ["RHYTHMS", "Rhythm", "prequential"]

Rhythm = Literal["never", "monthly", "weekly", "daily", "window"]
RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)

_WINDOWS = 10
_DAY = 86_400
_UNITS = {"monthly": "M", "weekly": "W", "daily": "D"}
"""Periods of NumPy; its weeks begin on Thursday, like 1970."""
_VALIDATION_SHARE = 0.2
"""The last part of the ratings before the first window."""


def prequential(
    interactions: Interactions,
    seed: int,
    windows: int = _WINDOWS,
    *,
    retrain: Rhythm = "window",
    max_history_ratings: int = 12_000_000,
) -> tuple[Division, ...]:
    """Predict, then learn, along the log (Gama et al. 2013; Vinagre et al. 2014).

    The ratings in order of time (ties in the order of the source) are cut into `windows` + 1 parts
    of about the same size; ratings of one instant stay together. The first part is for training
    only. The others are windows: the model is fitted on everything before the window, and every
    rating inside it is a query with the viewer's history at that moment. Its film is the only
    target, all films outside the history are ranked, and then the rating joins the history. Every
    row of a split is such a query, so means are over ratings. Histories include earlier ratings of
    the window, so viewers are up to date while films are as old as the window. A query is answered
    at the time of its rating.

    `retrain` is the rhythm in which the model is fitted again: at the beginning of every window, or
    "monthly", "weekly" or "daily" at the beginning (UTC) of every month, week or day with a query,
    or "never" after the first fit. Queries and histories are the same under all of them. Rows of a
    split with several models are in order of the models (see `Split.periods`).

    Options are chosen once, on the last fifth of the first part, in the same way. Ratings without
    a time are left out and counted. If all histories together would exceed `max_history_ratings`
    (12 million are about 100 MB, and minutes for most models), a sample of the queries is used,
    and a note says so.

    Raises:
        InputError: the ratings have no times, or too few different ones.
    """
    if windows < 1:
        raise OptionError(f"there must be at least one window, not {windows}")
    known = known_times(interactions, "prequential")
    oldest_first = np.argsort(interactions.times[known], kind="stable")
    log = interactions.select(np.flatnonzero(known)[oldest_first])
    share = 1 / (windows + 1)
    shares = ((1 - _VALIDATION_SHARE) * share, *(share * (n + 1) for n in range(windows)))
    points = dividing_points(log.times, shares, "prequential")
    starts = np.searchsorted(log.times, points)
    bounds = [*starts.tolist(), len(log)]
    before = places(log.users, np.arange(len(log)))
    used = _sampled(before, int(starts[1]), seed, max_history_ratings)
    untimed = int(np.count_nonzero(~known))
    train_sizes = _train_sizes(log.times, bounds[1:-1], retrain)
    validation = _of_one_model(
        _window(log, before, bounds[0], bounds[1], used, np.full(len(log), bounds[0]))
    )
    first = log.select(slice(0, bounds[1]))
    tests = []
    for number in range(1, windows + 1):
        window = _window(log, before, bounds[number], bounds[number + 1], used, train_sizes)
        if retrain not in _UNITS:
            window = _of_one_model(window)
        if retrain == "never":
            window = replace(window, train=first)  # one object, so that one fit serves all windows
        name = f"{number}: from {date_of(points[number])}"
        notes = _notes(window, bounds[number + 1] - bounds[number], untimed if number == 1 else 0)
        tests.append(replace(with_cold_parts(window), name=name, notes=notes))
    return tuple(Division(validation=validation, test=each) for each in tests)


def _train_sizes(times: NDArray[np.int64], starts: list[int], retrain: Rhythm) -> NDArray[np.int64]:
    """`int64[n]`: for every rating of the log, how many older ones its model is fitted on.

    `times` ascend; `starts` are the places at which windows begin. No model is older than the first
    window.
    """
    places_of = np.arange(len(times))
    if retrain in _UNITS:
        # a week begins on Monday, which is four days after NumPy's
        shift = 3 * _DAY if retrain == "weekly" else 0
        periods = (times + shift).astype("datetime64[s]").astype(f"datetime64[{_UNITS[retrain]}]")
        return np.maximum(np.searchsorted(periods, periods), starts[0])
    starts = starts[:1] if retrain == "never" else starts
    began = np.searchsorted(starts, places_of, side="right")
    return np.array([starts[0], *starts])[began]


def _sampled(before: NDArray[np.int64], start: int, seed: int, most: int) -> Mask:
    """Ratings to predict: all, or a sample whose histories have about `most` ratings."""
    total = int(before[start:].sum())
    if total <= most:
        return np.ones(len(before), dtype=np.bool_)
    return np.random.default_rng(seed).random(len(before)) < most / total


def _window(
    log: Interactions,
    before: NDArray[np.int64],
    start: int,
    end: int,
    used: Mask,
    train_sizes: NDArray[np.int64],
) -> Split:
    """The split of a window: a row for every rating to predict from `start` to `end` of the log."""
    questions = start + np.flatnonzero(used[start:end])
    if not len(questions):
        questions = np.array([start])
    questions = questions[np.lexsort((log.users[questions], train_sizes[questions]))]
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
        train=log.select(slice(0, int(train_sizes[questions[0]]))),
        users=users,
        histories=Histories(
            histories, times.data, None if attributes is None else attributes.take(users)
        ),
        targets=sp.csr_array(asked_for, shape=shape),
        seen=histories,
        promises=(Promise.TRAIN_IS_PAST, Promise.HISTORY_IS_PAST),
        answer_times=log.times[questions],
        log=log,
        train_sizes=train_sizes[questions],
    )


def _of_one_model(window: Split) -> Split:
    return replace(window, log=None, train_sizes=None)


def _notes(window: Split, ratings: int, untimed: int) -> tuple[str, ...]:
    notes = []
    if len(window.users) < ratings:
        notes.append(
            f"{len(window.users):,} of the window's {ratings:,} ratings, drawn at random, are "
            "predicted, so that their histories fit into memory"
        )
    if untimed:
        notes.append(f"{untimed:,} ratings have no time and are left out")
    return tuple(notes)
