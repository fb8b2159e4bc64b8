"""How far the scores of a model spread over the films, which its weight in a sum makes up for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matinee.data import Histories, Interactions
from matinee.models import Model
from matinee.models._auto.mixture import part_scores
from matinee.models._auto.race import Setting
from matinee.models._blend.weights import spread_of

__all__ = ["mean_spread", "sample_histories", "spread", "weights_of"]

_SAMPLE = 300
"""Training histories whose scores tell the spread."""


def spread(scores: Sequence[NDArray[np.float32]]) -> float:
    """Mean spread of the scores of viewers over the films they have not seen."""
    return mean_spread([spread_of(each) for each in scores])


def mean_spread(spreads: Sequence[NDArray[np.float32]]) -> float:
    """Mean of the spreads of viewers, never 0."""
    return max(float(np.concatenate(spreads).mean(dtype=np.float64)), 1e-12)


def sample_histories(ratings: Interactions) -> Histories:
    """Training histories of some hundreds of viewers, evenly spaced."""
    viewers = np.unique(ratings.users)
    return Histories.of_users(ratings, viewers[:: max(1, len(viewers) // _SAMPLE)])


def weights_of(
    parts: Sequence[Model], shares: Sequence[float], setting: Setting, ratings: Interactions
) -> NDArray[np.float32]:
    """Weights of fitted parts, `float32[n_parts]`: their share over the spread of their scores.

    Spreads are those of the parts that answer. A part fitted on a past or on a sample of viewers
    has another one. Scores in stars have their share as weight: how far they spread tells how much
    of a taste the ratings show. A part without an answer to any history has a weight of 0.
    """
    if len(parts) == 1:
        return np.ones(1, dtype=np.float32)
    weights = []
    histories = sample_histories(ratings)
    for part, share in zip(parts, shares, strict=True):
        scores = part_scores(part, setting.histories(part, histories))
        silent = not scores.any()
        scores[histories.rows, histories.items] = -np.inf
        unit = 1.0 if part.predicts_ratings and part.personal else spread([scores])
        weights.append(0.0 if silent else share / unit)
    return np.array(weights, dtype=np.float32)
