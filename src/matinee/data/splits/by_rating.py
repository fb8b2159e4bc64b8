"""Protocols that split single ratings: the data set's own folds, drawn folds, and 80/10/10."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matinee.data.histories import times_matrix
from matinee.data.interactions import Interactions
from matinee.data.splits.cold_parts import cold_note, with_cold_parts
from matinee.data.splits.split import (
    Division,
    Mask,
    Split,
    division_of_parts,
    half_of_rest,
    split,
)
from matinee.errors import InputError, OptionError

__all__ = ["files", "folds", "random", "ratings"]

_SHARE = 0.8
_VALIDATION = 0.1
"""Of the training, where the test is drawn or given."""
_FEWEST_RATINGS = 12
"""Half of them, with two folds, leave six to learn from, and a tenth of these is one rating."""


def folds(interactions: Interactions, folds: NDArray[np.int8], seed: int) -> tuple[Division, ...]:
    """One division a fold ("u1", "u2", ...) for predicting ratings.

    The training data of a test are all other folds. A viewer's history is their part of these, the
    targets are their ratings in the fold. Options are chosen inside the training data: a random
    tenth of it is the validation. A viewer without a training rating has an empty history. Known
    and new viewers, known and new films are also reported separately. The splits have the times of
    histories and targets. `folds` is `int8[len(interactions)]`, the test fold of every rating,
    from 0.
    """
    return tuple(
        _fold(f"u{fold + 1}", interactions, folds == fold, np.random.default_rng(seed))
        for fold in np.unique(folds)
    )


def ratings(
    interactions: Interactions,
    seed: int,
    n_folds: int | None = None,
    *,
    share: float | None = None,
) -> tuple[Division, ...]:
    """Predicting ratings of any data: a random fifth is the test, or each of `n_folds` in turn.

    Every rating is drawn into one fold, and the sizes of folds differ by one at most. With
    `n_folds` there is a division for each ("fold 1", "fold 2", ...), so every rating is a target
    once. Without, there is one division with a `share` of the ratings in training, four fifths by
    default, which makes its test the first of five folds. Training, history, targets, validation,
    groups and times are as in `folds`.

    Raises:
        InputError: too few ratings.
        OptionError: fewer than two folds.
    """
    if n_folds is not None and n_folds < 2:
        raise OptionError(f"folds must be at least 2, not {n_folds}")
    n, fewest = len(interactions), max(_FEWEST_RATINGS, n_folds or 0)
    if n < fewest:
        raise InputError(
            f"protocol 'ratings' holds out ratings for a test and a choice of options and needs "
            f"at least {fewest}; these are {n:,}, so use more data"
            + (" or fewer --folds" if fewest > _FEWEST_RATINGS else "")
        )
    rng = np.random.default_rng(seed)
    order = rng.permutation(n)
    drawn = np.array_split(order, n_folds) if n_folds else [order[: _test_size(n, share)]]
    divisions = []
    for number, rows in enumerate(drawn, start=1):
        test = np.zeros(n, dtype=np.bool_)
        test[rows] = True
        name = f"fold {number}" if n_folds else f"seed {seed}"
        divisions.append(_fold(name, interactions, test, rng))
    return tuple(divisions)


def _test_size(n: int, share: float | None) -> int:
    """Ratings that are not in training, whose number is rounded down."""
    share = _SHARE if share is None else share
    train = int(round(share * n, 6))
    if not _FEWEST_RATINGS / 2 <= train < n:
        raise InputError(
            f"a share of {share:g} leaves {train:,} of {n:,} ratings to learn from and "
            f"{n - train:,} to predict; use a share of --share nearer to 0.8, or more data"
        )
    return n - train


def files(
    interactions: Interactions, test: Mask, seed: int, *, predicts: bool
) -> tuple[Division, ...]:
    """One division whose test was made elsewhere, as by two files.

    All ratings outside `test`, `bool[len(interactions)]`, are the training and the histories;
    options are chosen on a random tenth of them, by models fitted on the rest. Known and new
    viewers, known and new films are also reported separately. Films are ranked, or with `predicts`
    ratings predicted, which gives the split the times of its targets.
    """
    rng = np.random.default_rng(seed)
    division = _fold(f"seed {seed}", interactions, test, rng, predicts=predicts)
    note = cold_note(division.test, "in the training data", "there")
    return (division._replace(test=replace(division.test, skipped=0, notes=(note,))),)


def _fold(
    name: str,
    interactions: Interactions,
    test: Mask,
    rng: np.random.Generator,
    *,
    predicts: bool = True,
) -> Division:
    train_rows = rng.permutation(np.flatnonzero(~test))
    validation = np.zeros(len(interactions), dtype=np.bool_)
    validation[train_rows[: round(_VALIDATION * len(train_rows))]] = True
    return Division(
        validation=_held_out(
            name, interactions, ~test & ~validation, validation, predicts=predicts
        ),
        test=with_cold_parts(_held_out(name, interactions, ~test, test, predicts=predicts)),
    )


def _held_out(
    name: str, interactions: Interactions, train: Mask, target: Mask, *, predicts: bool
) -> Split:
    untimed = split(
        name,
        interactions,
        interactions.select(train),
        history=train,
        target=target,
        seen=train,
        viewers=len(np.unique(interactions.users)),
    )
    targets = interactions.select(target)
    if not predicts or not targets.times.any():
        return untimed
    return replace(untimed, target_times=times_matrix(targets)[untimed.users].data)


def random(
    interactions: Interactions, seed: int, share: float | None = None
) -> tuple[Division, ...]:
    """Ratings split at random into training, validation and test; full ranking.

    The training is a `share` of them, 80% by default; the rest is halved. Fit and histories use the
    training part only, for the test as well. Films of training and validation are not ranked in the
    test. Viewers without a test rating are skipped and counted.
    """
    n = len(interactions)
    held_out = round(half_of_rest(_SHARE if share is None else share) * n)
    part = np.zeros(n, dtype=np.int8)
    order = np.random.default_rng(seed).permutation(n)
    part[order[:held_out]] = 2
    part[order[held_out : 2 * held_out]] = 1
    return (division_of_parts(f"seed {seed}", interactions, part, show_validation=False),)
