"""Fold-in for the Bayesian factorization machine: a user's factors given their history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories, rows_of
from matinee.models._bayes_fm.sessions import sessions_of

__all__ = ["FoldIn", "Sample", "Users", "implicit_features"]

_FIRST_SWEEPS = 6
"""Sweeps under the first posterior sample. Later samples start from the previous state and need
one."""

Floats = NDArray[np.float64]


class Sample(NamedTuple):
    """One posterior sample of everything but the users; `f` is 1 + factors.

    Attributes:
        mean: in stars.
        noise_precision: one over the variance of a rating around its prediction.
        items: `[n_items, f]`, bias and factors of each item.
        implicit: `[n_items, f]`, implicit feedback: effect of an item on the users who rated it;
            no rows without implicit feedback.
        user_mean: `[f]`, prior mean of a user's own bias and factors.
        user_precision: `[f]`, prior precision of the same.
        session_variances: `[2]`, of the effects of a page and of a session.
        item_scales: `[n_items]`, precision scale of an item's ratings; no rows if all ratings have
            the same noise.
        user_freedom: degrees of freedom of the users' noise; 0 if all have the same noise.
    """

    mean: Floats
    noise_precision: Floats
    items: Floats
    implicit: Floats
    user_mean: Floats
    user_precision: Floats
    session_variances: Floats
    item_scales: Floats
    user_freedom: Floats


class Users(NamedTuple):
    """Users under one sample.

    Attributes:
        rows: `float64[n, f]`, bias and factors.
        covariances: `float64[n, f, f]`, of the rows given the history.
        effects: `float64[n_pages]`, of pages plus their sessions.
        scales: `float64[n]`, precision scale of a user's ratings.
    """

    rows: Floats
    covariances: Floats
    effects: Floats
    scales: Floats


class FoldIn:
    """Posterior of users given their histories, and of the ratings to predict.

    Args:
        histories: of `n` users.
        wanted: `int64[n, n_items]`, ratings to predict and their times; see `Model.predictions`.
    """

    def __init__(self, histories: Histories, wanted: sp.csr_array) -> None:
        self._histories = histories
        self._rows = histories.rows
        self._implicit = implicit_features(histories.ratings)
        self._wanted_items = wanted.indices
        self._wanted_rows = rows_of(wanted)
        rows = np.concatenate([self._rows, self._wanted_rows])
        sessions = sessions_of(rows, np.concatenate([histories.known_times, wanted.data]))
        self._sessions = sessions.select(slice(0, len(self._rows)))
        self._wanted_pages = sessions.pages[len(self._rows) :]
        self._page_rows = np.zeros(len(sessions.sessions), dtype=np.int64)
        self._page_rows[sessions.pages] = rows

    def posterior(
        self, samples: Iterable[Sample], rng: np.random.Generator | None = None
    ) -> Iterator[tuple[Sample, Users]]:
        """Users under each sample: draws with an `rng`, expectations without.

        A user's precision scale depends on their row and their row on the scale, so each is updated
        given the other, from sample to sample. Draws make this a Gibbs sampler. Expectations make
        it a variational approximation, which is cheap and does not depend on the other users.
        """
        users = None
        for sample in samples:
            first = users is None and len(sample.item_scales)
            for _ in range(_FIRST_SWEEPS if first else 1):
                users = self.update(sample, rng, users)
            if users is not None:
                yield sample, users

    def update(
        self,
        sample: Sample,
        rng: np.random.Generator | None = None,
        previous: Users | None = None,
    ) -> Users:
        """One update of all users, starting from the precision scales of `previous`.

        A draw is exact: everything, histories included, is drawn from the prior, and then corrected
        by the expectation given the difference between true and drawn histories (Matheron's rule).
        """
        from matinee.kernels.posterior import posteriors

        histories, rows = self._histories, self._prior_means(sample)
        effects = np.zeros(len(self._sessions.sessions))
        user_scales = np.ones(len(histories)) if previous is None else previous.scales
        precision = _precision(sample, user_scales[self._rows], histories.items)
        scales = np.sqrt(precision)
        features, offsets = _features(sample, histories.items)
        targets = histories.values - offsets
        residuals = targets
        if rng is not None:
            rows = rows + rng.standard_normal(rows.shape) / np.sqrt(sample.user_precision)
            effects = self._sessions.draw(sample.session_variances, rng)
            residuals = residuals - rng.standard_normal(len(residuals)) / scales
            residuals -= effects[self._sessions.pages]
        residuals = residuals - _dot(features, rows[self._rows])
        columns = np.column_stack([features, residuals])
        white = self._sessions.whiten(columns, scales, sample.session_variances)
        moves, covariances = posteriors(
            histories.starts, white[:, :-1].copy(), white[:, -1].copy(), sample.user_precision
        )
        residuals -= _dot(features, moves[self._rows])
        effects = effects + self._sessions.effects(residuals, scales, sample.session_variances)
        users = Users(rows + moves, covariances, effects, user_scales)
        if not len(sample.item_scales):
            return users
        errors = targets - _dot(features, users.rows[self._rows]) - effects[self._sessions.pages]
        return users._replace(scales=self._scales(sample, users, precision * errors**2, rng))

    def ratings(self, sample: Sample, users: Users) -> tuple[Floats, Floats]:
        """Mean of each rating to predict and variance of its noise, `float64[wanted.nnz]` each."""
        features, offsets = _features(sample, self._wanted_items)
        mean = offsets + _dot(features, users.rows[self._wanted_rows])
        mean += users.effects[self._wanted_pages]
        precision = _precision(sample, users.scales[self._wanted_rows], self._wanted_items)
        return mean, 1 / precision

    def _prior_means(self, sample: Sample) -> Floats:
        """Expected rows given only which items the users rated, `float64[n, f]`."""
        rows = np.tile(sample.user_mean, (len(self._histories), 1))
        if len(sample.implicit):
            rows += self._implicit @ sample.implicit
        return rows

    def _scales(
        self, sample: Sample, users: Users, squares: Floats, rng: np.random.Generator | None
    ) -> Floats:
        """Precision scale of every user, given squared errors times their previous precision."""
        n = len(users.rows)
        counts = np.bincount(self._rows, minlength=n)
        sums = np.asarray(np.bincount(self._rows, squares, minlength=n), dtype=np.float64)
        if rng is None:
            sums = sums + self._degrees_of_freedom(sample, users)
        halves = sample.user_freedom / 2
        rates = halves + sums / users.scales / 2
        if rng is not None:
            return np.asarray(rng.gamma(halves + counts / 2) / rates)
        return np.asarray((halves + counts / 2) / rates)

    def _degrees_of_freedom(self, sample: Sample, users: Users) -> Floats:
        """Effective number of parameters of each user's row and session effects, `float64[n]`."""
        prior = np.einsum("nff,f->n", users.covariances, sample.user_precision)
        precision = _precision(sample, users.scales[self._rows], self._histories.items)
        pages = self._sessions.degrees_of_freedom(np.sqrt(precision), sample.session_variances)
        of_pages = np.bincount(self._page_rows, pages, minlength=len(users.rows))
        return np.asarray(len(sample.user_precision) - prior + of_pages)


def implicit_features(ratings: sp.csr_array) -> sp.csr_array:
    """Implicit feedback: one over the root of a row's length for every rating, `float64`."""
    counts = np.diff(ratings.indptr)
    amounts = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts)
    return sp.csr_array((amounts, ratings.indices, ratings.indptr), shape=ratings.shape)


def _features(sample: Sample, items: NDArray[np.integer]) -> tuple[Floats, Floats]:
    """Features that multiply a user's row, `float64[n, f]`, and the offset, `float64[n]`."""
    features = sample.items[items]
    offsets = sample.mean + features[:, 0]
    features[:, 0] = 1
    return features, offsets


def _precision(sample: Sample, user_scales: Floats, items: NDArray[np.integer]) -> Floats:
    """One over the variance of the noise of each rating, `float64[n]`."""
    if not len(sample.item_scales):
        return np.full(len(items), sample.noise_precision)
    return sample.noise_precision * user_scales * sample.item_scales[items]


def _dot(left: NDArray[np.floating], right: NDArray[np.floating]) -> Floats:
    return np.einsum("nf,nf->n", left, right, dtype=np.float64)
