"""Weights of the ranker, and whether they beat the raced popularity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.models import Candidate, Race, Selection
from matinee.models._blend.held_out import ndcg_of_scores
from matinee.models._ranker.samples import Examples
from matinee.models._ranker.softmax import Sample, Weights, learned_weights
from matinee.models._ranker.taste import TASTES

__all__ = ["Gains", "gains_at_cuts", "selection_of", "weights_of"]

_DEPTH = 10
_TEST_CUTS = 3
"""Latest cuts at which the weights of earlier ones are judged."""
_FEWEST = 2
"""Cuts that a decision needs."""
_NORMAL_95 = 1.96
_WEIGHTS, _POPULARITY = "learned weights", "raced popularity"
_RULE = (
    "Learned weights are used if they beat the raced popularity at the latest cuts in time inside "
    "the training data, for new viewers by more than the standard error of the gain"
)


@dataclass(frozen=True)
class Gains:
    """NDCG@10 of learned weights and of the raced popularity, at cuts after those learned from.

    Attributes:
        weights, popularity: means.
        error: standard error of the mean gain.
        cuts: number of cuts.
        users: how many were asked.
        one_list: whether the users of a cut share one list.
    """

    weights: float
    popularity: float
    error: float
    cuts: int
    users: int
    one_list: bool

    @classmethod
    def of(
        cls, pairs: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]], *, one_list: bool
    ) -> Gains:
        """The gains at some cuts, from the NDCG of each user by both.

        Users who share one list are one observation a cut, so that their error is that of the cuts.
        """
        users = sum(len(weights) for weights, _ in pairs)
        if one_list:
            pairs = [(own.mean(keepdims=True), other.mean(keepdims=True)) for own, other in pairs]
        weights, popularity = (
            np.concatenate([np.empty(0), *(pair[place] for pair in pairs)]) for place in (0, 1)
        )
        n = len(weights)
        if n < _FEWEST:
            return cls(0.0, 0.0, 0.0, 0, users, one_list)
        error = float((weights - popularity).std(ddof=1) / np.sqrt(n))
        means = float(weights.mean()), float(popularity.mean())
        return cls(*means, error, len(pairs), users, one_list)

    @property
    def mean(self) -> float:
        """Mean gain."""
        return self.weights - self.popularity

    @property
    def decided(self) -> bool:
        """Whether there are cuts enough."""
        return self.cuts >= _FEWEST

    @property
    def pays(self) -> bool:
        """Whether the weights are to be used.

        A list for all newcomers must gain more than the standard error. Lists of their own, which
        contain popularity as one of many signals, must gain anything.
        """
        return self.decided and self.mean > (self.error if self.one_list else 0)


def weights_of(cuts: Sequence[Examples], l2: float, start: Weights | None = None) -> Weights:
    """Weights learned at some cuts, from users with a history and newcomers together."""
    samples = [each for cut in cuts for each in (cut.known, cut.newcomers) if each.users.any()]
    return learned_weights(samples, l2, len(samples[0].personal) - len(TASTES), start)


def gains_at_cuts(
    cuts: Sequence[Examples], popularity: Sequence[NDArray[np.float32]], l2: float
) -> tuple[Gains, Gains, Weights | None]:
    """What learned weights gain for users with a history, and for newcomers; the last weights.

    Each of the latest cuts is judged by weights learned at cuts whose targets lie before it.

    Args:
        cuts: in the order of time.
        popularity: the raced popularity at each cut, `float32[n_items]`.
        l2: the penalty of the weights.
    """
    known, new = [], []
    weights: Weights | None = None
    for place in range(max(0, len(cuts) - _TEST_CUTS), len(cuts)):
        cut, popular = cuts[place], popularity[place]
        earlier = [each for each in cuts if each.cut.end <= cut.cut.now]
        if not any(each.known.users.any() or each.newcomers.users.any() for each in earlier):
            continue
        weights = weights_of(earlier, l2, weights)
        if cut.known.users.any():
            rows = np.tile(popular[cut.known_films], (len(cut.known.users), 1))
            scores = cut.known.scores(weights)
            known.append((_quality(cut.known, scores), _quality(cut.known, rows)))
        if cut.newcomers.users.any():
            scores = cut.newcomers.scores(weights)[0]
            new.append((_of_newcomers(cut, scores), _of_newcomers(cut, popular[cut.new_films])))
    return Gains.of(known, one_list=False), Gains.of(new, one_list=True), weights


def selection_of(known: Gains, newcomers: Gains) -> Selection:
    """The decision for both kinds of users, for readers."""
    races = [
        _race("viewers with a history", known, "ease-sparse"),
        _race("new viewers", newcomers, _POPULARITY),
    ]
    return Selection(_RULE, f"NDCG@{_DEPTH}", tuple(races))


def _race(viewers: str, gains: Gains, fallback: str) -> Race:
    if not gains.decided:
        return Race(viewers, gains.users, fallback, (Candidate(fallback, 0.0, 0.0, 0.0, 0.0),))
    names = (_WEIGHTS, _POPULARITY) if gains.pays else (_POPULARITY, _WEIGHTS)
    qualities = {_WEIGHTS: gains.weights, _POPULARITY: gains.popularity}
    difference = -gains.mean if gains.pays else gains.mean
    reach = _NORMAL_95 * gains.error
    low, high = difference - reach, difference + reach
    candidates = (
        Candidate(names[0], qualities[names[0]], 0.0, 0.0, 0.0),
        Candidate(names[1], qualities[names[1]], low, high, 0.0),
    )
    return Race(viewers, gains.users, names[0], candidates)


def _quality(sample: Sample, scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """NDCG@10 of each user among the candidates, `float64[n]`."""
    allowed = np.where(np.isfinite(sample.allowed), scores, -np.inf)
    return ndcg_of_scores(allowed, sample.targets > 0, _DEPTH)


def _of_newcomers(cut: Examples, scores: NDArray[np.float32]) -> NDArray[np.float64]:
    found = cut.cut.newcomers[:, cut.new_films].toarray() > 0
    found = found[found.any(axis=1)]
    return ndcg_of_scores(np.tile(scores, (len(found), 1)), found, _DEPTH)
