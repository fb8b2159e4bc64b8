"""Random effects of sessions: ratings given close together have something in common."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["Sessions", "sessions_of"]

_PAGE_SECONDS = 15
"""Longest gap between ratings that were entered on one page."""
_SESSION_SECONDS = 15 * 60

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sessions:
    """Ratings grouped by page, and pages grouped by session.

    A page is a run of ratings of one user with gaps of at most 15 seconds, a session is a quarter
    of an hour. Every page and every session has an effect, normal around 0, that is added to all
    its ratings.

    Attributes:
        pages: `int64[n]`, page of each rating, from 0.
        sessions: `int64[n_pages]`, session of each page, from 0.
    """

    pages: NDArray[np.int64]
    sessions: NDArray[np.int64]

    def select(self, ratings: slice) -> Sessions:
        """Some of the ratings, with the same pages."""
        return Sessions(self.pages[ratings], self.sessions)

    def whiten(self, columns: Floats, scales: Floats, variances: Floats) -> Floats:
        """Columns whose least squares are generalised least squares, `float64[n, m]`.

        Columns are multiplied by the scales and by the symmetric root of the inverse of the
        covariance that remains, `I` + page effects + session effects. The effects are nested, so
        the root is applied level by level.

        Args:
            columns: `float64[n, m]`, one row per rating.
            scales: `float64[n]`, one over the standard deviation of each rating's noise.
            variances: `float64[2]`, of page effects and of session effects.
        """
        of_page, of_session = variances
        white: Floats = columns * scales[:, None]
        if not (of_page or of_session):
            return white
        precisions = self._precisions(scales)
        sums = self._membership[0] @ (scales[:, None] * white)
        shares = _shares(precisions, of_page)[self.pages] * scales
        white -= shares[:, None] * sums[self.pages]
        # coefficient of the session's effect in each rating after the first level
        remaining = scales / np.sqrt(1 + of_page * precisions)[self.pages]
        session = self.sessions[self.pages]
        sums = self._membership[1] @ (remaining[:, None] * white)
        precisions = self._by_session(precisions / (1 + of_page * precisions))
        shares = _shares(precisions, of_session)[session] * remaining
        white -= shares[:, None] * sums[session]
        return white

    def effects(self, residuals: Floats, scales: Floats, variances: Floats) -> Floats:
        """Expected effect of each page plus its session, `float64[n_pages]`; 0 without ratings.

        Args:
            residuals: `float64[n]`, ratings minus everything else.
            scales: `float64[n]`, one over the standard deviation of each rating's noise.
            variances: `float64[2]`, of page effects and of session effects.
        """
        of_page, of_session = variances
        precisions = self._precisions(scales)
        sums = _sums(np.square(scales) * residuals, self.pages, len(self.sessions))
        shrinkage = 1 + of_page * precisions
        pull = self._by_session(sums / shrinkage)
        weight = self._by_session(precisions / shrinkage)
        session = (of_session * pull / (1 + of_session * weight))[self.sessions]
        return session + of_page * (sums - precisions * session) / shrinkage

    def degrees_of_freedom(self, scales: Floats, variances: Floats) -> Floats:
        """Effective number of parameters of each page's effects, `float64[n_pages]`.

        Their sum is the trace of the matrix that maps ratings to effects; the part of a session
        is distributed over its pages. Arguments as in `effects`.
        """
        of_page, of_session = variances
        precisions = self._precisions(scales)
        shrinkage = 1 + of_page * precisions
        weight = 1 + of_session * self._by_session(precisions / shrinkage)
        of_sessions = of_session * precisions / np.square(shrinkage) / weight[self.sessions]
        return of_page * precisions / shrinkage + of_sessions

    def draw(self, variances: Floats, rng: np.random.Generator) -> Floats:
        """Effects of pages plus their sessions, drawn from the prior, `float64[n_pages]`."""
        of_page, of_session = np.sqrt(variances)
        pages = rng.standard_normal(len(self.sessions)) * of_page
        sessions = rng.standard_normal(self._n_sessions) * of_session
        return pages + sessions[self.sessions]

    @property
    def _n_sessions(self) -> int:
        return int(self.sessions.max()) + 1 if len(self.sessions) else 0

    @cached_property
    def _membership(self) -> tuple[sp.csr_array, sp.csr_array]:
        """Ones where a rating is on a page, and in a session, `float64[n_groups, n]` each."""
        n = len(self.pages)
        pages, sessions = (
            sp.csr_array((np.ones(n), (rows, np.arange(n))), shape=(size, n))
            for rows, size in (
                (self.pages, len(self.sessions)),
                (self.sessions[self.pages], self._n_sessions),
            )
        )
        return pages, sessions

    def _precisions(self, scales: Floats) -> Floats:
        """Sum of the precisions of the ratings on each page, `float64[n_pages]`."""
        return _sums(np.square(scales), self.pages, len(self.sessions))

    def _by_session(self, of_pages: Floats) -> Floats:
        return _sums(of_pages, self.sessions, self._n_sessions)


def sessions_of(users: NDArray[np.integer], times: NDArray[np.int64]) -> Sessions:
    """Pages and sessions of ratings in any order; a rating of time 0, unknown, is a page alone."""
    n = len(users)
    order = np.lexsort((times, users))
    users, times = users[order], times[order]
    starts = np.ones(n, dtype=np.bool_)
    starts[1:] = (users[1:] != users[:-1]) | (np.diff(times) > _PAGE_SECONDS)
    starts |= times == 0
    pages = np.empty(n, dtype=np.int64)
    pages[order] = np.cumsum(starts) - 1
    # sessions begin on the quarter hour of the clock, so they need no second threshold
    quarters = times[starts] // _SESSION_SECONDS
    keys = np.where(times[starts] == 0, -1 - np.arange(len(quarters)), quarters)
    pairs = np.stack([users[starts].astype(np.int64), keys], axis=1)
    sessions = np.unique(pairs, axis=0, return_inverse=True)[1].reshape(-1)
    return Sessions(pages, sessions.astype(np.int64))


def _shares(precisions: Floats, variance: float) -> Floats:
    """Share of a group's sum that is subtracted from each member; 0 for a group without ratings."""
    return (1 - 1 / np.sqrt(1 + variance * precisions)) / np.maximum(precisions, 1e-300)


def _sums(values: Floats, groups: NDArray[np.int64], n_groups: int) -> Floats:
    return np.bincount(groups, values, minlength=n_groups).astype(np.float64, copy=False)
