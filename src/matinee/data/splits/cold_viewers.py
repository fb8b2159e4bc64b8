"""The protocol of new viewers: accuracy after 0, 1, 3, 5 and 10 ratings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.histories import Histories
from matinee.data.interactions import Interactions
from matinee.data.splits.instants import UNKNOWN
from matinee.data.splits.places import chronological, places
from matinee.data.splits.split import Division, Promise, Split, split
from matinee.errors import InputError

__all__ = ["cold_viewers"]

_LENGTHS = (0, 1, 3, 5, 10)
_HELD_OUT_VIEWERS = 0.1
_TARGET_SHARE = 0.2


def cold_viewers(
    interactions: Interactions, seed: int, lengths: tuple[int, ...] = _LENGTHS
) -> tuple[Division, ...]:
    """A learning curve: held-out viewers with short histories.

    A tenth of the viewers is the test, another tenth the validation, drawn as in `strong`; neither
    is in training. The last fifth of a viewer's ratings by time (rounded down, at least one) is
    the target, the same for every point of the curve; the history is their first n ratings. The
    ratings in between are neither in the history nor ranked, so only n varies between points.
    Viewers with too few ratings for the largest n are left out at all points and counted. Without
    times the order of a viewer's ratings is drawn.

    The validation has a row for every viewer and n, so that options suit the full curve. All
    divisions share it, and the training.

    Raises:
        InputError: no held-out viewer has enough ratings.
    """
    rng = np.random.default_rng(seed)
    viewers = rng.permutation(np.unique(interactions.users))
    drawn = rng.permutation(len(interactions))
    held_out = round(_HELD_OUT_VIEWERS * len(viewers))
    train = interactions.select(~np.isin(interactions.users, viewers[: 2 * held_out]))
    timed = bool((interactions.times != UNKNOWN).any())
    place = places(interactions.users, chronological(interactions) if timed else drawn)
    test, validation = (
        [_point(n, max(lengths), interactions, train, chosen, place, timed) for n in lengths]
        for chosen in (viewers[:held_out], viewers[held_out : 2 * held_out])
    )
    all_points = _stacked(f"seed {seed}", validation)
    return tuple(Division(validation=all_points, test=each) for each in test)


def _point(
    n: int,
    most: int,
    interactions: Interactions,
    train: Interactions,
    viewers: NDArray[np.int32],
    place: NDArray[np.int64],
    timed: bool,  # noqa: FBT001
) -> Split:
    """One point of the curve for some held-out viewers."""
    counts = np.bincount(interactions.users, minlength=interactions.n_users)
    n_targets = np.maximum(1, (_TARGET_SHARE * counts).astype(np.int64))
    enough = counts - n_targets >= most
    evaluated = np.isin(interactions.users, viewers) & enough[interactions.users]
    if not evaluated.any():
        raise InputError(
            f"protocol 'cold-viewers' needs histories of {most} ratings in addition to the "
            f"targets, and none of the {len(viewers):,} held-out viewers has that many; use data "
            "with longer histories or a lower --min-rating"
        )
    target = evaluated & (place >= (counts - n_targets)[interactions.users])
    promises = (Promise.VIEWERS_HELD_OUT, *((Promise.HISTORY_IS_PAST,) if timed else ()))
    return split(
        f"{n} shown",
        interactions,
        train,
        history=evaluated & (place < n),
        target=target,
        seen=evaluated & ~target,
        viewers=len(viewers),
        promises=promises,
    )


def _stacked(name: str, points: list[Split]) -> Split:
    """All points of the curve as one split: every viewer has a row for each."""
    users = np.concatenate([each.users for each in points])
    order = np.argsort(users, kind="stable")
    targets, seen = (
        sp.vstack([getattr(each, matrix) for each in points], format="csr")[order]
        for matrix in ("targets", "seen")
    )
    return replace(
        points[0],
        name=name,
        users=users[order],
        histories=Histories.stacked([each.histories for each in points]).take(order),
        targets=targets,
        seen=seen,
    )
