"""Viewers under samples of a Bayesian factorisation machine, given their histories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.models._bayes_fm.levels import (
    bounds_of,
    chances_at_most,
    drawn_latent,
    expected_latent,
    expected_stars,
    nearest_level,
)
from matinee.models._bayes_fm.moments import same_moments

__all__ = [
    "Asked",
    "Sample",
    "Viewers",
    "day_rows",
    "known_days",
    "partners",
    "rated_equally",
]

_DAY_SECONDS = 86_400

_ROUNDS, _ROUNDS_OF_LEVELS = 6, 20
"""Of what depends on each other, under the first sample; under the next one is enough, since it
starts from what was found under the one before. Latent variables move slowly."""

Floats = NDArray[np.float64]


class Sample(NamedTuple):
    """One draw of what is not of a viewer; `f` is 1 + factors.

    Attributes:
        mean: in stars.
        noise_precision: one over the variance of a rating around its prediction.
        films: `[n_items, f]`, all features of a film summed up.
        shown: `[n_items, f]`, what a film adds to whoever rated it; no rows without implicit
            feedback.
        described: `[n_attributes, f]`, what an attribute adds to whoever has it.
        days: `[n_days + 1, f]`, the last for a day that is not known.
        viewer_mean: `[f]`, of a viewer's own part.
        viewer_precision: `[f]`.
        moments: `[2]`, variances of the effects of a page and of a sitting.
        steadiness: `[n_items]`, by what the noise precision of a film's ratings is multiplied; no
            rows where noise is the same for all.
        evenness: of viewers, as the sampler has it; 0 where noise is the same for all.
        cuts: `[levels - 1]`, between latent variables of neighbouring levels; none where ratings
            are normal themselves.
    """

    mean: Floats
    noise_precision: Floats
    films: Floats
    shown: Floats
    described: Floats
    days: Floats
    viewer_mean: Floats
    viewer_precision: Floats
    moments: Floats
    steadiness: Floats
    evenness: Floats
    cuts: Floats


class Viewers(NamedTuple):
    """Everybody under one sample.

    Attributes:
        rows: `float64[n, f]`.
        covariances: `float64[n, f, f]`, of these, given the history.
        effects: `float64[n_pages]`, of their pages.
        steadiness: `float64[n]`, by what the noise precision of their ratings is multiplied.
    """

    rows: Floats
    covariances: Floats
    effects: Floats
    steadiness: Floats


class Asked:
    """Viewers' histories and the ratings wanted of them, made ready for every sample.

    Args:
        histories: `float32[n, n_items]`.
        history_times: `int64[histories.nnz]`.
        wanted: `[n, n_items]`.
        wanted_times: `int64[wanted.nnz]`.
        days: `int64[n_days]`, those the model knows.
        described: `float32[n, n_attributes]`, those the model knows; `None` for none.
        stars: `float64[levels]`, of every level; empty where ratings are normal themselves.
    """

    def __init__(
        self,
        histories: sp.csr_array,
        history_times: NDArray[np.int64],
        wanted: sp.csr_array,
        wanted_times: NDArray[np.int64],
        days: NDArray[np.int64],
        described: sp.csr_array | None = None,
        stars: Floats | None = None,
    ) -> None:
        self._histories = histories
        self._shown = rated_equally(histories)
        self._described = described
        self._history_viewers = _rows(histories)
        self._wanted_viewers = _rows(wanted)
        self._wanted_items = wanted.indices
        self._history_days = day_rows(history_times, days)
        self._wanted_days = day_rows(wanted_times, days)
        everyone = np.concatenate([self._history_viewers, self._wanted_viewers])
        moments = same_moments(everyone, np.concatenate([history_times, wanted_times]))
        self._moments = moments.select(slice(0, histories.nnz))
        self._wanted_pages = moments.pages[histories.nnz :]
        self._page_viewers = np.zeros(len(moments.sittings), dtype=np.int64)
        self._page_viewers[moments.pages] = everyone
        self._stars = np.empty(0) if stars is None else stars
        self._codes = nearest_level(histories.data, self._stars) if len(self._stars) else None

    def under(
        self, samples: Iterable[Sample], rng: np.random.Generator | None = None
    ) -> Iterator[tuple[Sample, Viewers]]:
        """Everybody under one sample after the other: expected, or drawn where there is an `rng`.

        How steady a viewer is and, with levels, the latent variables of a history depend on the
        viewer's row and the other way round. Each is taken in turn from what the others were last,
        from sample to sample: drawn, that is Gibbs sampling; expected, it is variational (each has
        the expectation it would have if the others were independent of it), which is cheap and
        the same for every viewer whoever else is asked about.
        """
        viewers = None
        for sample in samples:
            first = _ROUNDS_OF_LEVELS if len(sample.cuts) else _ROUNDS
            depends = len(sample.steadiness) or len(sample.cuts)
            for _ in range(first if depends and viewers is None else 1):
                viewers = self.viewers(sample, rng, viewers)
            if viewers is not None:
                yield sample, viewers

    def viewers(
        self,
        sample: Sample,
        rng: np.random.Generator | None = None,
        before: Viewers | None = None,
    ) -> Viewers:
        """Everybody's rows given their histories, and what was found `before`.

        A draw is exact: draw everything from the prior, histories included, then add what the
        difference between the true and the drawn histories makes one expect (Matheron's rule).
        """
        from matinee.kernels.posterior import posteriors  # noqa: PLC0415  brings numba

        histories, n = self._histories, self._histories.shape[0]
        rows, effects = self._beforehand(sample), np.zeros(len(self._moments.sittings))
        if before is None:
            before = Viewers(rows, np.empty(0), effects, np.ones(n))
        features, offsets = partners(sample, histories.indices, self._history_days)
        precision = self._precision(sample, before, self._history_viewers, histories.indices)
        strengths = np.sqrt(precision)
        targets, unsure = self._targets(sample, features, offsets, before, strengths, rng)
        remains = targets - offsets
        if rng is not None:
            rows = rows + rng.standard_normal(rows.shape) / np.sqrt(sample.viewer_precision)
            effects = self._moments.drawn(sample.moments, rng)
            remains = remains - rng.standard_normal(len(remains)) / strengths
            remains -= effects[self._moments.pages]
        remains = remains - _dot(features, rows[self._history_viewers])
        columns = np.column_stack([features, remains])
        white = self._moments.whitened(columns, strengths, sample.moments)
        moves, covariances = posteriors(
            histories.indptr, white[:, :-1].copy(), white[:, -1].copy(), sample.viewer_precision
        )
        remains -= _dot(features, moves[self._history_viewers])
        effects = effects + self._moments.effects(remains, strengths, sample.moments)
        viewers = Viewers(rows + moves, covariances, effects, before.steadiness)
        if not len(sample.steadiness):
            return viewers
        errors = targets - offsets - _dot(features, viewers.rows[self._history_viewers])
        errors -= effects[self._moments.pages]
        squares = precision * (np.square(errors) + unsure)
        return viewers._replace(steadiness=self._steadiness(sample, viewers, squares, rng))

    def latent(self, sample: Sample, viewers: Viewers) -> tuple[Floats, Floats, Floats]:
        """Mean of what is wanted, variance as far as it is the row's, and of its noise.

        `float64[wanted.nnz]` each: in stars, or of the latent variable where there are levels.
        """
        features, offsets = partners(sample, self._wanted_items, self._wanted_days)
        asked = self._wanted_viewers
        mean = offsets + _dot(features, viewers.rows[asked])
        mean += viewers.effects[self._wanted_pages]
        own = np.einsum("nf,nfg,ng->n", features, viewers.covariances[asked], features)
        noise = 1 / self._precision(sample, viewers, asked, self._wanted_items)
        return mean, own, noise

    def predictions(self, sample: Sample, viewers: Viewers) -> Floats:
        """`float64[wanted.nnz]`, in stars."""
        if len(sample.cuts):
            mean, own, noise = self.latent(sample, viewers)
            return expected_stars(mean, np.sqrt(own + noise), sample.cuts, self._stars)
        features, offsets = partners(sample, self._wanted_items, self._wanted_days)
        predicted: Floats = offsets + _dot(features, viewers.rows[self._wanted_viewers])
        predicted += viewers.effects[self._wanted_pages]
        return predicted

    def at_most(self, sample: Sample, viewers: Viewers) -> Floats:
        """`float64[wanted.nnz, levels]`: chance of every level or a lower one, given the rows."""
        mean, _, noise = self.latent(sample, viewers)
        return chances_at_most(mean, np.sqrt(noise), sample.cuts)

    def every_film(self, sample: Sample, viewers: Viewers, days: NDArray[np.integer]) -> Floats:
        """`float64[n, n_items]`, in stars, on given days (`int[n_items]`) without the moment."""
        items = np.arange(len(sample.films))
        features, offsets = partners(sample, items, days)
        mean: Floats = viewers.rows @ features.T + offsets
        if not len(sample.cuts):
            return mean
        own = np.einsum("if,vfg,ig->vi", features, viewers.covariances, features, optimize=True)
        everyone = np.arange(len(mean))[:, None]
        noise = 1 / self._precision(sample, viewers, everyone, items)
        return expected_stars(mean, np.sqrt(own + noise), sample.cuts, self._stars)

    def _beforehand(self, sample: Sample) -> Floats:
        """Everybody's rows as expected from which films they rated and what they are."""
        rows = np.tile(sample.viewer_mean, (self._histories.shape[0], 1))
        if len(sample.shown):
            rows += self._shown @ sample.shown
        if self._described is not None and len(sample.described):
            rows += self._described @ sample.described
        return rows

    def _precision(
        self,
        sample: Sample,
        viewers: Viewers,
        rows: NDArray[np.integer],
        items: NDArray[np.integer],
    ) -> Floats:
        """One over the variance of ratings around what is predicted, of viewers and films."""
        if not len(sample.steadiness):
            return np.full(np.broadcast_shapes(rows.shape, items.shape), sample.noise_precision)
        precision: Floats = (
            sample.noise_precision * viewers.steadiness[rows] * sample.steadiness[items]
        )
        return precision

    def _targets(
        self,
        sample: Sample,
        features: Floats,
        offsets: Floats,
        before: Viewers,
        strengths: Floats,
        rng: np.random.Generator | None,
    ) -> tuple[Floats, Floats]:
        """What rows are to explain, and its variance: the ratings, or their latent variables."""
        if self._codes is None:
            return self._histories.data.astype(np.float64), np.zeros(len(offsets))
        mean = offsets + _dot(features, before.rows[self._history_viewers])
        mean += before.effects[self._moments.pages]
        bounds = bounds_of(sample.cuts, self._codes)
        if rng is None:
            return expected_latent(bounds, mean, 1 / strengths)
        return drawn_latent(bounds, mean, 1 / strengths, rng), np.zeros(len(offsets))

    def _steadiness(
        self, sample: Sample, viewers: Viewers, squares: Floats, rng: np.random.Generator | None
    ) -> Floats:
        """Everybody's, from squared errors in units of the noise's variance, as it was taken."""
        n = len(viewers.rows)
        counts = np.bincount(self._history_viewers, minlength=n)
        sums = np.asarray(
            np.bincount(self._history_viewers, squares, minlength=n), dtype=np.float64
        )
        if rng is None:
            sums = sums + self._freedom(sample, viewers)
        halves = sample.evenness / 2
        rates = halves + sums / viewers.steadiness / 2
        if rng is not None:
            return np.asarray(rng.gamma(halves + counts / 2) / rates)
        return np.asarray((halves + counts / 2) / rates)

    def _freedom(self, sample: Sample, viewers: Viewers) -> Floats:
        """How many ratings' worth of noise rows and effects have taken up, `float64[n]`."""
        f = len(sample.viewer_precision)
        kept = np.einsum("nff,f->n", viewers.covariances, sample.viewer_precision)
        precision = self._precision(sample, viewers, self._history_viewers, self._histories.indices)
        pages = self._moments.freedom(np.sqrt(precision), sample.moments)
        of_pages = np.bincount(self._page_viewers, pages, minlength=len(viewers.rows))
        return np.asarray(f - kept + of_pages)


def partners(
    sample: Sample, items: NDArray[np.integer], days: NDArray[np.integer]
) -> tuple[Floats, Floats]:
    """What a viewer's row meets, `float64[n, f]`; what is predicted without it, `float64[n]`."""
    of_films, of_days = sample.films[items], sample.days[days]
    offsets = sample.mean + of_films[:, 0] + of_days[:, 0]
    offsets = offsets + _dot(of_films[:, 1:], of_days[:, 1:])
    features = of_films + of_days
    features[:, 0] = 1
    return features, offsets


def rated_equally(ratings: sp.csr_array) -> sp.csr_array:
    """Which were rated, every row of length 1: `float64`, the shape of `ratings`."""
    counts = np.diff(ratings.indptr)
    amounts = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts)
    return sp.csr_array((amounts, ratings.indices, ratings.indptr), shape=ratings.shape)


def known_days(times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days since 1970 on which something happened, ascending; time 0 is not known."""
    days: NDArray[np.int64] = np.unique(times[times != 0] // _DAY_SECONDS)
    return days


def day_rows(times: NDArray[np.int64], days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each time's day is among `days` (ascending); their number where it is not."""
    wanted = times // _DAY_SECONDS
    found = np.searchsorted(days, wanted)
    known = (found < len(days)) & (times != 0)
    known[known] = days[found[known]] == wanted[known]
    return np.where(known, found, len(days))


def _rows(matrix: sp.csr_array) -> NDArray[np.int64]:
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def _dot(left: NDArray[np.floating], right: NDArray[np.floating]) -> Floats:
    products: Floats = np.einsum("nf,nf->n", left, right, dtype=np.float64)
    return products
