"""Protocols that split single ratings: the data set's own folds, and at random."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matinee.data.histories import times_matrix
from matinee.data.interactions import Interactions
from matinee.data.splits.split import Division, Mask, Split, division_of_parts, split

__all__ = ["folds", "random"]

_HELD_OUT = 0.1


def folds(interactions: Interactions, folds: NDArray[np.int8], seed: int) -> tuple[Division, ...]:
    """One division a fold ("u1", "u2", ...) for predicting ratings.

    The training data of a test are all other folds. A viewer's history is their part of these, the
    targets are their ratings in the fold. Options are chosen inside the training data: a random
    tenth of it is the validation. A viewer without a training rating has an empty history. The
    splits have the times of histories and targets. `folds` is `int8[len(interactions)]`, the test
    fold of every rating, from 0.
    """
    return tuple(
        _fold(f"u{fold + 1}", interactions, folds == fold, seed) for fold in np.unique(folds)
    )


def _fold(name: str, interactions: Interactions, test: Mask, seed: int) -> Division:
    train_rows = np.random.default_rng(seed).permutation(np.flatnonzero(~test))
    validation = np.zeros(len(interactions), dtype=np.bool_)
    validation[train_rows[: round(_HELD_OUT * len(train_rows))]] = True
    return Division(
        validation=_predicting(name, interactions, ~test & ~validation, validation),
        test=_predicting(name, interactions, ~test, test),
    )


def _predicting(name: str, interactions: Interactions, train: Mask, target: Mask) -> Split:
    unpredicted = split(
        name,
        interactions,
        interactions.select(train),
        history=train,
        target=target,
        seen=train,
        viewers=len(np.unique(interactions.users)),
    )
    targets = interactions.select(target)
    if not targets.times.any():
        return unpredicted
    return replace(unpredicted, target_times=times_matrix(targets)[unpredicted.users].data)


def random(interactions: Interactions, seed: int) -> tuple[Division, ...]:
    """Ratings split 80/10/10 at random into training, validation and test; full ranking.

    Fit and histories use the training part only, for the test as well. Films of training and
    validation are not ranked in the test. Viewers without a test rating are skipped and counted.
    """
    n = len(interactions)
    held_out = round(_HELD_OUT * n)
    part = np.zeros(n, dtype=np.int8)
    order = np.random.default_rng(seed).permutation(n)
    part[order[:held_out]] = 2
    part[order[held_out : 2 * held_out]] = 1
    return (division_of_parts(f"seed {seed}", interactions, part, show_validation=False),)
