"""The prior for a user without a history: popularity with the half-life that predicts newcomers.

How fast popularity fades differs a hundredfold between data sets, and newcomers all get one list.
So the half-life is chosen on the past: at several cuts in time inside the training data, each
candidate ranks the films from the ratings before the cut, and users whose first rating comes after
it say which list was best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Interactions
from matinee.metrics.gain import best_gains, rank_gains
from matinee.models._shared.popularity import (
    POPULARITY_DAMPING,
    damped_popularity,
    days_before_last,
    recent_popularity,
)

__all__ = [
    "HALF_LIVES",
    "PopularityRace",
    "popularity_race",
    "race_of",
    "raced_popularity",
    "winning_half_life",
]

HALF_LIVES = (1.0, 3.0, 7.0, 30.0, 90.0, 180.0, 365.0, 1000.0)
"""Days. Popularity that does not fade is a candidate as well."""

_CUTS = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Shares of the ratings before each cut."""
_HORIZON = 0.25
"""Share of the ratings, after the cut, that newcomers are asked about."""
_FEWEST_NEWCOMERS = 10
"""Newcomers that a cut needs."""
_FEWEST_CUTS = 2
_MOST = 4_000_000
"""Ratings of the race. Of more, those of every k-th user are raced."""
_DEPTH = 10


@dataclass(frozen=True, eq=False)
class PopularityRace:
    """What newcomers say about each half-life.

    Attributes:
        quality: NDCG@10 at each cut, `float64[cuts, len(HALF_LIVES) + 1]`. The last column is
            popularity that does not fade.
        newcomers: how many there are at each cut, `int64[cuts]`.
    """

    quality: NDArray[np.float64]
    newcomers: NDArray[np.int64]

    @property
    def judged(self) -> bool:
        """Whether there are cuts enough to decide."""
        return len(self.quality) >= _FEWEST_CUTS

    @property
    def half_life(self) -> float | None:
        """See `winning_half_life`."""
        return winning_half_life(self.quality)


_RACES: WeakKeyDictionary[Interactions, dict[float | None, PopularityRace]]
_RACES = WeakKeyDictionary()
"""Races on data that still exists: the parts of a model are fitted on the same ratings."""
_PRIORS: WeakKeyDictionary[Interactions, dict[float | None, NDArray[np.float32]]]
_PRIORS = WeakKeyDictionary()
"""Their results."""


@dataclass(frozen=True, eq=False)
class _Days:
    """Ratings by day and film.

    Attributes:
        ages: `int64[d]`, days before the latest rating of all, oldest first, without repeats.
        counts: `float64[d, n_items]`, number of ratings.
        shares: `float64[d]`, share of all ratings up to the end of each day.
    """

    ages: NDArray[np.int64]
    counts: sp.csr_array
    shares: NDArray[np.float64]


def raced_popularity(
    interactions: Interactions, like_from: float | None = None
) -> NDArray[np.float32]:
    """Popularity with the half-life that wins the race, `float32[n_items]`.

    Without times, or with too few newcomers to decide, it is `damped_popularity`.

    Args:
        interactions: the training data.
        like_from: the lowest rating that counts as found; every rating by default.
    """
    known = _PRIORS.setdefault(interactions, {})
    if like_from not in known:
        half_life = race_of(interactions, like_from).half_life
        known[like_from] = (
            damped_popularity(interactions)
            if half_life is None
            else recent_popularity(interactions, half_life)
        )
    return known[like_from].copy()


def race_of(interactions: Interactions, like_from: float | None = None) -> PopularityRace:
    """`popularity_race`, run once for the same data."""
    known = _RACES.setdefault(interactions, {})
    if like_from not in known:
        known[like_from] = popularity_race(interactions, like_from)
    return known[like_from]


def winning_half_life(race: NDArray[np.float64]) -> float | None:
    """The half-life that wins a race, in days; `None` for popularity that does not fade.

    That is the longest one whose mean over the cuts falls short of the best mean by no more than
    the standard error of the difference: a short half-life gains little where it wins by chance,
    and loses much (the rule of one standard error: Breiman, Friedman, Olshen & Stone 1984,
    "Classification and regression trees").
    """
    if len(race) < _FEWEST_CUTS:
        return None
    best = race[:, race.mean(axis=0).argmax()]
    lost = best[:, None] - race
    errors = lost.std(axis=0, ddof=1) / np.sqrt(len(race))
    longest = int(np.flatnonzero(lost.mean(axis=0) <= errors)[-1])
    return HALF_LIVES[longest] if longest < len(HALF_LIVES) else None


def popularity_race(interactions: Interactions, like_from: float | None = None) -> PopularityRace:
    """The quality of each half-life for newcomers, at each cut with at least ten of them.

    Ties count against a list.
    """
    ratings = _sample(interactions)
    if not len(ratings) or ratings.times.min() == ratings.times.max():
        return _race([], [])
    ages = days_before_last(ratings.times)
    first = np.full(ratings.n_users, -1, dtype=np.int64)
    np.maximum.at(first, ratings.users, ages)
    first_of = first[ratings.users]
    liked = np.ones(len(ratings), np.bool_) if like_from is None else ratings.values >= like_from
    values = np.minimum(ratings.values, 1) if ratings.counts else ratings.values
    days = _by_day(ratings, ages)
    places = np.searchsorted(days.shares, np.array(_CUTS))
    quality, newcomers = list[NDArray[np.float64]](), list[int]()
    for place in np.unique(places[places < len(days.ages) - 1]):
        end = np.searchsorted(days.shares, days.shares[place] + _HORIZON)
        last = days.ages[min(int(end), len(days.ages) - 1)]
        cut = days.ages[place]
        counting = liked & (first_of < cut) & (ages >= last)
        rows, users = np.unique(ratings.users[counting], return_inverse=True)
        if len(rows) >= _FEWEST_NEWCOMERS:
            before = ages >= cut
            sums = np.bincount(
                ratings.items[before], weights=values[before], minlength=ratings.n_items
            )
            lists = _lists(days, int(place) + 1, sums.astype(np.float64, copy=False))
            quality.append(_ndcg(lists, users, ratings.items[counting], len(rows)))
            newcomers.append(len(rows))
    return _race(quality, newcomers)


def _race(quality: Sequence[NDArray[np.float64]], newcomers: Sequence[int]) -> PopularityRace:
    rows = np.array(quality, dtype=np.float64).reshape(-1, len(HALF_LIVES) + 1)
    return PopularityRace(rows, np.array(newcomers, dtype=np.int64))


def _sample(interactions: Interactions) -> Interactions:
    """The ratings with a time, of all users or of every k-th."""
    every = -(-len(interactions) // _MOST)
    rows = interactions.times != 0
    if every > 1:
        rows &= interactions.users % every == 0
    return interactions if rows.all() else interactions.select(rows)


def _by_day(ratings: Interactions, ages: NDArray[np.int64]) -> _Days:
    distinct, counts = np.unique(ages, return_counts=True)
    distinct, counts = distinct[::-1], counts[::-1]
    row_of = np.empty(distinct[0] + 1, dtype=np.int32)
    row_of[distinct] = np.arange(len(distinct), dtype=np.int32)
    shape = (len(distinct), ratings.n_items)
    by_film = sp.csr_array((np.ones(len(ages)), (row_of[ages], ratings.items)), shape=shape)
    return _Days(distinct, by_film, np.cumsum(counts) / len(ages))


def _lists(days: _Days, n_days: int, sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Popularity of every film by the first days, `float64[len(HALF_LIVES) + 1, n_items]`.

    `sums`, `float64[n_items]`, are those of the ratings of these days.
    """
    ages = days.ages[:n_days] - days.ages[n_days - 1]
    weights = [0.5 ** (ages / half_life) for half_life in HALF_LIVES]
    recent = np.stack([*weights, np.ones(n_days)]) @ days.counts[:n_days]
    counts = recent[-1]
    mean = sums.sum() / counts.sum()
    return recent * ((sums + POPULARITY_DAMPING * mean) / (counts + POPULARITY_DAMPING))


def _ndcg(
    lists: NDArray[np.float64], users: NDArray[np.integer], items: NDArray[np.integer], n: int
) -> NDArray[np.float64]:
    """Mean NDCG@10 of each list over `n` users with some targets, `float64[len(lists)]`.

    A film ranks below all films of the same score.
    """
    best = best_gains(np.bincount(users, minlength=n), _DEPTH)
    quality = np.empty(len(lists))
    for row, scores in enumerate(lists):
        last = np.partition(scores, -_DEPTH)[-_DEPTH] if len(scores) > _DEPTH else scores.min()
        best_films = np.flatnonzero(scores >= last)
        own = scores[best_films]
        ranks = len(own) - np.searchsorted(np.sort(own), own, side="left")
        gains = np.zeros(len(scores))
        gains[best_films] = np.where(ranks <= _DEPTH, rank_gains(ranks), 0)
        quality[row] = (np.bincount(users, weights=gains[items], minlength=n) / best).mean()
    return quality
