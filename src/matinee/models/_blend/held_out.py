"""Validation inside a fit: ratings held out to choose between models or to weigh them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories, Interactions, rows_of
from matinee.metrics.gain import ndcg
from matinee.models import Model

__all__ = ["HeldOut", "hold_out", "ndcg_of_scores"]

_SHARE = 0.2
_FEWEST = 5
"""Ratings a user needs for a fifth of them to be held out."""
_BLOCK = 2**23
"""Scores computed at a time."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Training ratings, and the targets that models have to find.

    Attributes:
        train: ratings of all users without the targets.
        histories: training ratings of the `n` users with targets.
        targets: `float32[n, n_items]`.
    """

    train: Interactions
    histories: Histories
    targets: sp.csr_array

    def take(self, rows: NDArray[np.integer]) -> HeldOut:
        """The same with some of the users."""
        return HeldOut(self.train, self.histories.take(rows), self.targets[rows])

    def scores(self, model: Model) -> NDArray[np.float32]:
        """Scores of a fitted model, `float32[n, n_items]`; minus infinity for seen films."""
        scores = model.scores(self.histories)
        scores[self.histories.rows, self.histories.items] = -np.inf
        return scores

    def ndcg(self, scores: NDArray[np.float32], depth: int) -> NDArray[np.float64]:
        """NDCG of every user at `depth`, `float64[n]`."""
        is_target = np.zeros(scores.shape, dtype=np.bool_)
        is_target[rows_of(self.targets), self.targets.indices] = True
        return ndcg_of_scores(scores, is_target, depth)


def ndcg_of_scores(
    scores: NDArray[np.floating], is_target: NDArray[np.bool_], depth: int
) -> NDArray[np.float64]:
    """NDCG of the `depth` highest scores of every row, `float64[n]`; ties go by column."""
    depth = min(depth, scores.shape[1])
    rows = np.arange(len(scores))[:, None]
    best = np.argpartition(-scores, depth - 1, axis=1)[:, :depth]
    best.sort(axis=1)
    order = np.argsort(-scores[rows, best], axis=1, kind="stable")
    return ndcg(is_target[rows, best[rows, order]], is_target.sum(axis=1))


def hold_out(
    interactions: Interactions,
    rng: np.random.Generator,
    most: int | None = None,
    *,
    like_from: float | None = None,
) -> HeldOut | None:
    """Holds out a fifth of the ratings of every user with at least five; `None` without such users.

    At most `most` users have targets, by default as many as fit into one block of scores. With
    `like_from`, held-out ratings below it are no targets.
    """
    counts = np.bincount(interactions.users, minlength=interactions.n_users)
    users = np.flatnonzero(counts >= _FEWEST)
    if not len(users):
        return None
    drawn = rng.permutation(len(interactions))
    order = drawn[np.argsort(interactions.users[drawn], kind="stable")]
    user_of = interactions.users[order]
    place = np.arange(len(order)) - np.concatenate([[0], np.cumsum(counts)])[user_of]
    quota = np.where(counts >= _FEWEST, np.floor(counts * _SHARE), 0)
    hidden = np.zeros(len(order), dtype=np.bool_)
    hidden[order] = place < quota[user_of]
    train = interactions.select(~hidden)
    if like_from is not None:
        hidden &= interactions.values >= like_from
        users = users[np.isin(users, interactions.users[hidden])]
        if not len(users):
            return None
    most = most or max(1, _BLOCK // interactions.n_items)
    if len(users) > most:
        users = users[np.sort(rng.choice(len(users), most, replace=False))]
    targets = interactions.select(hidden).matrix[users]
    return HeldOut(train, Histories.of_users(train, users), targets)
