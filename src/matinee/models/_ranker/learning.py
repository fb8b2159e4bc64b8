"""Weights of the ranker, and whether they beat the raced popularity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matinee.metrics.gain import ndcg
from matinee.models import Candidate, Race, Selection
from matinee.models._ranker.samples import Examples
from matinee.models._ranker.softmax import Sample, Weights, learned_weights

__all__ = ["Gains", "gains_at_cuts", "selection_of", "weights_of"]

_DEPTH = 10
_JUDGED = 3
"""Latest cuts at which the weights of earlier ones are judged."""
_FEWEST = 2
"""Cuts that a decision needs."""
_NORMAL_95 = 1.96
_LEARNED, _RACED = "learned weights", "raced popularity"
_RULE = (
    "Learned weights are used if they beat the raced popularity at the latest cuts in time inside "
    "the training data by more than the standard error over the cuts."
)


@dataclass(frozen=True, eq=False)
class Gains:
    """NDCG@10 at some cuts, of weights learned before them and of the raced popularity.

    Attributes:
        learned, raced: `float64[cuts]`.
        users: how many were asked.
    """

    learned: NDArray[np.float64]
    raced: NDArray[np.float64]
    users: int

    @property
    def judged(self) -> bool:
        """Whether there are cuts enough to decide."""
        return len(self.learned) >= _FEWEST

    @property
    def pays(self) -> bool:
        """Whether the mean gain exceeds its standard error over the cuts."""
        return self.judged and self.mean > self.error

    @property
    def mean(self) -> float:
        """Mean gain; 0 without cuts."""
        return float((self.learned - self.raced).mean()) if len(self.learned) else 0.0

    @property
    def error(self) -> float:
        """Standard error of the mean gain over the cuts; 0 with fewer than two."""
        gains = self.learned - self.raced
        return float(gains.std(ddof=1) / np.sqrt(len(gains))) if len(gains) > 1 else 0.0


def weights_of(cuts: Sequence[Examples], l2: float) -> Weights:
    """Weights learned at some cuts, from users with a history and newcomers together."""
    samples = [each for cut in cuts for each in (cut.known, cut.newcomers) if each.users.any()]
    return learned_weights(samples, l2)


def gains_at_cuts(
    cuts: Sequence[Examples], raced: Sequence[NDArray[np.float32]], l2: float
) -> tuple[Gains, Gains]:
    """What learned weights gain for users with a history, and for newcomers.

    Each of the latest cuts is judged by weights learned at cuts whose targets lie before it.

    Args:
        cuts: in the order of time.
        raced: the raced popularity at each cut, `float32[n_items]`.
        l2: the penalty of the weights.
    """
    known, new, users = [], [], np.zeros(2, dtype=np.int64)
    for place in range(max(0, len(cuts) - _JUDGED), len(cuts)):
        judged = cuts[place]
        earlier = [each for each in cuts if each.cut.end <= judged.cut.now]
        if not any(each.known.users.any() or each.newcomers.users.any() for each in earlier):
            continue
        weights = weights_of(earlier, l2)
        if judged.known.users.any():
            popular = np.tile(raced[place][judged.known_films], (len(judged.known.users), 1))
            scores = judged.known.scores(weights)
            known.append([_quality(judged.known, each) for each in (scores, popular)])
            users[0] += len(judged.known.users)
        if judged.newcomers.users.any():
            pair = (judged.newcomers.scores(weights)[0], raced[place][judged.new_films])
            new.append([_of_newcomers(judged, each) for each in pair])
            users[1] += int(judged.newcomers.users[0])
    return tuple(
        Gains(*np.array(pairs).reshape(-1, 2).T, int(n))
        for pairs, n in zip((known, new), users, strict=True)
    )


def selection_of(known: Gains, newcomers: Gains) -> Selection:
    """The decision for both kinds of users, for readers."""
    races = [
        _race("viewers with a history", known, "ease-sparse"),
        _race("new viewers", newcomers, _RACED),
    ]
    return Selection(_RULE, f"NDCG@{_DEPTH}", tuple(races))


def _race(viewers: str, gains: Gains, unjudged: str) -> Race:
    if not gains.judged:
        return Race(viewers, gains.users, unjudged, (Candidate(unjudged, 0.0, 0.0, 0.0, 0.0),))
    names = (_LEARNED, _RACED) if gains.pays else (_RACED, _LEARNED)
    qualities = {_LEARNED: gains.learned.mean(), _RACED: gains.raced.mean()}
    difference = -gains.mean if gains.pays else gains.mean
    reach = _NORMAL_95 * gains.error
    candidates = (
        Candidate(names[0], float(qualities[names[0]]), 0.0, 0.0, 0.0),
        Candidate(
            names[1], float(qualities[names[1]]), difference - reach, difference + reach, 0.0
        ),
    )
    return Race(viewers, gains.users, names[0], candidates)


def _quality(sample: Sample, scores: NDArray[np.float32]) -> float:
    """Mean NDCG@10 among the candidates."""
    allowed = np.where(np.isfinite(sample.allowed), scores, -np.inf)
    return _ndcg(allowed, sample.targets > 0)


def _of_newcomers(judged: Examples, scores: NDArray[np.float32]) -> float:
    found = judged.cut.newcomers[:, judged.new_films].toarray() > 0
    found = found[found.any(axis=1)]
    return _ndcg(np.tile(scores, (len(found), 1)), found)


def _ndcg(scores: NDArray[np.float32], is_target: NDArray[np.bool_]) -> float:
    depth = min(_DEPTH, scores.shape[1])
    best = np.argpartition(-scores, depth - 1, axis=1)[:, :depth]
    order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1, kind="stable")
    hits = np.take_along_axis(is_target, np.take_along_axis(best, order, axis=1), axis=1)
    return float(np.mean(ndcg(hits, is_target.sum(axis=1))))
