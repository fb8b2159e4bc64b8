"""What ratings given at the same moment have in common beyond their viewer and their films."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Moments", "same_moments"]

_PAGE_SECONDS = 15
"""Ratings that follow each other so soon were entered on one page."""

_SITTING_SECONDS = 15 * 60

_UNKNOWN = 0

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moments:
    """Ratings by page, and pages by sitting.

    Every page, and every sitting of 15 minutes, has an effect of its own that is added to all its
    ratings: normal around 0.

    Attributes:
        pages: `int64[n]`, the page of every rating, from 0.
        sittings: `int64[n_pages]`, the sitting of every page, from 0.
    """

    pages: NDArray[np.int64]
    sittings: NDArray[np.int64]

    def select(self, ratings: slice) -> Moments:
        """Some of the ratings, over the same pages."""
        return Moments(self.pages[ratings], self.sittings)

    def whitened(self, columns: Floats, variances: Floats) -> Floats:
        """Columns after which ratings with common effects are independent, with noise 1.

        The symmetric root of the inverse of `I + page effects + sitting effects`, which are nested,
        applied level by level: least squares on the answer is generalised least squares.

        Args:
            columns: `float64[n, m]`, one row a rating.
            variances: `float64[2]`, of page and sitting, in units of the noise's.
        """
        of_page, of_sitting = variances
        counts = np.bincount(self.pages, minlength=len(self.sittings)).astype(np.float64)
        white = (
            columns
            - _shares(counts, of_page)[self.pages, None]
            * _summed(columns, self.pages, len(counts))[self.pages]
        )
        # what is 1 for every rating of a sitting is, after the first level, this
        ones = 1 / np.sqrt(1 + of_page * counts)
        sitting = self.sittings[self.pages]
        n_sittings = _length(self.sittings)
        squares = _added(counts * np.square(ones), self.sittings, n_sittings)
        sums = _summed(ones[self.pages, None] * white, sitting, n_sittings)
        shares = _shares(squares, of_sitting)[sitting] * ones[self.pages]
        answer: Floats = white - shares[:, None] * sums[sitting]
        return answer

    def effects(self, remains: Floats, variances: Floats) -> Floats:
        """`float64[n_pages]`: expected effect of each page with its sitting, 0 without ratings.

        Args:
            remains: `float64[n]`, what everything else leaves unexplained of each rating.
            variances: `float64[2]`, of page and sitting, in units of the noise's.
        """
        of_page, of_sitting = variances
        counts = np.bincount(self.pages, minlength=len(self.sittings)).astype(np.float64)
        sums = _added(remains, self.pages, len(self.sittings))
        shrunk = 1 + of_page * counts
        n_sittings = _length(self.sittings)
        pull = _added(sums / shrunk, self.sittings, n_sittings)
        weight = _added(counts / shrunk, self.sittings, n_sittings)
        sitting = (of_sitting * pull / (1 + of_sitting * weight))[self.sittings]
        effects: Floats = sitting + of_page * (sums - counts * sitting) / shrunk
        return effects

    def drawn(self, variances: Floats, rng: np.random.Generator) -> Floats:
        """`float64[n_pages]`: effects of pages with their sittings before any rating is known."""
        of_page, of_sitting = np.sqrt(variances)
        pages = rng.standard_normal(len(self.sittings)) * of_page
        sittings = rng.standard_normal(_length(self.sittings)) * of_sitting
        effects: Floats = pages + sittings[self.sittings]
        return effects


def same_moments(viewers: NDArray[np.integer], times: NDArray[np.int64]) -> Moments:
    """Pages and sittings of ratings in any order; without a time a rating is alone on its page."""
    n = len(viewers)
    order = np.lexsort((times, viewers))
    viewers, times = viewers[order], times[order]
    starts = np.ones(n, dtype=np.bool_)
    starts[1:] = (viewers[1:] != viewers[:-1]) | (np.diff(times) > _PAGE_SECONDS)
    starts |= times == _UNKNOWN
    pages = np.empty(n, dtype=np.int64)
    pages[order] = np.cumsum(starts) - 1
    # a sitting is a quarter of an hour on the clock, so that it needs no further threshold
    quarters = times[starts] // _SITTING_SECONDS
    own = np.where(times[starts] == _UNKNOWN, -1 - np.arange(len(quarters)), quarters)
    pairs = np.stack([viewers[starts].astype(np.int64), own], axis=1)
    sittings = np.unique(pairs, axis=0, return_inverse=True)[1].reshape(-1)
    return Moments(pages, sittings.astype(np.int64))


def _shares(squares: Floats, variance: float) -> Floats:
    """How much of its group's sum is taken from each; 0 for a group without ratings."""
    return (1 - 1 / np.sqrt(1 + variance * squares)) / np.maximum(squares, 1e-300)


def _summed(columns: Floats, groups: NDArray[np.int64], n_groups: int) -> Floats:
    return np.stack([_added(column, groups, n_groups) for column in columns.T], axis=1)


def _added(values: Floats, groups: NDArray[np.int64], n_groups: int) -> Floats:
    return np.bincount(groups, values, minlength=n_groups).astype(np.float64, copy=False)


def _length(groups: NDArray[np.int64]) -> int:
    return int(groups.max()) + 1 if len(groups) else 0
