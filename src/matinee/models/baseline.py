"""Ratings without taste: how good the film is, how generous the viewer, and how both drift."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Catalog, Context, Interactions, Query
from matinee.models import Config, Model, search
from matinee.models._shared.biases import baseline_levels, row_biases
from matinee.models._shared.drift import day_biases, days_away
from matinee.models._shared.feedback import damped_popularity

__all__ = ["Baseline", "BaselineConfig"]


class BaselineConfig(Config):
    """Options of `Baseline`."""

    item_damping: NonNegativeFloat = 3.0
    """Penalty of a film's bias, in ratings."""
    viewer_damping: NonNegativeFloat = 5.0
    """The same for a viewer's."""
    periods: PositiveInt = Field(1, json_schema_extra=search(1, 10))
    """Stretches of equal length the time of all ratings is cut into, in each of which a film has a
    bias of its own; 1 for none."""
    period_damping: NonNegativeFloat = 50.0
    """Penalty of a film's bias in one of the periods, in ratings."""
    drift_power: float = Field(0.2, gt=0, le=1)
    """The power of the days from the middle of a history that a viewer's drift grows with."""
    drift_damping: NonNegativeFloat = Field(10.0, json_schema_extra=search(5, 10, 20))
    """Penalty of the square of a viewer's drift per day (to that power)."""
    day_damping: NonNegativeFloat = 10.0
    """Penalty of a viewer's bias on one day, in ratings: a mood, or somebody else."""


class Baseline(Model):
    """Regularised biases of films and viewers, by alternating least squares (Koren 2010).

    "Factor in the neighbors: scalable and accurate collaborative filtering", TKDD 4(1), section
    2.1; what changes with time is that of "Collaborative filtering with temporal dynamics", KDD
    2009: a film's bias in each of some periods, a viewer's drift from the middle of their history,
    and a viewer's bias on a day. These count where it is known when ratings were given and are
    asked for, as in an evaluation. The ranking is the prior for everybody: nothing here is taste.
    """

    Config: ClassVar[type[Config]] = BaselineConfig
    predicts_ratings: ClassVar[bool] = True
    personal: ClassVar[bool] = False

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config = self.config
        levels = baseline_levels(interactions, config.item_damping, config.viewer_damping)
        known = interactions.times[interactions.times > 0]
        first, last = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
        self.arrays["levels"] = levels
        self.arrays["period_ends"] = np.linspace(first, last, config.periods + 1)[1:-1]
        self.arrays["period_biases"] = self._period_biases(interactions, levels)
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        return np.array(self.arrays["prior"])

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        return np.tile(self.arrays["prior"], (histories.shape[0], 1))

    def predict(self, query: Query, items: NDArray[np.int32]) -> NDArray[np.float32]:
        levels = self.arrays["levels"]
        off = query.values - levels[query.items]
        habit = off.sum() / max(len(query) + self.config.viewer_damping, 1e-9)
        return self._clipped(levels[items] + habit)

    def predictions(self, histories: sp.csr_array, wanted: sp.csr_array) -> NDArray[np.float32]:
        levels, n = self.arrays["levels"], histories.shape[0]
        off = histories.data - levels[histories.indices]
        habits = row_biases(_rows(histories), off, n, self.config.viewer_damping)
        return self._clipped(levels[wanted.indices] + habits[_rows(wanted)])

    def predictions_at(
        self, histories: sp.csr_array, wanted: sp.csr_array, context: Context
    ) -> NDArray[np.float32]:
        config, n = self.config, histories.shape[0]
        then, now = context.history_times, context.wanted_times
        rows, asked = _rows(histories), _rows(wanted)
        off = histories.data - self._levels_at(histories.indices, then)
        habits = row_biases(rows, off, n, config.viewer_damping)
        off = off - habits[rows]
        away, away_asked = days_away((rows, then), (asked, now), n, config.drift_power)
        drifts = _slopes(rows, away, off, n, config.drift_damping)
        off = off - drifts[rows] * away
        moods = day_biases((rows, then), (asked, now), off, config.day_damping)
        levels = self._levels_at(wanted.indices, now)
        return self._clipped(levels + habits[asked] + drifts[asked] * away_asked + moods)

    def _period_biases(
        self, interactions: Interactions, levels: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """`float32[n_items, periods]`, of what film and viewer leave unexplained."""
        if self.config.periods == 1:
            return np.zeros((len(levels), 1), dtype=np.float32)
        users, items = interactions.users, interactions.items
        off = interactions.values - levels[items]
        off = off - row_biases(users, off, interactions.n_users, self.config.viewer_damping)[users]
        known = interactions.times > 0
        cells = items * self.config.periods + self._periods(interactions.times)
        n_cells = len(levels) * self.config.periods
        biases = row_biases(cells[known], off[known], n_cells, self.config.period_damping)
        return biases.reshape(len(levels), -1)

    def _periods(self, times: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.searchsorted(self.arrays["period_ends"], times).astype(np.int64)

    def _levels_at(
        self, items: NDArray[np.integer], times: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        levels: NDArray[np.float32] = self.arrays["levels"][items] + np.where(
            times > 0, self.arrays["period_biases"][items, self._periods(times)], np.float32(0)
        )
        return levels

    def _clipped(self, stars: NDArray[np.floating]) -> NDArray[np.float32]:
        clipped: NDArray[np.float32] = np.clip(stars, *self.arrays["scale"]).astype(np.float32)
        return clipped


def _slopes(
    rows: NDArray[np.integer],
    steps: NDArray[np.float32],
    off: NDArray[np.floating],
    n: int,
    damping: float,
) -> NDArray[np.float32]:
    """Each row's slope of `off` over `steps`, damped, `float32[n]`."""
    products = np.bincount(rows, steps * off, minlength=n)
    squares = np.bincount(rows, np.square(steps), minlength=n)
    slopes: NDArray[np.float32] = (products / np.maximum(squares + damping, 1e-9)).astype(
        np.float32
    )
    return slopes


def _rows(matrix: sp.csr_array) -> NDArray[np.int64]:
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
