"""Histories of dislikes: what the average viewer adds to them.

A weighted sum over a history of mostly dislikes says what to avoid, and little about what is good.
The scores of the average viewer are added to it, times the square of how far dislikes outweigh
likes: all of them for a history of dislikes alone, nothing where likes weigh more. Without the
square, popular films of a kind would rise for somebody who rated the lesser-known ones lowest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matinee.data import Histories, Interactions
from matinee.models._shared.config import DislikesConfig
from matinee.models._shared.weighting import no_likes

if TYPE_CHECKING:
    from matinee.models import Model

__all__ = ["average_answer", "dislike_surplus", "liked_alone", "targets_of"]

_DISLIKED = np.float32(-0.2)
"""Score that a dislike should have in factor models; chosen on validation, docs/decisions/0039."""
_USERS = 500
"""Training users whose answers are averaged, at most."""


def dislike_surplus(
    weights: NDArray[np.float32], histories: Histories
) -> NDArray[np.float32] | None:
    """Square of how far dislikes outweigh likes, `float32[n]` from 0 to 1; `None` if all are 0.

    Args:
        weights: `float32[nnz]`, of `Model.rating_weights`.
        histories: of `n` users.
    """
    if not (weights < 0).any():
        return None
    n = len(histories)
    against = -np.bincount(histories.rows, weights, minlength=n)
    sizes = np.bincount(histories.rows, np.abs(weights), minlength=n)
    surplus = np.square(np.maximum(against, 0) / np.maximum(sizes, 1e-9))
    return surplus.astype(np.float32) if surplus.any() else None


def targets_of(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Score that films of a history should have in factor models, `float32[n]`.

    A like, of a weight above 0, should have 1, and a dislike less than the 0 of films that were
    not seen. Sizes of the weights are confidences.
    """
    return np.where(weights > 0, np.float32(1), _DISLIKED)


def average_answer(model: Model, interactions: Interactions) -> NDArray[np.float32] | None:
    """Mean of a fitted model's factors, or else scores, over some training users with a like.

    `float32[f]` or `float32[n_items]`; `None` for a model without `like_from`, and where nobody has
    a like.
    """
    config = model.config
    if not isinstance(config, DislikesConfig) or config.like_from is None or model.counts:
        return None
    likes = np.bincount(
        interactions.users, config.liked(interactions.values), minlength=interactions.n_users
    )
    users = np.flatnonzero(likes)
    if not len(users):
        return None
    some = users[np.linspace(0, len(users) - 1, min(len(users), _USERS)).astype(np.int64)]
    histories = Histories.of_users(interactions, some)
    factors = model.factors(histories)
    answers = model.scores(histories) if factors is None else factors[0]
    return answers.mean(axis=0, dtype=np.float64).astype(np.float32)


def liked_alone(interactions: Interactions, config: DislikesConfig) -> Interactions:
    """The likes among ratings, for models that learn from likes and count dislikes in histories.

    Raises:
        InputError: there are ratings, and no likes.
    """
    if interactions.counts or config.like_from is None:
        return interactions
    liked = config.liked(interactions.values)
    if len(liked) and not liked.any():
        raise no_likes(len(liked), "like_from")
    return interactions.select(liked)
