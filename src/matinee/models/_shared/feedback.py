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
    "require_likes",
    "single_row",
    "weighted_histories",
]

POPULARITY_DAMPING = 10.0
"""Ratings of the global mean that every film is given before its own are counted."""

_PART = 1 << 20
"""Ratings that are counted at once."""


def likes(interactions: Interactions, min_rating: float) -> sp.csr_array:
    """Ones where a viewer rated a film at least `min_rating`, `float32[n_users, n_items]`.

    Raises:
        InputError: nobody rated anything so high.
    """
    require_likes(interactions, min_rating)
    return liked_histories(interactions.matrix, min_rating)


def require_likes(interactions: Interactions, min_rating: float) -> None:
    """Nothing, where a rating is at least `min_rating`.

    Raises:
        InputError: nobody rated anything so high.
    """
    if not (interactions.values >= min_rating).any():
        raise InputError(
            f"none of the {len(interactions):,} ratings is {min_rating:g} or more, so there are "
            "no likes to learn from; lower min_rating or use a model that needs none (content)"
        )


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


def weighted_histories(histories: sp.csr_array, worth: NDArray[np.generic]) -> sp.csr_array:
    """What every rating is worth, the shape of `histories`, columns sorted; none where it is 0.

    Where nothing is left out, columns and worth are not copied: a hundred million of them take
    longer to write down than to learn from.

    Args:
        histories: `float32[n, n_items]`, ratings.
        worth: `[nnz]`, in the order they are stored; the caller has no other use for it.
    """
    films, starts = histories.indices, histories.indptr
    kept = worth != 0
    whole = bool(kept.all())
    if not whole:
        starts = np.concatenate([[0], np.cumsum(kept)])[starts]
        worth, films = worth[kept], films[kept]
    shared = whole and histories.has_sorted_indices
    matrix = sp.csr_array(
        (worth, films.astype(np.int32, copy=not shared), starts.astype(np.int32)),
        shape=histories.shape,
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
    counts, sums = np.zeros(n_items, dtype=np.int64), np.zeros(n_items)
    # a part at a time: NumPy makes copies of twice the bytes, which would be all of the memory
    for start in range(0, len(interactions), _PART):
        items = interactions.items[start : start + _PART].astype(np.int64)
        values = interactions.values[start : start + _PART]
        counts += np.bincount(items, minlength=n_items)
        sums += np.bincount(items, weights=values, minlength=n_items)
    means = (sums + damping * overall) / np.maximum(counts + damping, 1e-9)
    return np.where(counts + damping > 0, means, overall).astype(np.float32), counts


def damped_popularity(
    interactions: Interactions, damping: float = POPULARITY_DAMPING
) -> NDArray[np.float32]:
    """What is best for a stranger: the damped mean times how many rated it, `float32[n_items]`."""
    means, counts = damped_means(interactions, damping)
    return (means * counts).astype(np.float32)
