"""Cuts in time inside the training data: what was known before, and what was liked after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories, Interactions

__all__ = ["TimeCut", "time_cuts"]

_FEWEST_RATINGS = 100
"""Ratings before a cut."""
_FEWEST_USERS = 20
"""Users with targets after a cut."""
_MOST_USERS = 400
"""Users of each kind at a cut: those with a history, and newcomers."""


@dataclass(frozen=True, eq=False)
class TimeCut:
    """One cut.

    Attributes:
        now: the instant of the cut, Unix seconds.
        end: all targets are earlier than this.
        past: ratings before the cut.
        histories: of the `n` users with ratings before the cut and targets after it.
        targets: `float32[n, n_items]`, ones for what they liked after the cut.
        newcomers: `float32[m, n_items]`, the same of users without ratings before the cut.
    """

    now: int
    end: int
    past: Interactions
    histories: Histories
    targets: sp.csr_array
    newcomers: sp.csr_array


def time_cuts(
    interactions: Interactions,
    like_from: float | None,
    shares: Sequence[float],
    horizon: float,
) -> list[TimeCut]:
    """Cuts after some shares of the ratings, each with targets up to `horizon` ratings later.

    Ratings of one instant stay together. Ratings without a time are part of every past. Cuts with
    too few users, or with no time in their past, are left out.

    Args:
        interactions: the training data; some of it has times.
        like_from: the lowest rating that is a target; `None` for every rating.
        shares: of the ratings with a time, before each cut.
        horizon: share of the ratings with a time.
    """
    times, values = interactions.times, interactions.values
    liked = np.ones(len(values), np.bool_) if like_from is None else values >= like_from
    ordered = np.sort(times[times != 0])
    instants = [(_instant(ordered, each), _instant(ordered, each + horizon)) for each in shares]
    cuts = [_cut(interactions, liked, now, end) for now, end in dict.fromkeys(instants)]
    return [cut for cut in cuts if cut is not None]


def _instant(ordered: NDArray[np.int64], share: float) -> int:
    """The time of the first rating after a share of them; past the last one, a second later.

    The share is rounded, so that .55 + .15 and .7 are one place.
    """
    place = int(round(share, 9) * len(ordered))
    return int(ordered[place]) if place < len(ordered) else int(ordered[-1]) + 1


def _cut(
    interactions: Interactions, liked: NDArray[np.bool_], now: int, end: int
) -> TimeCut | None:
    past = interactions.times < now
    after = liked & ~past & (interactions.times < end)
    has_past, has_target = np.zeros((2, interactions.n_users), dtype=np.bool_)
    has_past[interactions.users[past]] = True
    has_target[interactions.users[after]] = True
    if np.count_nonzero(past) < _FEWEST_RATINGS or np.count_nonzero(has_target) < _FEWEST_USERS:
        return None
    if not interactions.times[past].any():  # its films have no age
        return None
    before, later = interactions.select(past), interactions.select(after)
    found = sp.csr_array(
        (np.ones(len(later), dtype=np.float32), (later.users, later.items)),
        shape=(interactions.n_users, interactions.n_items),
    )
    known = _spread(np.flatnonzero(has_target & has_past))
    newcomers = _spread(np.flatnonzero(has_target & ~has_past))
    histories = Histories.of_users(before, known)
    return TimeCut(now, end, before, histories, found[known], found[newcomers])


def _spread(users: NDArray[np.int64]) -> NDArray[np.int64]:
    """At most `_MOST_USERS`, evenly spaced."""
    return users[:: max(1, -(-len(users) // _MOST_USERS))]
