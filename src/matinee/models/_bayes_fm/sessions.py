"""What ratings given at the same moment have in common beyond their viewer and their films."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
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

    def whitened(self, columns: Floats, strengths: Floats, variances: Floats) -> Floats:
        """Columns after which ratings with common effects are independent, with noise 1.

        They are multiplied by the strengths, and by the symmetric root of the inverse of what is
        then the covariance, `I` + page effects + sitting effects, which are nested and so applied
        level by level: least squares on the answer is generalised least squares.

        Args:
            columns: `float64[n, m]`, one row a rating.
            strengths: `float64[n]`, one over the standard deviation of a rating's noise.
            variances: `float64[2]`, of the effects of page and sitting.
        """
        of_page, of_sitting = variances
        white: Floats = columns * strengths[:, None]
        if not (of_page or of_sitting):
            return white
        squares = self._squares(strengths)
        sums = self._members[0] @ (strengths[:, None] * white)
        shares = _shares(squares, of_page)[self.pages] * strengths
        white -= shares[:, None] * sums[self.pages]
        # a sitting's effect adds, after the first level, this to a rating
        rest = strengths / np.sqrt(1 + of_page * squares)[self.pages]
        sitting, n_sittings = self.sittings[self.pages], _length(self.sittings)
        sums = self._members[1] @ (rest[:, None] * white)
        squares = _added(squares / (1 + of_page * squares), self.sittings, n_sittings)
        shares = _shares(squares, of_sitting)[sitting] * rest
        white -= shares[:, None] * sums[sitting]
        return white

    def effects(self, remains: Floats, strengths: Floats, variances: Floats) -> Floats:
        """`float64[n_pages]`: expected effect of each page with its sitting, 0 without ratings.

        Args:
            remains: `float64[n]`, what everything else leaves unexplained of each rating.
            strengths: `float64[n]`, one over the standard deviation of a rating's noise.
            variances: `float64[2]`, of the effects of page and sitting.
        """
        of_page, of_sitting = variances
        squares = self._squares(strengths)
        sums = _added(np.square(strengths) * remains, self.pages, len(self.sittings))
        shrunk = 1 + of_page * squares
        n_sittings = _length(self.sittings)
        pull = _added(sums / shrunk, self.sittings, n_sittings)
        weight = _added(squares / shrunk, self.sittings, n_sittings)
        sitting = (of_sitting * pull / (1 + of_sitting * weight))[self.sittings]
        effects: Floats = sitting + of_page * (sums - squares * sitting) / shrunk
        return effects

    def freedom(self, strengths: Floats, variances: Floats) -> Floats:
        """`float64[n_pages]`: how many ratings' worth of noise the effects take up.

        Summed over pages it is the trace of what makes effects out of ratings; a sitting's part is
        spread over its pages. Arguments as in `effects`.
        """
        of_page, of_sitting = variances
        squares = self._squares(strengths)
        shrunk = 1 + of_page * squares
        n_sittings = _length(self.sittings)
        weight = 1 + of_sitting * _added(squares / shrunk, self.sittings, n_sittings)
        of_sittings = of_sitting * squares / np.square(shrunk) / weight[self.sittings]
        taken: Floats = of_page * squares / shrunk + of_sittings
        return taken

    @cached_property
    def _members(self) -> tuple[sp.csr_array, sp.csr_array]:
        """`float64[n_pages, n]` and `float64[n_sittings, n]`, 1 where a rating is a member."""
        sizes = len(self.sittings), _length(self.sittings)
        groups = self.pages, self.sittings[self.pages]
        ratings = np.arange(len(self.pages))
        pages, sittings = (
            sp.csr_array((np.ones(len(ratings)), (rows, ratings)), shape=(size, len(ratings)))
            for rows, size in zip(groups, sizes, strict=True)
        )
        return pages, sittings

    def _squares(self, strengths: Floats) -> Floats:
        """`float64[n_pages]`, precisions of its ratings summed up."""
        return _added(np.square(strengths), self.pages, len(self.sittings))

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


def _added(values: Floats, groups: NDArray[np.int64], n_groups: int) -> Floats:
    return np.bincount(groups, values, minlength=n_groups).astype(np.float64, copy=False)


def _length(groups: NDArray[np.int64]) -> int:
    return int(groups.max()) + 1 if len(groups) else 0
