"""Training examples of the ranker: users at a cut in time, with candidate films."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.models._ranker.cuts import TimeCut
from matinee.models._ranker.film_signals import common_features
from matinee.models._ranker.instant import Instant, context_of
from matinee.models._ranker.softmax import Sample

__all__ = ["Examples", "examples"]

_FEWEST_RATINGS = 2
"""Ratings of a candidate film."""
_TOP = 100
"""Candidates taken from the top of each kind of popularity and of each personal score."""
_OTHERS = 300
"""Candidates drawn from all other films."""
_MOST_SCORES = 2**23
"""Scores of each kind up to which all are kept, 32 MiB. More are computed again for candidates."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Examples of one cut.

    Attributes:
        cut: the cut.
        known: users with a history.
        known_films: `int64[c]`, candidates of `known`.
        newcomers: one row for all of them.
        new_films: `int64[d]`, candidates of `newcomers`.
        unrated: number of films without a rating before the cut.
        unrated_targets: how many of the targets of users with a history are such films.
    """

    cut: TimeCut
    known: Sample
    known_films: NDArray[np.int64]
    newcomers: Sample
    new_films: NDArray[np.int64]
    unrated: int
    unrated_targets: int


def examples(cut: TimeCut, instant: Instant, weights: sp.csr_array) -> Examples:
    """The examples of one cut; `weights` are those of the ratings in its histories."""
    rated = np.flatnonzero(instant.signals.counts >= _FEWEST_RATINGS)
    kinds = partial(instant.personal, cut.histories, weights)
    if cut.targets.shape[0] * cut.past.n_items <= _MOST_SCORES:
        kinds = partial(iter, [*kinds()])
    films, offsets = _candidates(instant, kinds(), rated)
    allowed = np.tile(offsets, (len(cut.histories), 1))
    place = np.full(cut.past.n_items, -1)
    place[films] = np.arange(len(films))
    seen = place[cut.histories.items]
    allowed[cut.histories.rows[seen >= 0], seen[seen >= 0]] = -np.inf
    shares, has_target = _shares(cut.targets[:, films])
    block = np.ix_(has_target, films)
    personal = np.stack([each[block] for each in kinds()])
    known = Sample(
        common=common_features(instant.signals, known=True)[films],
        context=context_of(cut.histories, cut.now)[has_target],
        scaled=instant.scaled[films],
        personal=personal,
        allowed=allowed[has_target],
        targets=shares,
        users=np.ones(len(shares), dtype=np.float32),
    )
    of_newcomers, _ = _shares(cut.newcomers[:, rated])
    n = len(of_newcomers)
    newcomers = Sample(
        common=common_features(instant.signals, known=False)[rated],
        context=np.zeros((1, known.context.shape[1]), dtype=np.float32),
        scaled=instant.scaled[rated],
        personal=np.zeros((len(personal), 1, len(rated)), dtype=np.float32),
        allowed=np.zeros((1, len(rated)), dtype=np.float32),
        targets=of_newcomers.sum(axis=0, keepdims=True) / np.float32(max(n, 1)),
        users=np.full(1, n, dtype=np.float32),
    )
    new = instant.signals.counts == 0
    n_new, targets = int(np.count_nonzero(new)), int(np.count_nonzero(new[cut.targets.indices]))
    return Examples(cut, known, films, newcomers, rated, n_new, targets)


def _candidates(
    instant: Instant, personal: Iterable[NDArray[np.float32]], rated: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Candidate films, `int64[c]` ascending, and the logarithm of how many films each stands for.

    The likely films are all there. Of the others every k-th is, by popularity, and stands for k
    (importance sampling: Bengio & Senecal 2008, "Adaptive importance sampling to accelerate
    training of a neural probabilistic language model").
    """
    likely = np.zeros(len(instant.signals.counts), dtype=np.bool_)
    signals = instant.signals.values[rated]
    for place, name in enumerate(instant.signals.names):
        if name.startswith("popularity"):
            likely[rated[_top(signals[:, place], _TOP)]] = True
    for scores in personal:
        often = np.bincount(_top(scores[:, rated], _TOP).ravel(), minlength=len(rated))
        likely[rated[_top(often, _TOP)]] = True
    others = rated[~likely[rated]]
    others = others[np.argsort(-instant.signals.counts[others], kind="stable")]
    step = max(1, -(-len(others) // _OTHERS))
    drawn = others[step // 2 :: step]
    films = np.concatenate([np.flatnonzero(likely), drawn])
    offsets = np.zeros(len(films), dtype=np.float32)
    offsets[len(films) - len(drawn) :] = np.log(max(len(others), 1) / max(len(drawn), 1))
    order = np.argsort(films)
    return films[order], offsets[order]


def _top(scores: NDArray[np.number], n: int) -> NDArray[np.int64]:
    """The places of the `n` highest scores along the last axis, or of all."""
    if scores.shape[-1] <= n:
        return np.broadcast_to(np.arange(scores.shape[-1]), scores.shape)
    return np.argpartition(-scores, n)[..., :n]


def _shares(targets: sp.csr_array) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Rows that sum to 1, without those that have no target, and which rows are left."""
    dense = targets.toarray()
    totals = dense.sum(axis=1)
    return dense[totals > 0] / totals[totals > 0, None], totals > 0
