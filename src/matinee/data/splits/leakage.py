"""Leak checks: refuses a split whose targets are in training, in a history or not ranked.

In a split by time, no target is of a film that does not exist yet.

The checks search sorted keys over complete matrices. All together take less time than one fit of
the fastest model.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.histories import rows_of
from matinee.data.interactions import Interactions
from matinee.data.splits.split import Division, Mask, Promise, Split
from matinee.errors import InputError

__all__ = ["check", "check_divisions"]

Rows = NDArray[np.integer]


class _Entries(NamedTuple):
    """The entries of a matrix of a split, in any order."""

    rows: Rows
    users: Rows
    items: Rows


def check_divisions(divisions: Iterable[Division], interactions: Interactions) -> None:
    """Checks every split, and that no validation contains targets of its test; as `check`."""
    checked: Split | None = None
    for validation, test in divisions:
        if validation is not checked:
            check(validation, interactions)
            checked = validation
        check(test, interactions)
        _check_choice(validation, test)


def _check_choice(validation: Split, test: Split) -> None:
    hidden = _entries(test.targets, test)
    for place, pairs in (
        ("what the validation's models are fitted on", _sorted_rows(validation.train.matrix)),
        ("a history of the validation", _sorted_pairs(validation.histories.ratings, validation)),
        ("the targets of the validation", _sorted_pairs(validation.targets, validation)),
    ):
        inside = _among(_pair_keys(hidden, test), pairs)
        _refuse_first(test, inside, hidden, f"is a target of the test and in {place}")


def check(split: Split, interactions: Interactions) -> None:
    """Checks a split against the rules of all splits and the promises of its protocol.

    No target may be in the history, in training, or left out of the ranking. `split.promises` may
    add: no evaluated viewer and no ranked film is in training; no training rating is as late as a
    target; no rating of a history is later than a target of the viewer. If the split has
    `answer_times`, no rating of a history is later, and no target is of a film that does not exist
    yet. `interactions` are the data before the split, or more, and have the times.

    Raises:
        InputError: the first leak, with split, viewer and film.
    """
    targets = _entries(split.targets, split)
    row_keys = _row_keys(targets, split)
    history = _among(row_keys, _sorted_rows(split.histories.ratings))
    _refuse_first(split, history, targets, "is a target and in the history shown to the model")
    seen = _among(row_keys, _sorted_rows(split.seen))
    _refuse_first(split, seen, targets, "is a target and among the seen films, never ranked")
    learned = _among(_pair_keys(targets, split), _pairs_of(split))
    _refuse_first(split, learned, targets, "is a target and in what models are fitted on")
    _refuse_first(split, _unranked(split, targets), targets, "is a target and not a candidate")
    if split.exists_from is not None and split.answer_times is not None:
        early = split.exists_from[targets.items] > split.answer_times[targets.rows]
        what = "is a target and of a film that did not exist when the viewer was answered"
        _refuse_first(split, early, targets, what)
    if Promise.VIEWERS_HELD_OUT in split.promises:
        known = np.isin(targets.users, split.train.users)
        _refuse_first(split, known, targets, "is of a held-out viewer who is in training")
    if Promise.ITEMS_HELD_OUT in split.promises:
        _check_items(split)
    if {Promise.TRAIN_IS_PAST, Promise.HISTORY_IS_PAST}.intersection(split.promises):
        _check_times(split, targets, interactions)


def _check_items(split: Split) -> None:
    candidates = split.candidates
    if not isinstance(candidates, np.ndarray):
        raise InputError(
            f"split {split.name!r} promises held-out films without naming them; set its candidates"
        )
    for place, entries in (
        ("what models are fitted on", _learned(split)),
        ("the history shown to the model", _entries(split.histories.ratings, split)),
    ):
        inside = candidates[entries.items]
        _refuse_first(split, inside, entries, f"is of a held-out film and in {place}")


def _check_times(split: Split, targets: _Entries, interactions: Interactions) -> None:
    history = _entries(split.histories.ratings, split)
    target_times, history_times = _times(split, (targets, history), interactions)
    if Promise.TRAIN_IS_PAST in split.promises:
        late = split.train.times >= target_times.min()
        what = "is learned from and as late as a target, or later"
        _refuse_first(split, late, _learned(split), what)
        if split.log is not None and split.train_sizes is not None:
            newest = split.log.times[split.train_sizes - 1]
            late = newest[targets.rows] >= target_times
            what = "is a target and not later than what its model is fitted on"
            _refuse_first(split, late, targets, what)
    if Promise.HISTORY_IS_PAST in split.promises:
        earliest = np.full(len(split.users), np.iinfo(np.int64).max)
        np.minimum.at(earliest, targets.rows, target_times)
        late = history_times > earliest[history.rows]
        _refuse_first(split, late, history, "is shown and later than a target of the same viewer")
    if split.answer_times is not None:
        late = history_times > split.answer_times[history.rows]
        _refuse_first(split, late, history, "is shown and later than the viewer is answered")


def _times(
    split: Split, entries: tuple[_Entries, ...], interactions: Interactions
) -> list[NDArray[np.int64]]:
    """Times of the entries, looked up among the ratings of the evaluated viewers."""
    evaluated = np.zeros(interactions.n_users, dtype=np.bool_)
    evaluated[split.users] = True
    own = np.flatnonzero(evaluated[interactions.users])
    keys = interactions.users[own].astype(np.int64) * interactions.n_items + interactions.items[own]
    order = np.argsort(keys)
    keys, times = keys[order], interactions.times[own[order]]
    looked_up = []
    for each in entries:
        pairs = _pair_keys(each, split)
        unknown = ~_among(pairs, keys)
        _refuse_first(split, unknown, each, "is in the split and not in the data")
        looked_up.append(times[np.searchsorted(keys, pairs)])
    return looked_up


def _unranked(split: Split, targets: _Entries) -> Mask:
    if split.candidates is None:
        return np.zeros(len(targets.items), dtype=np.bool_)
    if isinstance(split.candidates, sp.csr_array):
        return ~_among(_row_keys(targets, split), _sorted_rows(split.candidates))
    return ~split.candidates[targets.items]


def _entries(matrix: sp.csr_array, split: Split) -> _Entries:
    rows = rows_of(matrix)
    return _Entries(rows, split.users[rows], matrix.indices)


def _learned(split: Split) -> _Entries:
    return _Entries(np.arange(len(split.train)), split.train.users, split.train.items)


def _row_keys(entries: _Entries, split: Split) -> Rows:
    return entries.rows * split.targets.shape[1] + entries.items


def _pair_keys(entries: _Entries, split: Split) -> Rows:
    return entries.users.astype(np.int64) * split.targets.shape[1] + entries.items


def _sorted_rows(matrix: sp.csr_array) -> Rows:
    rows = rows_of(matrix)
    keys: Rows = rows * matrix.shape[1] + matrix.indices
    return keys if matrix.has_sorted_indices else np.sort(keys)


def _sorted_pairs(matrix: sp.csr_array, split: Split) -> Rows:
    return np.sort(_pair_keys(_entries(matrix, split), split))


def _pairs_of(split: Split) -> Rows:
    """Keys of the training ratings of the evaluated viewers."""
    users = np.unique(split.users)
    own = split.train.matrix[users]
    rows = np.repeat(users, np.diff(own.indptr))
    return _pair_keys(_Entries(rows, rows, own.indices), split)


def _among(keys: Rows, ordered: Rows) -> Mask:
    """Which keys occur in an ascending array."""
    if not len(ordered):
        return np.zeros(len(keys), dtype=np.bool_)
    places = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    return ordered[places] == keys


def _refuse_first(split: Split, leaks: Mask, entries: _Entries, what: str) -> None:
    if not leaks.any():
        return
    first = int(np.argmax(leaks))
    film = str(split.train.item_ids.ids[entries.items[first]])
    viewer = str(split.train.user_ids.ids[entries.users[first]])
    raise InputError(
        f"split {split.name!r} leaks: the rating of film {film!r} by viewer {viewer!r} {what} "
        f"({np.count_nonzero(leaks):,} of that kind); results on it would be meaningless, so "
        "correct the split first"
    )
