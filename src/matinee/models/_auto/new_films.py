"""Films without ratings, ranked by their facts."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.content.description import film_features
from matinee.data import Histories, Interactions
from matinee.models import Model
from matinee.models._auto.mixture import Mixture
from matinee.models._auto.race import Setting, spread
from matinee.models._blend.parts import read_parts
from matinee.models._shared.priors import dual_ridge

__all__ = ["FILLER", "with_new_films"]

FILLER = "ease-sparse"
"""Scores films without ratings where no part of the mixture can."""

_FACTORS = {"ials": ("item_factors",), "ease-sparse": ("common", "answers")}
"""Arrays with one row per film that are 0 without ratings, and that scores are linear in."""
_L2 = 5.0
"""Penalty of the regression. On films held out whole 3 was best for MovieLens 1M, 10 for 100K and
latest-small, and 5 within a hundredth of both."""
_SAMPLE = 200
"""Viewers whose scores tell the spread."""


def with_new_films(mixture: Mixture, setting: Setting, ratings: Interactions) -> Mixture:
    """The mixture with scores for films without ratings.

    Parts whose factors can be predicted from facts get those of new films. If there is no such
    part, another model is added that scores new films alone, at the spread of the mixture.
    """
    new = np.bincount(ratings.items, minlength=ratings.n_items) == 0
    if not new.any():
        return mixture
    features = film_features(setting.catalog)
    parts = [each for each in mixture.parts if each.name in _FACTORS]
    if parts:
        for part in parts:
            _learn(part, features, new)
        return mixture
    filler = setting.fit(read_parts(FILLER)[0], ratings)
    _learn(filler, features, new)
    viewers = np.unique(ratings.users)[:: max(1, ratings.n_users // _SAMPLE)]
    histories = Histories.of_users(ratings, viewers)
    alone = Mixture((filler,), np.ones(1, dtype=np.float32), mixture.like_from, new[:0])
    ratio = spread([mixture.scores(histories)]) / spread([alone.scores(histories)])
    weights = np.append(mixture.weights, np.float32(ratio))
    return Mixture((*mixture.parts, filler), weights, mixture.like_from, new)


def _learn(model: Model, features: sp.csr_array, new: NDArray[np.bool_]) -> None:
    """Gives films without ratings the factors that their facts predict.

    Ridge regressions of the factors of other films on their descriptions, in the manner of
    regression-based latent factor models (Agarwal & Chen, KDD 2009). A prediction is drawn towards
    the average film, so that a new film stands before others where its facts say so clearly.

    Args:
        model: fitted, of `_FACTORS`; its arrays change.
        features: `float32[n_items, n_features]`, see `film_features`.
        new: `bool[n_items]`, films without ratings.
    """
    known = features[~new]
    for name in _FACTORS[model.name]:
        factors = model.arrays[name].copy()
        if factors.shape[1]:
            dual = dual_ridge(known, factors[~new], _L2)
            factors[new] = features[new] @ (known.T @ dual)
        model.arrays[name] = factors
