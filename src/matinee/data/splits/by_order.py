"""The protocol that holds out the last interactions of each viewer, and three rules for ties.

Ratings of one second have no order of their own. The order of a file is often that of the film
ids, or of the page on which films were offered, and a model can learn it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from matinee.data.interactions import Interactions
from matinee.data.splits.by_viewer import counts_of_share
from matinee.data.splits.order import UNKNOWN, latest_times, places
from matinee.data.splits.split import Division, Mask, Promise, Split, division_of_parts
from matinee.errors import InputError

__all__ = ["TIES", "Ties", "last"]

Ties = Literal["shuffle", "file", "set"]
TIES: tuple[Ties, ...] = get_args(Ties)

_DONE = {
    "shuffle": "their order is drawn by the seed",
    "file": "their order is that of the source, and times are moved by seconds so that models see "
    "it: a model can learn the order of a file",
    "set": "all ratings of the instant are targets together",
}


def last(
    interactions: Interactions, n: float = 1, seed: int = 0, ties: Ties = "shuffle"
) -> tuple[Division, ...]:
    """Leave the last out: the last `n` interactions are the test, the `n` before the validation.

    `n` is a whole number, or a share below 0.5 of each viewer's interactions (rounded down, at
    least one). Last is by time. `ties` is the rule for ratings of a viewer at one instant:

        "shuffle"  their order is drawn by the seed
        "file"     they keep the order of the source, and each gets a time at least a second after
                   the one before, so that models see the order: t(k) = max(t(k), t(k - 1) + 1)
        "set"      those that tie with a target are targets as well, and the validation likewise

    The model is fitted on everything before both; the history of the test includes the validation
    films (Kang and McAuley 2018). A viewer is answered at the time of the last rating of the
    history. Viewers without an interaction before both stay in training, and are skipped and
    counted. A note says how many targets tie with the film before. Without times, all ratings of a
    viewer tie.

    Raises:
        InputError: `ties="set"` without times.
    """
    if ties == "set" and not interactions.times.any():
        raise InputError(
            f"ties 'set' holds out whole instants, and none of the {len(interactions):,} ratings "
            "has a time; use --ties shuffle or file"
        )
    users = interactions.users
    order = _order(interactions, None if ties != "shuffle" else np.random.default_rng(seed))
    position = places(users, order)
    counts = np.bincount(users, minlength=interactions.n_users)
    held_out = counts_of_share(n, counts) if n < 1 else np.full_like(counts, int(n))
    tied = _tied(interactions, order)
    first_test = counts - held_out
    if ties == "set":
        first_test = _begins(users, position, tied, first_test)
    first_validation = first_test - held_out
    if ties == "set":
        first_validation = _begins(users, position, tied, first_validation)
    enough = (first_validation > 0)[users]
    part = np.zeros(len(users), dtype=np.int8)
    part[enough & (position >= first_validation[users])] = 1
    part[enough & (position >= first_test[users])] = 2
    note = _note(interactions, part == 2, tied, ties)
    if ties == "file":
        interactions = replace(interactions, times=_distinct(interactions, order))
    validation, test = division_of_parts(
        "last", interactions, part, show_validation=True, promises=(Promise.HISTORY_IS_PAST,)
    )
    return (Division(_answered(validation), replace(_answered(test), notes=note)),)


def _answered(split: Split) -> Split:
    """The split with the answer_times of its viewers; without any times there are none."""
    if split.histories.times is None:
        return split
    return replace(split, answer_times=latest_times(split.histories))


def _order(interactions: Interactions, rng: np.random.Generator | None) -> NDArray[np.int64]:
    """`int64[n]`: position of every row by time; equal times by the source, or drawn."""
    n = len(interactions)
    ties = np.arange(n) if rng is None else rng.permutation(n)
    order = np.empty(n, dtype=np.int64)
    order[np.lexsort((ties, interactions.times))] = np.arange(n)
    return order


def _tied(interactions: Interactions, order: NDArray[np.int64]) -> Mask:
    """`bool[n]`: whether a rating has the time of the same viewer's rating before it."""
    rows = np.lexsort((order, interactions.users))
    users, times = interactions.users[rows], interactions.times[rows]
    tied = np.zeros(len(rows), dtype=np.bool_)
    tied[rows[1:]] = (users[1:] == users[:-1]) & (times[1:] == times[:-1])
    return tied


def _begins(
    users: NDArray[np.int32],
    position: NDArray[np.int64],
    tied: Mask,
    first: NDArray[np.int64],
) -> NDArray[np.int64]:
    """`int64[n_users]`: the position at which the instant of each viewer's `first` rating begins.

    0 where `first` is not positive.
    """
    rows = np.lexsort((position, users))
    start = np.searchsorted(users[rows], np.arange(len(first)))
    begins = start[users[rows]] + np.where(tied, 0, position)[rows]
    latest = np.maximum.accumulate(begins)  # a viewer's begin is behind all of the viewer before
    moved = np.zeros_like(first)
    inside = first > 0
    moved[inside] = (latest[(start + first)[inside]] - start[inside]).astype(np.int64)
    return moved


def _distinct(interactions: Interactions, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """`int64[n]`: times that ascend within every viewer; unknown ones stay unknown."""
    times = interactions.times.copy()
    rows = np.lexsort((order, interactions.users))
    rows = rows[times[rows] != UNKNOWN]
    if not len(rows):
        return times
    users, ordered = interactions.users[rows], times[rows]
    rank = np.arange(len(rows)) - np.searchsorted(users, users)
    # t(k) - k never falls where t(k) rises by one at least; viewers are kept apart by a wide step
    apart = np.cumsum(np.append(0, users[1:] != users[:-1])) * (np.ptp(ordered) + len(rows) + 1)
    times[rows] = np.maximum.accumulate(ordered - rank + apart) - apart + rank
    return times


def _note(interactions: Interactions, target: Mask, tied: Mask, ties: Ties) -> tuple[str, ...]:
    """How many targets tie with the film before, and what was done."""
    if not interactions.times.any():
        return (f"the ratings have no times; {_DONE[ties].partition(',')[0]}",)
    n, of = np.count_nonzero(target & tied), np.count_nonzero(target)
    if not n:
        return ()
    note = f"{n:,} of {of:,} targets ({n / of:.0%}) have the same time as the viewer's film before"
    return (f"{note}; {_DONE[ties]}",)
