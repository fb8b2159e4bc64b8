"""Films without ratings, ranked by their facts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.data import Interactions
from matinee.models import Model
from matinee.models._auto.mixture import Mixture
from matinee.models._auto.race import Setting
from matinee.models._auto.spreads import sample_histories
from matinee.models._blend.parts import read_parts
from matinee.models._shared.unrated import Descriptions

__all__ = ["FILLER", "with_new_films"]

FILLER = "ease-sparse"
"""Scores films without ratings where no part of the mixture can."""

_FACTORS = {"ials": ("item_factors",), "ease-sparse": ("common", "answers")}
"""Arrays with one row per film that are 0 without ratings, and that scores are linear in."""
_BY_FACTS = frozenset({"dlae-content", "ranker"})
"""Models that rank films without ratings well by themselves."""

_LEAST_SPREAD = 1e-4
"""Of new films, in standard deviations of all scores: their order is kept where a mixture has
nothing to say of most films."""


def with_new_films(mixture: Mixture, setting: Setting, ratings: Interactions) -> Mixture:
    """The mixture with scores for films without ratings.

    Parts whose factors can be predicted from facts get those of new films, in the manner of
    regression-based latent factor models (Agarwal & Chen, KDD 2009). Parts that rank them
    by facts well need nothing. If there is no part of either kind, another model is added that
    scores new films alone, with the mean of the scores that the mixture gives them and the
    interquartile range of those it gives films with few ratings. With the standard deviation over
    all films, many lists would begin with new films where a few films have nearly all of the score,
    as in models of the next film.
    """
    rated = np.bincount(ratings.items, minlength=ratings.n_items) > 0
    parts = [each for each in mixture.parts if each.name in _FACTORS]
    if rated.all() or (not parts and any(each.name in _BY_FACTS for each in mixture.parts)):
        return mixture
    films = Descriptions.of(setting.catalog, rated)
    for part in parts:
        _learn(part, films)
    if parts:
        return mixture
    filler = setting.fit(read_parts(FILLER)[0], ratings)
    _learn(filler, films)
    histories = sample_histories(ratings)
    alone = Mixture((filler,), np.ones(1, dtype=np.float32), mixture.like_from, rated[:0])
    own, others = mixture.scores(histories), alone.scores(histories)
    rare, others = own[:, _with_few_ratings(ratings)], others[:, ~rated]
    spread = max(_middle_half(rare), _LEAST_SPREAD * float(own.std(dtype=np.float64)))
    ratio = spread / max(_middle_half(others), 1e-12)
    own = own[:, ~rated]
    level = float(own.mean(dtype=np.float64) - ratio * others.mean(dtype=np.float64))
    weights = np.append(mixture.weights, np.float32(ratio))
    return Mixture((*mixture.parts, filler), weights, mixture.like_from, ~rated, level)


def _middle_half(scores: NDArray[np.float32]) -> float:
    """The interquartile range."""
    low, high = np.quantile(scores, (0.25, 0.75))
    return float(high - low)


def _with_few_ratings(ratings: Interactions) -> NDArray[np.bool_]:
    """The quarter of the rated films with the fewest ratings, and those with as many."""
    counts = np.bincount(ratings.items, minlength=ratings.n_items)
    few: NDArray[np.bool_] = counts <= np.quantile(counts[counts > 0], 0.25)
    return few & (counts > 0)


def _learn(model: Model, films: Descriptions) -> None:
    """Gives films without ratings the factors that their facts predict; arrays are replaced."""
    for name in _FACTORS[model.name]:
        factors = model.arrays[name].copy()
        if factors.shape[1]:
            films.fill(factors)
        model.arrays[name] = factors
