"""SVD that also reads which films were rated, whatever the stars."""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from matinee.data import Catalog, Context, Interactions, Query
from matinee.errors import InputError
from matinee.models import Config, Model, search
from matinee.models._shared.drift import day_biases, days_away, of_day
from matinee.models._shared.feedback import damped_popularity
from matinee.models._shared.likeness import cosine_rows

__all__ = ["SvdPlusPlus", "SvdPlusPlusConfig"]

_INITIAL_SPREAD = 0.03
"""Standard deviation of the factors at the start."""

_PREDICTED_AT_ONCE = 2**16
"""Predictions whose factors are gathered together."""


class SvdPlusPlusConfig(Config):
    """Options of `SvdPlusPlus`."""

    factors: PositiveInt = 64
    """Numbers that describe a film, and a viewer."""
    epochs: PositiveInt = 30
    """Times to go through all ratings."""
    learning_rate: PositiveFloat = Field(0.01, le=0.5)
    """Length of a step along the gradient of one rating's error."""
    l2: PositiveFloat = Field(0.08, json_schema_extra=search(0.07, 0.08, 0.1))
    """Penalty of biases and factors at every step."""
    fold_in_l2: PositiveFloat = Field(8.0, json_schema_extra=search(6, 8))
    """Penalty of a viewer's own bias and factors, found from their history."""
    periods: PositiveInt = 1
    """Stretches of equal length the time of all ratings is cut into, in each of which a film has a
    bias of its own; 1 for none."""
    drift: Literal["none", "bias", "factors"] = "bias"
    """What of a viewer moves over the time of their history: nothing, the bias, or the factors,
    too."""
    drift_power: float = Field(0.2, gt=0, le=1)
    """The power of the days from the middle of a history that a drift grows with."""
    drift_l2: PositiveFloat = 10.0
    """Penalty of a viewer's drifts, found from their history."""
    moods: bool = True
    """Whether a viewer has a bias on each day, too."""
    mood_damping: NonNegativeFloat = 10.0
    """Penalty of a viewer's bias on one day, in ratings, found from their history."""
    time_l2: PositiveFloat = 1.0
    """Penalty of whatever changes with time at every step."""


class SvdPlusPlus(Model):
    """Matrix factorisation with implicit feedback by stochastic gradient descent (Koren 2008).

    "Factorization meets the neighborhood: a multifaceted collaborative filtering model", KDD 2008.
    A viewer's factors are what is their own plus the sum of a second vector of every film they
    rated over the root of its number. Only the films' side is kept: the sum is taken anew from
    any history, and bias and own factors are the ridge regression of the ratings on the rest.

    With the options of time it is timeSVD++ (Koren 2009, "Collaborative filtering with temporal
    dynamics", KDD), in which a viewer's drifts are part of that regression and moods the damped
    means, day by day, of what it leaves. They count where it is known when ratings were given.

    `score` is the predicted rating of every film, not clipped to the scale; without a history it
    is the prior. `predict` is clipped, and without a history rests on the films' biases.
    """

    Config: ClassVar[type[Config]] = SvdPlusPlusConfig
    predicts_ratings: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.factorise_plus_plus import descend_by_user  # noqa: PLC0415  numba

        if not len(interactions):
            raise InputError("there are no ratings to learn from; use a model that needs none")
        config, shape = self.config, (interactions.n_users, interactions.n_items)
        mean = interactions.values.mean(dtype=np.float64).astype(np.float32)
        shuffled = rng.permutation(len(interactions))
        by_user = shuffled[np.argsort(interactions.users[shuffled], kind="stable")]
        counts = np.bincount(interactions.users, minlength=shape[0])
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        items, residuals = interactions.items[by_user], interactions.values[by_user] - mean
        self._cut_time(interactions.times)
        users, times = interactions.users[by_user], interactions.times[by_user]
        changes = self._changes(users, items, times, shape)
        user_biases, item_biases = (np.zeros(n, dtype=np.float32) for n in shape)
        user_factors, item_factors, implicit = (
            rng.standard_normal((n, config.factors), dtype=np.float32) * np.float32(_INITIAL_SPREAD)
            for n in (*shape, shape[1])
        )
        for _ in range(config.epochs):
            descend_by_user(
                indptr,
                items,
                residuals,
                rng.permutation(shape[0]),
                user_biases,
                item_biases,
                user_factors,
                item_factors,
                implicit,
                *changes,
                np.float32(config.learning_rate),
                np.float32(config.l2),
                np.float32(config.time_l2),
            )
        rated = np.bincount(interactions.items, minlength=shape[1])[:, None] > 0
        self.arrays["item_factors"] = item_factors * rated
        self.arrays["implicit_factors"] = implicit * rated
        self.arrays["item_biases"] = item_biases
        n_periods = shape[1] * config.periods if config.periods > 1 else 0
        of_periods = changes.effects[:n_periods].reshape(-1, config.periods).copy()
        self.arrays["period_biases"] = of_periods
        self.arrays["mean"] = np.array([mean], dtype=np.float32)
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        history, times = self._row(query)
        alone: NDArray[np.float32] = self._scored(history, times)[0]
        return alone

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        return self._scored(histories, np.zeros(histories.nnz, dtype=np.int64))

    def scores_at(self, histories: sp.csr_array, context: Context) -> NDArray[np.float32]:
        return self._scored(histories, context.history_times)

    def predict(self, query: Query, items: NDArray[np.int32]) -> NDArray[np.float32]:
        shape = (1, len(self.arrays["prior"]))
        wanted = sp.csr_array((np.ones(len(items)), items, [0, len(items)]), shape=shape)
        now = np.full(len(items), query.now, dtype=np.int64)
        return self._predicted(*self._row(query), wanted, now)

    def predictions(self, histories: sp.csr_array, wanted: sp.csr_array) -> NDArray[np.float32]:
        then, now = (np.zeros(each.nnz, dtype=np.int64) for each in (histories, wanted))
        return self._predicted(histories, then, wanted, now)

    def predictions_at(
        self, histories: sp.csr_array, wanted: sp.csr_array, context: Context
    ) -> NDArray[np.float32]:
        return self._predicted(histories, context.history_times, wanted, context.wanted_times)

    def similar(self, item: int) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], item)

    def _scored(self, histories: sp.csr_array, times: NDArray[np.int64]) -> NDArray[np.float32]:
        """`float32[n, n_items]`, in the middle of each history."""
        nothing = np.empty(0, dtype=np.int64)
        viewers = self._viewers(histories, times, (nothing, nothing))
        scores: NDArray[np.float32] = viewers.factors @ self.arrays["item_factors"].T
        scores += self._base()
        scores += viewers.biases[:, None]
        scores[np.diff(histories.indptr) == 0] = self.arrays["prior"]
        return scores

    def _predicted(
        self,
        histories: sp.csr_array,
        then: NDArray[np.int64],
        wanted: sp.csr_array,
        now: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        """Clipped stars, `float32[wanted.nnz]`; times are Unix seconds, 0 where unknown."""
        rows = np.repeat(np.arange(wanted.shape[0]), np.diff(wanted.indptr))
        viewers = self._viewers(histories, then, (rows, now))
        items = wanted.indices
        predicted = self._base_at(items, now) + viewers.biases[rows] + viewers.moods
        predicted += viewers.away * viewers.bias_drifts[rows]
        for start in range(0, len(items), _PREDICTED_AT_ONCE):
            some = slice(start, start + _PREDICTED_AT_ONCE)
            films, own = self.arrays["item_factors"][items[some]], rows[some]
            predicted[some] += np.einsum("nf,nf->n", viewers.factors[own], films)
            if viewers.drifts.size:
                moved = np.einsum("nf,nf->n", viewers.drifts[own], films)
                predicted[some] += viewers.away[some] * moved
        clipped: NDArray[np.float32] = np.clip(predicted, *self.arrays["scale"])
        return clipped

    def _viewers(
        self,
        histories: sp.csr_array,
        then: NDArray[np.int64],
        asked: tuple[NDArray[np.int64], NDArray[np.int64]],
    ) -> _Viewers:
        """Everybody from their histories, for ratings of given viewers at given times."""
        from matinee.kernels.factorise_plus_plus import implicit_sums  # noqa: PLC0415  numba
        from matinee.kernels.fold_in import fold_in  # noqa: PLC0415  the same

        indptr, items, n = histories.indptr, histories.indices, histories.shape[0]
        config, films = self.config, self.arrays["item_factors"]
        implied = implicit_sums(indptr, items, self.arrays["implicit_factors"])
        rows = np.repeat(np.arange(n), np.diff(indptr))
        away, away_asked = days_away((rows, then), asked, n, config.drift_power)
        base = self._base_at(items, then)
        remains = histories.data - base - np.einsum("nf,nf->n", implied[rows], films[items])
        features = np.column_stack([np.ones(len(films), dtype=np.float32), films])
        f = features.shape[1]
        drifting = {"none": 0, "bias": 1, "factors": f}[config.drift]
        places = items
        if drifting:
            of_films, places = features[items], np.arange(len(items), dtype=np.int32)
            features = np.column_stack([of_films, away[:, None] * of_films[:, :drifting]])
        penalties = np.repeat([config.fold_in_l2, config.drift_l2], [f, drifting])
        own = fold_in(indptr, places, remains, features, np.diag(penalties), np.zeros(n))
        moods = np.zeros(len(asked[0]), dtype=np.float32)
        if config.moods and then.any():
            left = remains - np.einsum("nf,nf->n", own[rows], features[places])
            moods = day_biases((rows, then), asked, left, config.mood_damping)
        bias_drifts = own[:, f] if drifting else np.zeros(n, dtype=np.float32)
        factors = own[:, 1:f] + implied
        return _Viewers(own[:, 0], factors, bias_drifts, own[:, f + 1 :], away_asked, moods)

    def _cut_time(self, times: NDArray[np.int64]) -> None:
        known = times[times > 0]
        first, last = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
        self.arrays["period_ends"] = np.linspace(first, last, self.config.periods + 1)[1:-1]

    def _changes(
        self,
        users: NDArray[np.int32],
        items: NDArray[np.int32],
        times: NDArray[np.int64],
        shape: tuple[int, int],
    ) -> _Changes:
        """What changes with time, as the descent wants it, all at 0; films' periods come first."""
        config, n = self.config, len(times)
        away, _ = days_away((users, times), (users, times), shape[0], config.drift_power)
        known = (times > 0).astype(np.float32)
        columns: list[tuple[NDArray[np.integer], NDArray[np.float32], int]] = []
        if config.periods > 1:
            periods = np.searchsorted(self.arrays["period_ends"], times)
            columns.append((items * config.periods + periods, known, shape[1] * config.periods))
        if config.drift != "none":
            columns.append((users, away, shape[0]))
        if config.moods:
            days = of_day((users, times))
            columns.append((days, known, int(days.max()) + 1))
        starts = np.cumsum([0, *(size for _, _, size in columns)])
        places, amounts = (
            np.empty((n, len(columns)), np.int32),
            np.empty((n, len(columns)), np.float32),
        )
        for column, (where, amount, _) in enumerate(columns):
            places[:, column], amounts[:, column] = where + starts[column], amount
        drifting = shape[0] if config.drift == "factors" else 0
        effects = np.zeros(starts[-1], dtype=np.float32)
        drifts = np.zeros((drifting, config.factors), dtype=np.float32)
        return _Changes(places, amounts, effects, away, drifts)

    def _base_at(self, items: NDArray[np.integer], times: NDArray[np.int64]) -> NDArray[np.float32]:
        """What films are given by a viewer without a bias at given times, `float32[len(items)]`."""
        base: NDArray[np.float32] = self._base()[items]
        if self.config.periods > 1:
            periods = np.searchsorted(self.arrays["period_ends"], times)
            of_periods = self.arrays["period_biases"][items, periods]
            base = base + np.where(times > 0, of_periods, np.float32(0))
        return base

    def _base(self) -> NDArray[np.float32]:
        """What a film is given by a viewer without a bias, `float32[n_items]`."""
        base: NDArray[np.float32] = self.arrays["item_biases"] + self.arrays["mean"]
        return base

    def _row(self, query: Query) -> tuple[sp.csr_array, NDArray[np.int64]]:
        """One viewer's history, `float32[1, n_items]`, and its times."""
        shape = (1, len(self.arrays["prior"]))
        history = sp.csr_array((query.values, query.items, [0, len(query)]), shape=shape)
        return history, query.times


class _Changes(NamedTuple):
    """What changes with time, in the order `descend_by_user` takes it."""

    places: NDArray[np.int32]
    amounts: NDArray[np.float32]
    effects: NDArray[np.float32]
    away: NDArray[np.float32]
    drifts: NDArray[np.float32]


class _Viewers(NamedTuple):
    """Everybody's biases, factors and drifts, one row a viewer, and what is asked of them."""

    biases: NDArray[np.float32]
    factors: NDArray[np.float32]
    bias_drifts: NDArray[np.float32]
    drifts: NDArray[np.float32]
    away: NDArray[np.float32]
    moods: NDArray[np.float32]
