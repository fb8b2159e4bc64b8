"""One train/test split, and the construction of its matrices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.histories import Histories, rows_of
from matinee.data.interactions import Interactions
from matinee.display import formats
from matinee.errors import InputError

__all__ = ["Division", "Mask", "Promise", "Split", "division_of_parts", "half_of_rest"]
__all__ += ["split"]

Mask = NDArray[np.bool_]


class Promise(StrEnum):
    """Promises of a protocol in addition to the rules of all splits; see `leakage.check`."""

    VIEWERS_HELD_OUT = "no evaluated viewer is learned from"
    ITEMS_HELD_OUT = "no ranked film is learned from or shown"
    TRAIN_IS_PAST = "everything learned from is older than every target"
    HISTORY_IS_PAST = "nothing shown of a viewer is later than their targets"


@dataclass(frozen=True, eq=False)
class Split:
    """One train/test split.

    Attributes:
        name: its name within the protocol: "u1", "seed 0".
        train: the interactions a model is fitted on.
        users: `int32[n]`, the evaluated viewers as rows of `train.user_ids`, ascending. A viewer
            with several queries (see `prequential`, `cold_viewers`) has several rows.
        histories: ratings, times and attributes of each evaluated viewer.
        targets: `float32[n, n_items]` ratings to find (ranking) or predict (folds).
        seen: `float32[n, n_items]`, films not to be ranked: the history, and the validation
            films where the split is the test.
        skipped: viewers with ratings who should have been evaluated but have no target.
        candidates: the ranked films: `bool[n_items]` for all viewers, or `[n, n_items]` with an
            entry for each ranked film of a viewer. `None` means all films.
        viewer_groups: `bool[n]`, rows that are also reported separately, by name ("new viewers").
        target_groups: `bool[targets.nnz]`, likewise ("new films").
        notes: sentences for readers of the results.
        promises: further rules for `leakage.check`.
        target_times: `int64[targets.nnz]`, Unix seconds of each target, 0 where unknown; `None` if
            films are ranked, because the time of a target would reveal it.
        answer_times: `int64[n]`, Unix seconds, the moment at which each row is answered; `None` if
            the protocol does not go by time.
        exists_from: `int64[n_items]`, Unix seconds from which each film exists (see `existence`). A
            film is not ranked for a row whose moment is earlier. `None` ranks films of any time.
        test_ratings: `float32[n, n_items]`, all ratings of the test, where some of them are no
            targets; `None` if the targets are all.
        log: ratings in order of time, if the model is refitted within the split (see `periods`).
        train_sizes: `int64[n]`, ascending: the model of each row is fitted on so many of the first
            ratings of the log.
    """

    name: str
    train: Interactions
    users: NDArray[np.int32]
    histories: Histories
    targets: sp.csr_array
    seen: sp.csr_array
    skipped: int = 0
    candidates: Mask | sp.csr_array | None = None
    viewer_groups: Mapping[str, Mask] = field(default_factory=dict)
    target_groups: Mapping[str, Mask] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    target_times: NDArray[np.int64] | None = None
    answer_times: NDArray[np.int64] | None = None
    exists_from: NDArray[np.int64] | None = None
    test_ratings: sp.csr_array | None = None
    log: Interactions | None = None
    train_sizes: NDArray[np.int64] | None = None

    def __repr__(self) -> str:
        return (
            f"Split {self.name!r}: {formats.count(len(self.train), 'rating')} to learn from, "
            f"{formats.count(len(self.users), 'viewer')} with "
            f"{formats.count(self.targets.nnz, 'target')}"
        )

    @property
    def n_ranked(self) -> NDArray[np.int64]:
        """`int64[n]`, number of ranked films for each row."""
        if isinstance(self.candidates, sp.csr_array):  # sampled among the ranked films
            return np.diff(self.candidates.indptr).astype(np.int64)
        n, n_items = self.seen.shape
        candidates = self.candidates
        if candidates is None:
            candidates = np.ones(n_items, dtype=np.bool_)
        rows, items = _stored(self.seen)
        ranked = candidates[items]
        total = np.full(n, np.count_nonzero(candidates), dtype=np.int64)
        if self.exists_from is not None and self.answer_times is not None:
            total = np.searchsorted(
                np.sort(self.exists_from[candidates]), self.answer_times, "right"
            )
            ranked &= self.exists_from[items] <= self.answer_times[rows]
        return total - np.bincount(rows[ranked], minlength=n).astype(np.int64)

    @property
    def judgements(self) -> sp.csr_array:
        """`float32[n, n_items]`, all ratings of the test: the targets and those that are none."""
        return self.targets if self.test_ratings is None else self.test_ratings

    @property
    def wanted(self) -> sp.csr_array:
        """`int64[n, n_items]`, the ratings to predict: the time of each target, 0 where unknown."""
        times = self.target_times
        times = np.zeros(self.targets.nnz, dtype=np.int64) if times is None else times
        return sp.csr_array(
            (times, self.targets.indices, self.targets.indptr), shape=self.targets.shape, copy=True
        )

    def take(self, rows: NDArray[np.integer]) -> Split:
        """The same split with some of its rows, and without its parts."""
        candidates = self.candidates
        return replace(
            self,
            users=self.users[rows],
            histories=self.histories.take(rows),
            targets=self.targets[rows],
            seen=self.seen[rows],
            candidates=candidates[rows] if isinstance(candidates, sp.csr_array) else candidates,
            viewer_groups={},
            target_groups={},
            target_times=None if self.target_times is None else self.wanted[rows].data,
            answer_times=None if self.answer_times is None else self.answer_times[rows],
            test_ratings=None if self.test_ratings is None else self.test_ratings[rows],
            train_sizes=None if self.train_sizes is None else self.train_sizes[rows],
        )

    def periods(self) -> Iterator[Split]:
        """The rows that one model answers, in order, each part with the training of its model.

        A split without refits is one part. Parts follow each other as their rows do.
        """
        if self.log is None or self.train_sizes is None:
            yield self
            return
        for size in np.unique(self.train_sizes):
            rows = np.flatnonzero(self.train_sizes == size)
            yield replace(self.take(rows), train=self.log.select(slice(0, int(size))))

    def unranked(self, rows: slice = slice(None)) -> sp.csr_array:
        """`[n, n_items]` for some rows: an entry for each film that is not ranked.

        These are the seen films, those that are no candidates, and those of a later time.
        """
        seen, later = self.seen[rows], self._later(rows)
        if self.candidates is None:
            return seen if later is None else _ones(seen) + _ones(later)
        left_out = np.ones(seen.shape, dtype=np.bool_)
        if isinstance(self.candidates, sp.csr_array):
            left_out[_stored(self.candidates[rows])] = False
        else:
            left_out[:, self.candidates] = False
        left_out[_stored(seen)] = True
        if later is not None:
            left_out[_stored(later)] = True
        return sp.csr_array(left_out).astype(np.float32)

    def _later(self, rows: slice) -> sp.csr_array | None:
        """`float32[n, n_items]` for some rows: films that do not exist yet; `None` without any."""
        if self.exists_from is None or self.answer_times is None:
            return None
        answer_times = self.answer_times[rows]
        films = np.flatnonzero(self.exists_from > answer_times.min(initial=np.iinfo(np.int64).max))
        if not len(films):
            return None
        at, columns = np.nonzero(self.exists_from[films] > answer_times[:, None])
        bounds = np.concatenate([[0], np.cumsum(np.bincount(at, minlength=len(answer_times)))])
        entries = (np.ones(len(at), dtype=np.float32), films[columns], bounds)
        return sp.csr_array(entries, shape=(len(answer_times), self.seen.shape[1]))


def _ones(matrix: sp.csr_array) -> sp.csr_array:
    """The same entries with 1 for every value: a sum drops entries of 0, a rating of 0 too."""
    ones = np.ones(matrix.nnz, dtype=np.float32)
    return sp.csr_array((ones, matrix.indices, matrix.indptr), shape=matrix.shape)


def _stored(matrix: sp.csr_array) -> tuple[NDArray[np.int64], NDArray[np.integer]]:
    """Row and column of every entry."""
    return rows_of(matrix), matrix.indices


class Division(NamedTuple):
    """A validation split, to choose options on, and a test split, to report."""

    validation: Split
    test: Split


def split(
    name: str,
    interactions: Interactions,
    train: Interactions,
    *,
    history: Mask,
    target: Mask,
    seen: Mask,
    viewers: int,
    candidates: Mask | None = None,
    promises: tuple[Promise, ...] = (),
) -> Split:
    """A split from masks over the rows of `interactions`; viewers with a target are evaluated.

    Of the `viewers` to evaluate, those without a target are skipped. For the rest see `Split`.

    Raises:
        InputError: nobody has a target.
    """
    users = np.unique(interactions.users[target]).astype(np.int32)
    if not len(users):
        raise InputError(
            f"split {name!r} leaves no viewer anything to find in {len(interactions):,} ratings; "
            "use more data, a lower --min-rating or another --protocol"
        )
    return Split(
        name=name,
        train=train,
        users=users,
        histories=Histories.of_users(interactions.select(history), users),
        targets=interactions.select(target).matrix[users],
        seen=interactions.select(seen).matrix[users],
        skipped=viewers - len(users),
        candidates=candidates,
        promises=promises,
    )


def division_of_parts(
    name: str,
    interactions: Interactions,
    part: NDArray[np.int8],
    *,
    show_validation: bool,
    promises: tuple[Promise, ...] = (),
) -> Division:
    """A division with every viewer in training: rows are train (0), validation (1), test (2).

    The model is fitted on train only, for the test as well. `show_validation` puts the validation
    rows into the histories of the test; they are not ranked there either way.
    """
    train, known = part == 0, part < 2
    part_split = partial(
        split,
        name,
        interactions,
        interactions.select(train),
        viewers=len(np.unique(interactions.users)),
        promises=promises,
    )
    return Division(
        validation=part_split(history=train, target=part == 1, seen=train),
        test=part_split(history=known if show_validation else train, target=part == 2, seen=known),
    )


def half_of_rest(share: float) -> float:
    """The share of the test, and of the validation, beside a training of `share`."""
    return round((1 - share) / 2, 10)  # 0.1 beside 0.8, where floats have a little less
