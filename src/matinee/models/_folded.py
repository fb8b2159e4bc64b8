"""Viewers under one sample of a Bayesian factorisation machine, given their histories."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.models._moments import same_moments

__all__ = ["Asked", "Sample", "day_rows", "known_days", "partners", "rated_equally"]

_DAY_SECONDS = 86_400

Floats = NDArray[np.float64]


class Sample(NamedTuple):
    """One draw of what is not of a viewer; `f` is 1 + factors.

    Attributes:
        mean: in stars.
        noise_precision: one over the variance of a rating around its prediction.
        films: `[n_items, f]`, all features of a film summed up.
        shown: `[n_items, f]`, what a film adds to whoever rated it; no rows without implicit
            feedback.
        days: `[n_days + 1, f]`, the last for a day that is not known.
        viewer_mean: `[f]`, of a viewer's own part.
        viewer_precision: `[f]`.
        moments: `[2]`, variances of the effects of a page and of a sitting.
    """

    mean: Floats
    noise_precision: Floats
    films: Floats
    shown: Floats
    days: Floats
    viewer_mean: Floats
    viewer_precision: Floats
    moments: Floats


class Asked:
    """Viewers' histories and the ratings wanted of them, made ready for every sample.

    Args:
        histories: `float32[n, n_items]`.
        history_times: `int64[histories.nnz]`.
        wanted: `[n, n_items]`.
        wanted_times: `int64[wanted.nnz]`.
        days: `int64[n_days]`, those the model knows.
    """

    def __init__(
        self,
        histories: sp.csr_array,
        history_times: NDArray[np.int64],
        wanted: sp.csr_array,
        wanted_times: NDArray[np.int64],
        days: NDArray[np.int64],
    ) -> None:
        self._histories = histories
        self._shown = rated_equally(histories)
        self._history_viewers = _rows(histories)
        self._wanted_viewers = _rows(wanted)
        self._wanted_items = wanted.indices
        self._history_days = day_rows(history_times, days)
        self._wanted_days = day_rows(wanted_times, days)
        everyone = np.concatenate([self._history_viewers, self._wanted_viewers])
        moments = same_moments(everyone, np.concatenate([history_times, wanted_times]))
        self._moments = moments.select(slice(0, histories.nnz))
        self._wanted_pages = moments.pages[histories.nnz :]

    def viewers(self, sample: Sample, rng: np.random.Generator | None = None) -> _Viewers:
        """Everybody's rows given their histories: expected, or drawn where there is an `rng`.

        A draw is exact: draw everything from the prior, histories included, then add what the
        difference between the true and the drawn histories makes one expect (Matheron's rule).
        """
        from matinee.kernels.fold_in import fold_in  # noqa: PLC0415  brings numba

        histories, f = self._histories, len(sample.viewer_mean)
        rows = np.tile(sample.viewer_mean, (histories.shape[0], 1))
        if len(sample.shown):
            rows += self._shown @ sample.shown
        effects = np.zeros(len(self._moments.sittings))
        remains, features = self._unexplained(sample)
        if rng is not None:
            rows += rng.standard_normal(rows.shape) / np.sqrt(sample.viewer_precision)
            effects += self._moments.drawn(sample.moments, rng)
            noise = rng.standard_normal(len(remains)) / np.sqrt(sample.noise_precision)
            remains = remains - noise - effects[self._moments.pages]
        remains = remains - _dot(features, rows[self._history_viewers])
        variances = sample.moments * sample.noise_precision
        white = self._moments.whitened(np.column_stack([features, remains]), variances)
        moves = fold_in(
            histories.indptr,
            np.arange(histories.nnz, dtype=np.int32),
            white[:, f].astype(np.float32),
            white[:, :f].astype(np.float32),
            np.diag(sample.viewer_precision / sample.noise_precision),
            np.zeros(histories.shape[0]),
        )
        rows += moves
        remains = remains - _dot(features, moves[self._history_viewers])
        effects += self._moments.effects(remains, variances)
        return _Viewers(rows, effects)

    def predictions(self, sample: Sample, viewers: _Viewers) -> Floats:
        """`float64[wanted.nnz]`, in stars."""
        features, offsets = partners(sample, self._wanted_items, self._wanted_days)
        predicted: Floats = offsets + _dot(features, viewers.rows[self._wanted_viewers])
        predicted += viewers.effects[self._wanted_pages]
        return predicted

    def _unexplained(self, sample: Sample) -> tuple[Floats, Floats]:
        """What films and days leave of every rating of the histories, and its features."""
        features, offsets = partners(sample, self._histories.indices, self._history_days)
        return self._histories.data - offsets, features


class _Viewers(NamedTuple):
    """Everybody's rows `float64[n, f]`, and the effects of their pages `float64[n_pages]`."""

    rows: Floats
    effects: Floats


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
