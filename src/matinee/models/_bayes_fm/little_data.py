"""Little data: what a chain cannot have learned is taken from the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data import Histories, Interactions
from matinee.models._shared.biases import baseline_levels, user_biases

__all__ = ["Shrinkage"]

_ENOUGH = 1000
"""Training ratings from which the factorization machine answers alone."""
_ITEM_DAMPING, _USER_DAMPING = 3.0, 5.0
_PSEUDO_RATINGS = 4
"""Ratings at the ends of the scale in the variance of a rating around the baseline."""

Floats = NDArray[np.float64]


class Shrinkage:
    """Pulls predicted ratings towards the baseline (mean, film bias and viewer bias).

    With `n` training ratings the machine has the share `n / 1000` of a prediction. Without it the
    group means and variances of a few ratings are draws from wide priors, and differ by stars from
    seed to seed.

    `arrays` are those of the model. `arrays_of` are empty with enough ratings, and nothing is
    changed.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], histories: Histories) -> None:
        self._share = float(arrays["share"][0]) if "share" in arrays else 1.0
        self._scale = arrays["scale"].astype(np.float64)
        if self._share < 1:
            self._levels = arrays["baseline_levels"]
            self._biases = user_biases(histories, self._levels, _USER_DAMPING)
            self._variance = float(arrays["baseline_variance"][0])

    @staticmethod
    def arrays_of(interactions: Interactions) -> dict[str, NDArray[Any]]:
        """What a model has to store for it."""
        if len(interactions) >= _ENOUGH:
            return {}
        levels = baseline_levels(interactions, _ITEM_DAMPING, _USER_DAMPING)
        low, high = interactions.scale
        squares = np.square(interactions.values - levels[interactions.items]).sum(dtype=np.float64)
        squares += _PSEUDO_RATINGS * ((high - low) / 2) ** 2
        return {
            "share": np.array([len(interactions) / _ENOUGH]),
            "baseline_levels": levels,
            "baseline_variance": np.array([squares / (len(interactions) + _PSEUDO_RATINGS)]),
        }

    def means(self, stars: Floats, rows: Any, items: Any) -> Floats:
        """Predictions, given those of the machine, for users and items that index like `stars`."""
        if self._share == 1:
            return stars
        baseline = self._levels[items] + self._biases[rows]
        return self._share * np.clip(stars, *self._scale) + (1 - self._share) * baseline

    def variances(self, variances: Floats) -> Floats:
        """Variances of the ratings around them."""
        if self._share == 1:
            return variances
        most = np.square(np.diff(self._scale))
        return self._share * np.minimum(variances, most) + (1 - self._share) * self._variance
