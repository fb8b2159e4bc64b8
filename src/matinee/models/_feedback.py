"""Ratings as likes: what counts as one, in training and in a history, and what a stranger gets."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Interactions, Query
from matinee.errors import InputError

__all__ = [
    "POPULARITY_DAMPING",
    "damped_means",
    "damped_popularity",
    "graded",
    "liked",
    "liked_histories",
    "likes",
    "or_prior",
    "single_row",
    "weighted_histories",
]

POPULARITY_DAMPING = 10.0
"""Ratings of the global mean that every film is given before its own are counted."""


def likes(interactions: Interactions, min_rating: float) -> sp.csr_array:
    """Ones where a viewer rated a film at least `min_rating`, `float32[n_users, n_items]`.

    Raises:
        InputError: nobody rated anything so high.
    """
    matrix = liked_histories(interactions.matrix, min_rating)
    if matrix.nnz == 0:
        raise InputError(
            f"none of the {len(interactions):,} ratings is {min_rating:g} or more, so there are "
            "no likes to learn from; lower min_rating or use a model that needs none (content)"
        )
    return matrix


def liked(query: Query, min_rating: float) -> NDArray[np.bool_]:
    """Which films of a history count, `bool[len(query)]`."""
    kept: NDArray[np.bool_] = query.values >= min_rating
    return kept


def liked_histories(histories: sp.csr_array, min_rating: float) -> sp.csr_array:
    """Ones where the rating is at least `min_rating`, the shape of `histories`, columns sorted."""
    return weighted_histories(histories, (histories.data >= min_rating).astype(np.float32))


def graded(
    ratings: NDArray[np.float32], scale: NDArray[np.float32], lowest: float
) -> NDArray[np.float32]:
    """`lowest` for the lowest rating of the scale, 1 for the highest, between in proportion."""
    low, high = scale.tolist()
    if high <= low or lowest == 1:
        return np.ones_like(ratings)
    share = np.clip((ratings - low) / (high - low), 0, 1)
    worth: NDArray[np.float32] = (lowest + (1 - lowest) * share).astype(np.float32)
    return worth


def weighted_histories(histories: sp.csr_array, worth: NDArray[np.float32]) -> sp.csr_array:
    """What every rating is worth, the shape of `histories`, columns sorted; none where it is 0.

    Args:
        histories: `float32[n, n_items]`, ratings.
        worth: `float32[nnz]`, in the order they are stored.
    """
    films, starts = histories.indices, histories.indptr
    kept = worth != 0
    if not kept.all():
        starts = np.concatenate([[0], np.cumsum(kept)])[starts]
        worth, films = worth[kept], films[kept]
    matrix = sp.csr_array(
        (worth.copy(), films.astype(np.int32), starts.astype(np.int32)), shape=histories.shape
    )
    matrix.sort_indices()
    return matrix


def single_row(items: NDArray[np.int32], n_items: int) -> sp.csr_array:
    """One viewer's likes as a matrix of one row, `float32[1, n_items]`."""
    ones = np.ones(len(items), dtype=np.float32)
    return sp.csr_array((ones, np.sort(items), [0, len(items)]), shape=(1, n_items))


def or_prior(scores: NDArray[np.float32], prior: NDArray[np.float32]) -> NDArray[np.float32]:
    """The prior in place of rows that are zero throughout: their history says nothing."""
    answered: NDArray[np.float32] = np.where(scores.any(axis=-1, keepdims=True), scores, prior)
    return answered


def damped_means(
    interactions: Interactions, damping: float
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Every film's mean rating drawn towards the global mean, and its number of ratings.

    Args:
        interactions: without any, the middle of the scale is the mean.
        damping: how many ratings of the global mean each film is given.

    Returns:
        `float32[n_items]` in stars, and `int64[n_items]`.
    """
    n_items = interactions.n_items
    middle = sum(interactions.scale) / 2
    overall = float(interactions.values.mean(dtype=np.float64)) if len(interactions) else middle
    counts = np.bincount(interactions.items, minlength=n_items)
    sums = np.bincount(interactions.items, weights=interactions.values, minlength=n_items)
    means = (sums + damping * overall) / np.maximum(counts + damping, 1e-9)
    return np.where(counts + damping > 0, means, overall).astype(np.float32), counts


def damped_popularity(
    interactions: Interactions, damping: float = POPULARITY_DAMPING
) -> NDArray[np.float32]:
    """What is best for a stranger: the damped mean times how many rated it, `float32[n_items]`."""
    means, counts = damped_means(interactions, damping)
    return (means * counts).astype(np.float32)
