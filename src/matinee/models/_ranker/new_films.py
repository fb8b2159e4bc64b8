"""Where films without ratings stand: beside rated films that are watched as often.

At each cut in time some films had no rating yet. How often viewers with a history then liked them
is compared with how often they liked the rated films at each place of their lists.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matinee.models._ranker.samples import Examples
from matinee.models._ranker.softmax import Weights

__all__ = ["level_of_unrated", "place_of_unrated"]

_MOST_PLACES = 2**20


def place_of_unrated(cuts: Sequence[Examples], weights: Weights) -> int:
    """The first place, from 1, whose films are liked no more often than films without ratings.

    Places are those 1, 2, 4, 8, ... of lists of rated films by the learned weights. `_MOST_PLACES`
    if new films were never liked.
    """
    starts = 2 ** np.arange(21)
    hits, films = np.zeros(len(starts)), np.zeros(len(starts))
    for cut in cuts:
        sample = cut.known
        if not sample.users.any():
            continue
        seen = ~np.isfinite(sample.allowed)
        counts = np.where(seen, 0, np.exp(sample.allowed))  # a drawn film stands for others
        order = np.argsort(-np.where(seen, -np.inf, sample.scores(weights)), axis=1, kind="stable")
        counts = np.take_along_axis(counts, order, axis=1)
        liked = np.take_along_axis(sample.targets > 0, order, axis=1)
        places = np.maximum(np.cumsum(counts, axis=1) - counts, 0) + 1
        groups = np.searchsorted(starts, places.ravel(), side="right") - 1
        films += np.bincount(groups, counts.ravel(), minlength=len(starts))
        hits += np.bincount(groups, (counts * liked).ravel(), minlength=len(starts))
    new = sum(each.unrated_targets for each in cuts)
    # Both rates are over the users with a liked candidate: only which is larger matters.
    pairs = sum(each.unrated * len(each.known.users) for each in cuts)
    if not new or not pairs:
        return _MOST_PLACES
    rarer = (hits / np.maximum(films, 1e-9) <= new / pairs) & (films > 0)
    return int(starts[np.argmax(rarer)]) if rarer.any() else _MOST_PLACES


def level_of_unrated(
    scores: NDArray[np.float32], rated: NDArray[np.float32], place: int
) -> np.float32:
    """What is to be added to scores of films without ratings, so that their mean is at a place.

    Args:
        scores: `float32[n, n_items]`, of some users; minus infinity for seen films.
        rated: `float32[n_items]`, 1 for films with ratings and 0 for others.
        place: among the rated films, from 1.
    """
    new = rated == 0
    known = -np.sort(-scores[:, ~new], axis=1)
    unseen = np.isfinite(known).sum(axis=1)
    beside = known[np.arange(len(known)), np.minimum(place, np.maximum(unseen, 1)) - 1]
    own = scores[:, new].mean(axis=1)
    gaps = (beside - own)[unseen > 0]
    return np.float32(gaps.mean() if len(gaps) else 0)
