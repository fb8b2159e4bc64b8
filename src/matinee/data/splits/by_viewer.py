"""Protocols that hold out viewers, or the last interaction of each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.data.interactions import Interactions
from matinee.data.splits.places import chronological, places
from matinee.data.splits.split import Division, Promise, Split, division_of_parts, split

__all__ = ["last", "strong"]

_HELD_OUT_VIEWERS = 0.1
_TARGET_SHARE = 0.2
_FEWEST_FOR_LAST = 3
"""One interaction each for training, validation and test."""


def strong(interactions: Interactions, seed: int) -> tuple[Division, ...]:
    """Strong generalisation: held-out viewers (Marlin 2004; Liang et al. 2018).

    A tenth of the viewers is the test, another tenth the validation; neither is in training. A
    random fifth of a held-out viewer's ratings (rounded down, at least one) is the target, the
    rest the history. Viewers with a single rating are skipped and counted. Films without a
    training rating count as targets.
    """
    rng = np.random.default_rng(seed)
    viewers = rng.permutation(np.unique(interactions.users))
    held_out = round(_HELD_OUT_VIEWERS * len(viewers))
    test_viewers, validation_viewers = viewers[:held_out], viewers[held_out : 2 * held_out]
    counts = np.bincount(interactions.users, minlength=interactions.n_users)
    n_targets = np.where(counts >= 2, np.maximum(1, (_TARGET_SHARE * counts).astype(np.int64)), 0)
    place = places(interactions.users, rng.permutation(len(interactions)))
    target = place < n_targets[interactions.users]
    train = interactions.select(~np.isin(interactions.users, viewers[: 2 * held_out]))
    name = f"seed {seed}"
    return (
        Division(
            validation=_held_out(name, interactions, train, validation_viewers, target),
            test=_held_out(name, interactions, train, test_viewers, target),
        ),
    )


def _held_out(
    name: str,
    interactions: Interactions,
    train: Interactions,
    viewers: NDArray[np.int32],
    target: NDArray[np.bool_],
) -> Split:
    held_out = np.isin(interactions.users, viewers)
    return split(
        name,
        interactions,
        train,
        history=held_out & ~target,
        target=held_out & target,
        seen=held_out & ~target,
        viewers=len(viewers),
        promises=(Promise.VIEWERS_HELD_OUT,),
    )


def last(interactions: Interactions) -> tuple[Division, ...]:
    """Leave one out: the last interaction is the test, the one before it the validation.

    Last is by time, then by the order of the source. The model is fitted on everything before
    both; the history of the test includes the validation film (Kang and McAuley 2018). Viewers
    with fewer than three interactions stay in training, and are skipped and counted.
    """
    users = interactions.users
    counts = np.bincount(users, minlength=interactions.n_users)[users]
    place = places(users, -chronological(interactions))
    part = np.zeros(len(users), dtype=np.int8)
    enough = counts >= _FEWEST_FOR_LAST
    part[enough & (place == 0)] = 2
    part[enough & (place == 1)] = 1
    promises = (Promise.HISTORY_IS_PAST,)
    return (division_of_parts("last", interactions, part, show_validation=True, promises=promises),)
