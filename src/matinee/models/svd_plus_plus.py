"""SVD++: matrix factorisation with implicit feedback and temporal effects."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from matinee.data import Catalog, Histories, Interactions, rows_of
from matinee.models import (
    Model,
    RatingsConfig,
    cosine_rows,
    damped_for_lists,
    rating_counts,
    require_ratings,
    search,
    span,
)
from matinee.models._shared.drift import (
    Times,
    day_biases,
    period_ends,
    time_deviations,
    user_days,
)
from matinee.models._shared.factors import pair_products
from matinee.models._shared.ridge import fold_in

if TYPE_CHECKING:  # brings numba
    from matinee.kernels.factorise_plus_plus import Effects

__all__ = ["SvdPlusPlus", "SvdPlusPlusConfig"]

_INITIAL_SPREAD = 0.03
"""Standard deviation of the initial factors."""


class SvdPlusPlusConfig(RatingsConfig):
    """Options of `SvdPlusPlus`."""

    factors: PositiveInt = Field(64, json_schema_extra=span(10, 200, log=True))
    """Number of factors of a film and of a viewer."""
    epochs: PositiveInt = Field(30, json_schema_extra=span(5, 60, log=True))
    """Passes over all ratings."""
    learning_rate: PositiveFloat = Field(
        0.01, le=0.5, json_schema_extra=span(0.002, 0.05, log=True)
    )
    """Step length along the gradient of one rating's squared error."""
    l2: PositiveFloat = Field(
        0.08, json_schema_extra=search(0.07, 0.08, 0.1) | span(0.01, 1, log=True)
    )
    """Penalty of biases and factors at every step."""
    fold_in_l2: PositiveFloat = Field(8.0, json_schema_extra=search(6, 8) | span(1, 50, log=True))
    """Penalty of a viewer's bias and factors in the fold-in."""
    periods: PositiveInt = Field(1, json_schema_extra=span(1, 30))
    """Number of periods of equal length with a film bias of their own; 1 for none."""
    drift: Literal["none", "bias", "factors"] = "bias"
    """What drifts over a viewer's history: nothing, their bias, or their bias and factors."""
    drift_power: float = Field(0.2, gt=0, le=1, json_schema_extra=span(0.1, 1))
    """A drift is proportional to this power of the days from the mean time of the history."""
    drift_l2: PositiveFloat = Field(10.0, json_schema_extra=span(1, 100, log=True))
    """Penalty of a viewer's drifts in the fold-in."""
    day_biases: bool = True
    """Whether a viewer has a bias on each day."""
    day_damping: NonNegativeFloat = Field(10.0, json_schema_extra=span(1, 100, log=True))
    """Penalty of a viewer's bias on one day in the fold-in, in ratings."""
    time_l2: PositiveFloat = Field(1.0, json_schema_extra=span(0.1, 10, log=True))
    """Penalty of temporal effects at every step."""


class SvdPlusPlus(Model[SvdPlusPlusConfig]):
    """Matrix factorisation with implicit feedback by stochastic gradient descent (Koren 2008).

    "Factorization meets the neighborhood: a multifaceted collaborative filtering model", KDD 2008.
    A viewer's factors are their own plus the sum of the implicit factors of all films they rated,
    over the root of the number of films. Only the films' side is stored: the sum is computed from
    any history, bias and own factors are a ridge regression on the ratings.

    The temporal effects are those of timeSVD++ (Koren 2009, "Collaborative filtering with temporal
    dynamics", KDD). Drifts are part of the ridge regression; biases of single days are the damped
    means of its residuals. They need the times of the history and of the ratings to predict.

    Scores are predicted ratings at the mean time of the history, before they are clipped to the
    scale, damped by `list_damping`. An empty history is scored by the prior and predicted by the
    films' biases.
    """

    predicts_ratings: ClassVar[bool] = True

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        from matinee.kernels.factorise_plus_plus import descend_by_user

        require_ratings(interactions)
        config, shape = self.config, (interactions.n_users, interactions.n_items)
        mean = interactions.values.mean(dtype=np.float64).astype(np.float32)
        shuffled = rng.permutation(len(interactions))
        by_user = shuffled[np.argsort(interactions.users[shuffled], kind="stable")]
        counts = np.bincount(interactions.users, minlength=shape[0])
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        items, times = interactions.items[by_user], interactions.times[by_user]
        residuals = interactions.values[by_user] - mean
        self.arrays["period_ends"] = period_ends(interactions.times, config.periods)
        effects = self._effects((interactions.users[by_user], times), items, shape)
        user_biases, item_biases = (np.zeros(n, dtype=np.float32) for n in shape)
        user_factors, item_factors, implicit = (
            rng.standard_normal((n, config.factors), dtype=np.float32) * np.float32(_INITIAL_SPREAD)
            for n in (*shape, shape[1])
        )
        for _ in range(config.epochs):
            descend_by_user(
                (starts, items, residuals),
                rng.permutation(shape[0]),
                (user_biases, item_biases, user_factors, item_factors, implicit),
                effects,
                np.float32(config.learning_rate),
                np.float32(config.l2),
                np.float32(config.time_l2),
            )
        self.arrays["rating_counts"] = rating_counts(interactions)
        rated = self.arrays["rating_counts"][:, None] > 0
        self.arrays["item_factors"] = item_factors * rated
        self.arrays["implicit_factors"] = implicit * rated
        self.arrays["item_biases"] = item_biases
        n_periods = shape[1] * config.periods if config.periods > 1 else 0
        of_periods = effects[2][:n_periods].reshape(-1, config.periods).copy()
        self.arrays["period_biases"] = of_periods
        self.arrays["mean"] = np.array([mean], dtype=np.float32)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        users = self._fold_in(histories, sp.csr_array(histories.ratings.shape, dtype=np.int64))
        scores: NDArray[np.float32] = users.factors @ self.arrays["item_factors"].T
        scores += self.arrays["item_biases"] + self.arrays["mean"]
        scores += users.biases[:, None]
        return damped_for_lists(self, scores, histories)

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        users, items = self._fold_in(histories, wanted), wanted.indices
        rows = rows_of(wanted)
        predicted = self._base_at(items, wanted.data) + users.biases[rows] + users.day_biases
        predicted += users.deviations * users.bias_drifts[rows]
        factors = self.arrays["item_factors"]
        predicted += pair_products(users.factors, rows, factors, items)
        if users.drifts.size:
            predicted += users.deviations * pair_products(users.drifts, rows, factors, items)
        return np.clip(predicted, *self.arrays["scale"])

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        return cosine_rows(self.arrays["item_factors"], items)

    @property
    def item_vectors(self) -> NDArray[np.float32]:
        return self.arrays["item_factors"]

    def _fold_in(self, histories: Histories, wanted: sp.csr_array) -> _Users:
        from matinee.kernels.factorise_plus_plus import implicit_sums

        config, n = self.config, len(histories)
        factors, items, rows = self.arrays["item_factors"], histories.items, histories.rows
        past, future = (rows, histories.known_times), (rows_of(wanted), wanted.data)
        implicit = implicit_sums(histories.starts, items, self.arrays["implicit_factors"])
        of_history, of_wanted = time_deviations(past, future, n, config.drift_power)
        residuals = histories.values - self._base_at(items, past[1])
        residuals -= np.einsum("nf,nf->n", implicit[rows], factors[items])
        features = np.column_stack([np.ones(len(items), dtype=np.float32), factors[items]])
        f = features.shape[1]
        drifting = {"none": 0, "bias": 1, "factors": f}[config.drift]
        if drifting:
            features = np.column_stack([features, of_history[:, None] * features[:, :drifting]])
        penalty = np.diag(np.repeat([config.fold_in_l2, config.drift_l2], [f, drifting]))
        places = np.arange(len(items), dtype=np.int32)
        own = fold_in((histories.starts, places, residuals), features, penalty, np.zeros(n))
        of_days = np.zeros(len(of_wanted), dtype=np.float32)
        if config.day_biases and histories.times is not None:
            residuals = residuals - np.einsum("nf,nf->n", own[rows], features)
            of_days = day_biases(past, future, residuals, config.day_damping)
        return _Users(
            biases=own[:, 0],
            factors=own[:, 1:f] + implicit,
            bias_drifts=own[:, f] if drifting else np.zeros(n, dtype=np.float32),
            drifts=own[:, f + 1 :],
            deviations=of_wanted,
            day_biases=of_days,
        )

    def _effects(self, ratings: Times, items: NDArray[np.int32], shape: tuple[int, int]) -> Effects:
        """Temporal effects before the first epoch; film biases by period come first."""
        config, (users, times) = self.config, ratings
        deviations, _ = time_deviations(ratings, ratings, shape[0], config.drift_power)
        known = (times > 0).astype(np.float32)
        columns: list[tuple[NDArray[np.integer], NDArray[np.float32], int]] = []
        if config.periods > 1:
            periods = np.searchsorted(self.arrays["period_ends"], times)
            columns.append((items * config.periods + periods, known, shape[1] * config.periods))
        if config.drift != "none":
            columns.append((users, deviations, shape[0]))
        if config.day_biases:
            days = user_days(ratings)
            columns.append((days, known, int(days.max()) + 1))
        starts = np.cumsum([0, *(size for _, _, size in columns)])
        places = np.empty((len(times), len(columns)), dtype=np.int32)
        multipliers = np.empty((len(times), len(columns)), dtype=np.float32)
        for column, (rows, multiplier, _) in enumerate(columns):
            places[:, column], multipliers[:, column] = rows + starts[column], multiplier
        n_drifts = shape[0] if config.drift == "factors" else 0
        values = np.zeros(starts[-1], dtype=np.float32)
        drifts = np.zeros((n_drifts, config.factors), dtype=np.float32)
        return places, multipliers, values, deviations, drifts

    def _base_at(self, items: NDArray[np.integer], times: NDArray[np.int64]) -> NDArray[np.float32]:
        """Mean plus film bias at some times, `float32[len(items)]`."""
        base: NDArray[np.float32] = self.arrays["item_biases"][items] + self.arrays["mean"]
        if self.config.periods > 1:
            periods = np.searchsorted(self.arrays["period_ends"], times)
            of_periods = self.arrays["period_biases"][items, periods]
            base = base + np.where(times > 0, of_periods, np.float32(0))
        return base


class _Users(NamedTuple):
    """Users after the fold-in, a row each, and temporal effects of the ratings to predict."""

    biases: NDArray[np.float32]
    factors: NDArray[np.float32]
    bias_drifts: NDArray[np.float32]
    drifts: NDArray[np.float32]
    deviations: NDArray[np.float32]
    day_biases: NDArray[np.float32]
