"""Biases of films and viewers, and how they change with time."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Catalog, Histories, Interactions, rows_of
from matinee.models import Config, Model, search, span
from matinee.models._shared.biases import baseline_levels, row_biases
from matinee.models._shared.drift import day_biases, period_ends, time_deviations

__all__ = ["Baseline", "BaselineConfig"]


class BaselineConfig(Config):
    """Options of `Baseline`."""

    item_damping: NonNegativeFloat = Field(3.0, json_schema_extra=span(0, 30))
    """Penalty of a film's bias, in ratings."""
    user_damping: NonNegativeFloat = Field(5.0, json_schema_extra=span(0, 30))
    """Penalty of a viewer's bias, in ratings."""
    periods: PositiveInt = Field(1, json_schema_extra=search(1, 10) | span(1, 30))
    """Number of periods of equal length with a film bias of their own; 1 for none."""
    period_damping: NonNegativeFloat = Field(50.0, json_schema_extra=span(1, 500, log=True))
    """Penalty of a film's bias in one period, in ratings."""
    drift_power: float = Field(0.2, gt=0, le=1, json_schema_extra=span(0.1, 1))
    """A viewer's drift is proportional to this power of the days from the mean time of their
    history."""
    drift_damping: NonNegativeFloat = Field(
        10.0, json_schema_extra=search(5, 10, 20) | span(1, 100, log=True)
    )
    """Penalty of the square of a viewer's drift."""
    day_damping: NonNegativeFloat = Field(10.0, json_schema_extra=span(1, 100, log=True))
    """Penalty of a viewer's bias on one day, in ratings."""


class Baseline(Model[BaselineConfig]):
    """Regularised biases of films and viewers, by alternating least squares (Koren 2010).

    "Factor in the neighbors: scalable and accurate collaborative filtering", TKDD 4(1), section
    2.1, with the temporal effects of "Collaborative filtering with temporal dynamics", KDD 2009: a
    film's bias by period, a viewer's drift over their history, and a viewer's bias on one day.
    Temporal effects need the times of the history and of the ratings to predict. The ranking is
    the prior for everybody: biases know nothing about taste.
    """

    predicts_ratings: ClassVar[bool] = True
    personal: ClassVar[bool] = False

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config = self.config
        levels = baseline_levels(interactions, config.item_damping, config.user_damping)
        self.arrays["levels"] = levels
        self.arrays["period_ends"] = period_ends(interactions.times, config.periods)
        self.arrays["period_biases"] = self._period_biases(interactions, levels)
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return np.tile(self.arrays["prior"], (len(histories), 1))

    def predictions(self, histories: Histories, wanted: sp.csr_array) -> NDArray[np.float32]:
        config, n = self.config, len(histories)
        rows, times = histories.rows, histories.known_times
        users, now = rows_of(wanted), wanted.data
        residuals = histories.values - self._levels_at(histories.items, times)
        biases = row_biases(rows, residuals, n, config.user_damping)
        residuals = residuals - biases[rows]
        past, present = time_deviations((rows, times), (users, now), n, config.drift_power)
        drifts = _slopes(rows, past, residuals, n, config.drift_damping)
        residuals = residuals - drifts[rows] * past
        of_days = day_biases((rows, times), (users, now), residuals, config.day_damping)
        predicted = self._levels_at(wanted.indices, now) + biases[users]
        predicted = predicted + drifts[users] * present + of_days
        clipped: NDArray[np.float32] = np.clip(predicted, *self.arrays["scale"])
        return clipped.astype(np.float32)

    def _period_biases(
        self, interactions: Interactions, levels: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Item biases by period, `float32[n_items, periods]`, fitted to what the biases leave."""
        if self.config.periods == 1:
            return np.zeros((len(levels), 1), dtype=np.float32)
        users, items, n = interactions.users, interactions.items, interactions.n_users
        residuals = interactions.values - levels[items]
        residuals = residuals - row_biases(users, residuals, n, self.config.user_damping)[users]
        known = interactions.times > 0
        cells = items * self.config.periods + self._periods(interactions.times)
        n_cells = len(levels) * self.config.periods
        biases = row_biases(cells[known], residuals[known], n_cells, self.config.period_damping)
        return biases.reshape(len(levels), -1)

    def _periods(self, times: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.searchsorted(self.arrays["period_ends"], times).astype(np.int64)

    def _levels_at(
        self, items: NDArray[np.integer], times: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Mean plus film bias at some times, `float32[len(items)]`."""
        return self.arrays["levels"][items] + np.where(
            times > 0, self.arrays["period_biases"][items, self._periods(times)], np.float32(0)
        )


def _slopes(
    rows: NDArray[np.integer],
    steps: NDArray[np.float32],
    residuals: NDArray[np.floating],
    n: int,
    damping: float,
) -> NDArray[np.float32]:
    """Damped slope of the residuals over the steps in each of `n` rows, `float32[n]`."""
    products = np.bincount(rows, steps * residuals, minlength=n)
    squares = np.bincount(rows, np.square(steps), minlength=n)
    slopes = products / np.maximum(squares + damping, 1e-9)
    return np.asarray(slopes, dtype=np.float32)
