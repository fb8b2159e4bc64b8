"""Which films the same people watched, beyond what popularity and season explain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Interactions

__all__ = ["Audience"]

_LEAST_WEIGHT = 0.4
"""Weight of the lowest rating; the highest weighs 1. Who rated a film low has also watched it."""
_SEASON = 1.0
"""Standard deviation in years of the window in which a viewer's films are counted."""
_MOST_EXPECTED = 0.8
"""Bound of an expected weight, which for popular films of a busy viewer would exceed 1."""
_DAMPING = 5.0
"""Added to the product of two lengths, against similarities that rest on few viewers."""
_LEVEL = 100
"""Films of the first level, the most popular ones; each next level has twice as many."""
_MOST_USERS = 20_000
"""Larger data are sampled down to this many users; more change little."""
_BLOCK = 1 << 21
"""Expected weights computed at once."""


@dataclass(frozen=True, eq=False)
class Audience:
    """Residuals of all films over all users: weight of the rating less the expected weight.

    Expected weights follow from popularity and season alone: `min(activity * share, 0.8)`, where
    activity is the sum of the user's weights in the season of the film, and share is the film's
    part of all weights of that season. Residuals have no zeros, so they are kept as a sparse
    matrix less one of low rank: `excess`, the weights plus what `activity * share` exceeds 0.8 by,
    less the product `activity * share`.

    Some viewers watch what everybody watches and others do not, so residuals of popular films are
    similar to each other. Films are therefore divided into levels of popularity, and a film's mean
    similarity to a level is subtracted from its similarities to the films of that level.

    Attributes:
        excess: sparse `float64[n_users, n_items]`.
        common: `float64[n_items, n_seasons]`, `excess.T @ activity`. Activity, by user, is the sum
            of the weights in and around each year; the last season, of films of unknown year, has
            all weights.
        seasons: `float64[n_seasons, n_seasons]`, `activity.T @ activity`.
        season: `int64[n_items]`, that of each film.
        share: `float64[n_items]`.
        lengths: `float64[n_items]`, of the residuals of each film over all users.
        level: `int64[n_items]`, of each film's popularity; 0 is the highest.
        of_level: `float32[n_items, n_levels]`, 1 where the film is of the level.
    """

    excess: sp.csr_array
    common: NDArray[np.float64]
    seasons: NDArray[np.float64]
    season: NDArray[np.int64]
    share: NDArray[np.float64]
    lengths: NDArray[np.float64]
    level: NDArray[np.int64]
    of_level: NDArray[np.float32]

    @classmethod
    def of(cls, interactions: Interactions, years: NDArray[np.integer]) -> Self:
        """The residuals of ratings, each user and item once, over films of these years."""
        weights = _weights(interactions)
        season, window = _seasons(years)
        shape = (len(years), len(window))
        in_season = sp.csr_array(
            (np.ones(len(years)), (np.arange(len(years)), season)), shape=shape
        )
        activity = (weights @ in_season).toarray() @ window
        total = activity.sum(axis=0)[season]
        popularity = np.asarray(weights.sum(axis=0)).ravel()
        share = np.divide(popularity, total, out=np.zeros(len(years)), where=total > 0)
        excess = sp.csr_array(weights + _beyond_the_bound(activity, season, share))
        expected = (activity**2).sum(axis=0)[season] * share**2
        common = excess.T @ activity
        squares = np.asarray(excess.multiply(excess).sum(axis=0)).ravel() + expected
        squares -= 2 * common[np.arange(len(years)), season] * share
        lengths = np.sqrt(np.maximum(squares, 0))
        level = _levels(popularity)
        of_level = (level[:, None] == np.arange(level.max(initial=0) + 1)).astype(np.float32)
        seasons = activity.T @ activity
        return cls(excess, common, seasons, season, share, lengths, level, of_level)

    @property
    def certainty(self) -> NDArray[np.float64]:
        """`float64[n_items]`: damped cosines of films with themselves, below 1 for few viewers."""
        squares = self.lengths**2
        return squares / (squares + _DAMPING)

    def similarity(self, items: slice) -> NDArray[np.float32]:
        """Damped cosines of the residuals of some films and all films, `float32[m, n_items]`.

        The mean similarity of a film to each level of popularity is subtracted.
        """
        season, share = self.season[items], self.share[items, None]
        similarity = (self.excess[:, items].T @ self.excess).toarray().astype(np.float32)
        in_seasons = (self.common[items] - share * self.seasons[season]).astype(np.float32)
        similarity -= in_seasons[:, self.season] * self.share.astype(np.float32)
        similarity -= self.common[:, season].T.astype(np.float32) * share.astype(np.float32)
        lengths = self.lengths.astype(np.float32)
        similarity /= lengths[items, None] * lengths + np.float32(_DAMPING)
        similarity -= self._means(similarity, items)[:, self.level]
        return similarity

    def _means(self, similarity: NDArray[np.float32], items: slice) -> NDArray[np.float32]:
        """Mean similarity of some films to the films of each level, `float32[m, n_levels]`.

        The film itself is left out. The sum is divided by 100 where there are fewer films.
        """
        own = self.of_level[items]
        totals = similarity @ self.of_level
        totals -= own * np.diagonal(similarity, offset=items.start)[:, None]
        films = self.of_level.sum(axis=0) - own
        means: NDArray[np.float32] = totals / np.maximum(films, _LEVEL)
        return means


def _weights(interactions: Interactions) -> sp.csr_array:
    """Weights of the ratings, `float64[n_users, n_items]`; counts weigh 1."""
    matrix = interactions.matrix
    step = -(-matrix.shape[0] // _MOST_USERS)
    matrix = matrix[::step] if step > 1 else matrix
    low, high = interactions.scale
    if interactions.counts or high <= low:
        values = np.ones(matrix.nnz)
    else:
        values = _LEAST_WEIGHT + (1 - _LEAST_WEIGHT) * (matrix.data - low) / (high - low)
    return sp.csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape)


def _seasons(years: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The season of every film, and `window[a, b]`: weight of season `a` in the window of `b`."""
    known = years > 0
    first = int(years[known].min()) if known.any() else 0
    n = int(years[known].max()) - first + 1 if known.any() else 0
    season = np.where(known, years.astype(np.int64) - first, n)
    window = np.ones((n + 1, n + 1))  # all films count for one of unknown year
    distance = np.arange(n)[:, None] - np.arange(n)
    window[:n, :n] = np.exp(-0.5 * (distance / _SEASON) ** 2)
    window[n, :n] = 0  # and it counts for no season
    return season, window


def _levels(popularity: NDArray[np.float64]) -> NDArray[np.int64]:
    """The level of every film by its rank in popularity: 0 for the first 100, 1 for 200, ..."""
    rank = np.empty(len(popularity), dtype=np.int64)
    rank[np.argsort(-popularity, kind="stable")] = np.arange(len(popularity))
    return np.log2(rank / _LEVEL + 1).astype(np.int64)


def _beyond_the_bound(
    activity: NDArray[np.float64], season: NDArray[np.int64], share: NDArray[np.float64]
) -> sp.csr_array:
    """What expected weights exceed the bound by, sparse `float64[n_users, n_items]`."""
    high = np.flatnonzero(activity.max(axis=0, initial=0)[season] * share > _MOST_EXPECTED)
    shape = (len(activity), len(season))
    parts = [sp.csr_array(shape)]
    size = max(1, _BLOCK // max(1, len(activity)))
    for start in range(0, len(high), size):
        items = high[start : start + size]
        over = activity[:, season[items]] * share[items] - _MOST_EXPECTED
        users, places = np.nonzero(over > 0)
        values = over[users, places]
        parts.append(sp.csr_array((values, (users, items[places])), shape=shape))
    return sp.csr_array(sum(parts[1:], parts[0]))
