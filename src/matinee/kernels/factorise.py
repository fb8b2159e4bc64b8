"""Biased matrix factorisation by stochastic gradient descent."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["descend", "strata"]


def strata(
    users: NDArray[np.int32],
    items: NDArray[np.int32],
    shape: tuple[int, int],
    parts: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """An order of the ratings in which some of them can be learned from at the same time.

    Users and items are dealt at random into `parts` groups each. Blocks of ratings whose groups
    differ on both sides touch different factors, so their threads cannot disturb each other and
    the result does not depend on how many there are (Gemulla et al. 2011, "Large-scale matrix
    factorization with distributed stochastic gradient descent").

    Args:
        users: `int32[n]`, one a rating.
        items: `int32[n]`.
        shape: number of users and of items.
        parts: groups on each side.
        rng: deals the groups and shuffles the ratings of a block.

    Returns:
        `int64[n]`, the positions of the ratings block by block, and `int64[parts**2 + 1]`, where
        the blocks start; block `(user group, item group)` is number `group * parts + item group`.
    """
    user_groups = rng.permutation(shape[0]) % parts
    item_groups = rng.permutation(shape[1]) % parts
    shuffled = rng.permutation(len(users))
    blocks = user_groups[users[shuffled]] * parts + item_groups[items[shuffled]]
    order = shuffled[np.argsort(blocks.astype(np.int16), kind="stable")]
    starts = np.zeros(parts**2 + 1, dtype=np.int64)
    np.cumsum(np.bincount(blocks, minlength=parts**2), out=starts[1:])
    return order, starts


@compiled(parallel=True)
def descend(
    users: NDArray[np.int32],
    items: NDArray[np.int32],
    residuals: NDArray[np.float32],
    starts: NDArray[np.int64],
    user_biases: NDArray[np.float32],
    item_biases: NDArray[np.float32],
    user_factors: NDArray[np.float32],
    item_factors: NDArray[np.float32],
    epochs: int,
    rate: np.float32,
    l2: np.float32,
) -> None:
    """Changes biases and factors in place, one step along the gradient a rating and epoch.

    Args:
        users: `int32[n]`, in the order of `strata`.
        items: `int32[n]`.
        residuals: `float32[n]`, rating minus global mean.
        starts: `int64[parts**2 + 1]`, where the blocks of `strata` start.
        user_biases: `float32[n_users]`.
        item_biases: `float32[n_items]`.
        user_factors: `float32[n_users, factors]`.
        item_factors: `float32[n_items, factors]`.
        epochs: times to go through all ratings.
        rate: learning rate.
        l2: penalty of biases and factors at each step.
    """
    parts = int(np.sqrt(len(starts) - 1))
    factors = user_factors.shape[1]
    keep = np.float32(1) - rate * l2
    for step in range(epochs * parts):
        for part in numba.prange(parts):
            block = part * parts + (part + step) % parts
            for n in range(starts[block], starts[block + 1]):
                user, item = users[n], items[n]
                of_user, of_item = user_factors[user], item_factors[item]
                predicted = user_biases[user] + item_biases[item]
                for k in range(factors):
                    predicted += of_user[k] * of_item[k]
                move = rate * (residuals[n] - predicted)
                user_biases[user] = keep * user_biases[user] + move
                item_biases[item] = keep * item_biases[item] + move
                for k in range(factors):
                    before = of_user[k]
                    of_user[k] = keep * before + move * of_item[k]
                    of_item[k] = keep * of_item[k] + move * before
