"""Protocols that hold out viewers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.histories import Histories
from matinee.data.interactions import Interactions
from matinee.data.splits.order import UNKNOWN, chronological, places
from matinee.data.splits.split import (
    Division,
    Promise,
    Split,
    half_of_rest,
    split,
)
from matinee.errors import InputError

__all__ = ["cold_viewers", "counts_of_share", "strong"]

_LENGTHS = (0, 1, 3, 5, 10)
"""Ratings in the histories of new viewers."""

_SHARE = 0.8
_TARGET_SHARE = 0.2


def strong(
    interactions: Interactions, seed: int, share: float | None = None
) -> tuple[Division, ...]:
    """Strong generalisation: held-out viewers (Marlin 2004; Liang et al. 2018).

    A `share` of the viewers, 80% by default, is the training; half of the others is the test, the
    other half the validation. A random fifth of a held-out viewer's ratings (rounded down, at least
    one) is the target, the rest the history. Viewers with a single rating are skipped and counted.
    Films without a training rating count as targets.
    """
    test, validation, train, order = _held_out_viewers(interactions, seed, share)
    counts = np.bincount(interactions.users, minlength=interactions.n_users)
    n_targets = np.where(counts >= 2, counts_of_share(_TARGET_SHARE, counts), 0)
    target = places(interactions.users, order) < n_targets[interactions.users]
    name = f"seed {seed}"
    return (
        Division(
            validation=_held_out(name, interactions, train, validation, target),
            test=_held_out(name, interactions, train, test, target),
        ),
    )


def _held_out_viewers(
    interactions: Interactions, seed: int, share: float | None = None
) -> tuple[NDArray[np.int32], NDArray[np.int32], Interactions, NDArray[np.int64]]:
    """Viewers of test and validation, the ratings of all others, and all rows in random order."""
    rng = np.random.default_rng(seed)
    viewers = rng.permutation(np.unique(interactions.users))
    order = rng.permutation(len(interactions))
    n = round(half_of_rest(_SHARE if share is None else share) * len(viewers))
    train = interactions.select(~np.isin(interactions.users, viewers[: 2 * n]))
    return viewers[:n], viewers[n : 2 * n], train, order


def counts_of_share(share: float, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """A share of each count, rounded down and at least one."""
    whole = np.round(share * counts, 6).astype(np.int64)  # 0.29 of 100 is 29
    return np.maximum(1, whole)


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
    test, validation, train, drawn = _held_out_viewers(interactions, seed)
    users = interactions.users
    timed = bool((interactions.times != UNKNOWN).any())
    place = places(users, chronological(interactions) if timed else drawn)
    counts = np.bincount(users, minlength=interactions.n_users)
    first_target = counts - counts_of_share(_TARGET_SHARE, counts)
    enough = first_target >= max(lengths)

    def point(n: int, viewers: NDArray[np.int32]) -> Split:
        evaluated = np.isin(users, viewers) & enough[users]
        if not evaluated.any():
            raise InputError(
                f"protocol 'cold-viewers' needs histories of {max(lengths)} ratings in addition to "
                f"the targets, and none of the {len(viewers):,} held-out viewers has that many; "
                "use data with longer histories or a lower --min-rating"
            )
        target = evaluated & (place >= first_target[users])
        return split(
            f"{n} shown",
            interactions,
            train,
            history=evaluated & (place < n),
            target=target,
            seen=evaluated & ~target,
            viewers=len(viewers),
            promises=(Promise.VIEWERS_HELD_OUT, *((Promise.HISTORY_IS_PAST,) if timed else ())),
        )

    all_points = _stacked(f"seed {seed}", [point(n, validation) for n in lengths])
    return tuple(Division(validation=all_points, test=point(n, test)) for n in lengths)


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
