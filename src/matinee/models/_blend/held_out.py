"""Ratings held back inside a fit, by which a model chooses between models or weighs them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Interactions
from matinee.metrics.gain import ndcg
from matinee.models import Model

__all__ = ["HeldOut", "hold_out"]

_SHARE = 0.2
_FEWEST = 5
"""Ratings of a viewer from which a fifth is held back."""
_SCORES_AT_ONCE = 2**23


@dataclass(frozen=True, eq=False)
class HeldOut:
    """What is left to learn from, and what a model must find.

    Attributes:
        train: without what is held back.
        histories: `float32[n, n_items]`, what is left of the viewers that are asked about.
        targets: `float32[n, n_items]`, what was held back of them.
    """

    train: Interactions
    histories: sp.csr_array
    targets: sp.csr_array

    @property
    def lengths(self) -> NDArray[np.int64]:
        """`int64[n]`: films in each history."""
        counts: NDArray[np.int64] = np.diff(self.histories.indptr).astype(np.int64)
        return counts

    def few(self, rng: np.random.Generator, most: int | None = None) -> HeldOut:
        """It with at most `most` of its viewers, drawn where it has more.

        By default as many are kept as there is room for scores of all films.
        """
        room = most or max(1, _SCORES_AT_ONCE // self.histories.shape[1])
        n = len(self.lengths)
        if n <= room:
            return self
        rows = np.sort(rng.choice(n, room, replace=False))
        return HeldOut(self.train, self.histories[rows], self.targets[rows])

    def scores(self, model: Model) -> NDArray[np.float32]:
        """What a fitted model answers, `float32[n, n_items]`, minus infinity where it was seen."""
        scores = model.scores(self.histories)
        rows = np.repeat(np.arange(len(self.lengths)), self.lengths)
        scores[rows, self.histories.indices] = -np.inf
        return scores

    def ndcg(self, scores: NDArray[np.float32], depth: int) -> NDArray[np.float64]:
        """NDCG of every viewer at `depth` films, `float64[n]`."""
        depth = min(depth, scores.shape[1])
        rows = np.arange(len(scores))[:, None]
        best = np.argpartition(-scores, depth - 1, axis=1)[:, :depth]
        best.sort(axis=1)
        order = np.argsort(-scores[rows, best], axis=1, kind="stable")
        wanted = np.zeros(scores.shape, dtype=np.bool_)
        counts = np.diff(self.targets.indptr)
        wanted[np.repeat(np.arange(len(counts)), counts), self.targets.indices] = True
        return ndcg(wanted[rows, best[rows, order]], counts)


def hold_out(
    interactions: Interactions, rng: np.random.Generator, most: int | None = None
) -> HeldOut | None:
    """Holds back a fifth of the ratings of every viewer who has at least five.

    At most `most` of these viewers are asked about, by default as many as there is room for scores
    of all films. `None` where nobody has so many ratings.
    """
    counts = np.bincount(interactions.users, minlength=interactions.n_users)
    able = np.flatnonzero(counts >= _FEWEST)
    if not len(able):
        return None
    drawn = rng.permutation(len(interactions))
    order = drawn[np.argsort(interactions.users[drawn], kind="stable")]
    users = interactions.users[order]
    place = np.arange(len(order)) - np.concatenate([[0], np.cumsum(counts)])[users]
    quota = np.where(counts >= _FEWEST, np.floor(counts * _SHARE), 0)
    hidden = np.zeros(len(order), dtype=np.bool_)
    hidden[order] = place < quota[users]
    train = interactions.select(~hidden)
    held_out = HeldOut(train, train.matrix[able], interactions.select(hidden).matrix[able])
    return held_out.few(rng, most)
