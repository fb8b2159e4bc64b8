"""Questions that candidates are compared on: films that some viewers liked, not in training.

Ratings held out at random, the last films of every viewer, and what follows a point in time are
different questions, and different models answer them best (docs/decisions/0037).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matinee.data import Histories, Interactions
from matinee.models._blend.held_out import HeldOut

__all__ = ["ChooseOn", "Question", "questions"]

ChooseOn = Literal["future", "next", "random"]

_CUTS = (0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
"""Shares of the ratings before each cut in time, the latest cut first."""
_HORIZON = 0.2
"""Share of the ratings after a cut that hold its targets."""
_LAST = 2
"""Likes at the end of a viewer's ratings that are the targets of `next`."""
_SHARE = 0.2
_FEWEST_RATINGS = 5
"""Likes a viewer needs for some of them to be left out of training."""
_FEWEST_VIEWERS = 5
"""Fewer viewers decide nothing."""
_BLOCK = 2**22
"""Scores per question and candidate, which bounds the memory."""
_LEAST, _MOST = 100, 1500
"""Bounds of the number of viewers per question: 1500 tell models apart to half a percent."""


@dataclass(frozen=True, eq=False)
class Question:
    """Ratings to learn from, and viewers with targets to find.

    Both are selected at the first use: where `ranker` wins, nobody asks.

    Attributes:
        ratings: all of them.
        past: `bool[n]`, ratings to learn from, of all viewers and dislikes included.
        targets: `bool[n]`.
        viewers: those with a history in `train` and targets, ascending.
    """

    ratings: Interactions
    past: NDArray[np.bool_]
    targets: NDArray[np.bool_]
    viewers: NDArray[np.integer]

    @cached_property
    def train(self) -> Interactions:
        """Ratings to learn from."""
        return self.ratings.select(self.past)

    @cached_property
    def known(self) -> HeldOut:
        """Histories and targets of the viewers."""
        found = self.ratings.select(self.targets).matrix[self.viewers]
        return HeldOut(self.train, Histories.of_users(self.train, self.viewers), found)


def questions(
    ratings: Interactions, liked: NDArray[np.bool_], choose_on: ChooseOn, rng: np.random.Generator
) -> tuple[ChooseOn, tuple[Question, ...]]:
    """The questions of a rule, and the rule that was possible.

    Without times, or with too few viewers after every cut, "future" and "next" become "random".
    There are no questions if no viewer has five likes.

    Args:
        ratings: at most one of each viewer for each film.
        liked: `bool[n]`, ratings that can be targets.
        choose_on: the rule.
        rng: draws the targets, and the viewers if there are too many.
    """
    timed = 2 * np.count_nonzero(ratings.times) >= len(ratings)
    if choose_on == "future" and timed:
        cuts = tuple(_cuts(ratings, liked, rng))
        if cuts:
            return choose_on, cuts
    if choose_on == "next" and timed:
        last = _last(ratings, liked, rng)
        if last is not None:
            return choose_on, (last,)
    drawn = _drawn(ratings, liked, rng)
    return "random", () if drawn is None else (drawn,)


def _cuts(
    ratings: Interactions, liked: NDArray[np.bool_], rng: np.random.Generator
) -> Iterator[Question]:
    """One question for each cut in time. Ratings without a time are older than every cut.

    There is no question where all ratings before the cut have no time.
    """
    times = ratings.times
    ordered = np.sort(times[times != 0])
    for share in _CUTS:
        cut = int(ordered[int(share * len(ordered))])
        last = int((share + _HORIZON) * len(ordered))
        end = int(ordered[last]) if last < len(ordered) else int(ordered[-1]) + 1
        past = times < cut
        targets = liked & (times >= cut) & (times < end)
        if not times[past].any():
            continue
        viewers = _viewers(ratings, past, targets)
        if len(viewers) >= _FEWEST_VIEWERS:
            yield Question(ratings, past, targets, _sample(viewers, ratings.n_items, rng))


def _last(
    ratings: Interactions, liked: NDArray[np.bool_], rng: np.random.Generator
) -> Question | None:
    """The last likes of every viewer; later dislikes are left out.

    Likes of one instant are put in an order that is drawn, since the file's may be learned.
    """
    shuffled = rng.permutation(len(ratings))
    order = shuffled[np.lexsort((ratings.times[shuffled], ratings.users[shuffled]))]
    order = order[liked[order] & (ratings.times[order] != 0)]
    counts = np.bincount(ratings.users[order], minlength=ratings.n_users)
    ends = np.cumsum(counts)[ratings.users[order]]
    targets = np.zeros(len(ratings), dtype=np.bool_)
    targets[order] = (ends - np.arange(len(order)) <= _LAST) & (
        counts[ratings.users[order]] >= _FEWEST_RATINGS
    )
    first = np.full(ratings.n_users, np.iinfo(np.int64).max)
    np.minimum.at(first, ratings.users[targets], ratings.times[targets])
    later = ~targets & (ratings.times > first[ratings.users])
    return _of_hidden(ratings, targets, targets | later, rng)


def _drawn(
    ratings: Interactions, liked: NDArray[np.bool_], rng: np.random.Generator
) -> Question | None:
    """A fifth of the likes of every viewer with at least five."""
    shuffled = rng.permutation(len(ratings))
    order = shuffled[np.argsort(ratings.users[shuffled], kind="stable")]
    order = order[liked[order]]
    users = ratings.users[order]
    counts = np.bincount(users, minlength=ratings.n_users)
    place = np.arange(len(order)) - (np.cumsum(counts) - counts)[users]
    quota = np.where(counts >= _FEWEST_RATINGS, np.floor(counts * _SHARE), 0)
    targets = np.zeros(len(ratings), dtype=np.bool_)
    targets[order] = place < quota[users]
    return _of_hidden(ratings, targets, targets, rng)


def _of_hidden(
    ratings: Interactions,
    targets: NDArray[np.bool_],
    hidden: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Question | None:
    viewers = _viewers(ratings, ~hidden, targets)
    if not len(viewers):
        return None
    return Question(ratings, ~hidden, targets, _sample(viewers, ratings.n_items, rng))


def _viewers(
    ratings: Interactions, past: NDArray[np.bool_], targets: NDArray[np.bool_]
) -> NDArray[np.integer]:
    """Viewers with ratings in the past and targets, ascending."""
    has_past, has_target = np.zeros((2, ratings.n_users), dtype=np.bool_)
    has_past[ratings.users[past]] = True
    has_target[ratings.users[targets]] = True
    return np.flatnonzero(has_past & has_target)


def _sample(
    viewers: NDArray[np.integer], n_items: int, rng: np.random.Generator
) -> NDArray[np.integer]:
    """All viewers, or as many as a question may have."""
    most = min(_MOST, max(_LEAST, _BLOCK // n_items))
    return np.sort(rng.choice(viewers, most, replace=False)) if len(viewers) > most else viewers
