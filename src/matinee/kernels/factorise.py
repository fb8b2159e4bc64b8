"""Biased matrix factorisation by stochastic gradient descent."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["Strata", "deal", "descend", "whole_lines"]


_PARTS = 8
"""Groups of users and of items: as many threads can work at a time, and factors fit the cache."""


_WORTH_THREADS = 1_000_000
"""Ratings from which threads are used. They wait for each other after every round of blocks: with
the cores to themselves 100,000 ratings gain a third, but beside other work, as in a retrain on a
serving machine, such short rounds become many times slower."""


_WIDTH = 32
"""Factors that the loops of `descend` take in one go, two vectors of sixteen or four of eight. A
rest is worked off in smaller steps, down to one by one: 100 factors take longer than 128."""

_LINE = 64
"""Bytes of a cache line; a vector that lies across two of them is loaded twice."""


@dataclass(frozen=True, eq=False)
class Strata:
    """Ratings ordered so that some of them can be learned from at the same time.

    Users and items are dealt at random into groups of neighbouring new rows. Blocks of ratings
    whose groups differ on both sides touch different factors, so threads that work on them cannot
    disturb each other, and the result does not depend on how many there are (Gemulla et al. 2011,
    "Large-scale matrix factorization with distributed stochastic gradient descent", KDD).

    Attributes:
        users: `int32[n]`, new row of the user of each rating, in the new order.
        items: `int32[n]`, the same for its item.
        order: `int64[n]`, where each rating stood before.
        starts: `int64[parts**2 + 1]`, where the blocks start; the block of user group `g` and item
            group `h` is number `g * parts + h`.
        item_rows: `int32[n_items]`, the new row of every item.
    """

    users: NDArray[np.int32]
    items: NDArray[np.int32]
    order: NDArray[np.int64]
    starts: NDArray[np.int64]
    item_rows: NDArray[np.int32]


def deal(
    users: NDArray[np.int32],
    items: NDArray[np.int32],
    shape: tuple[int, int],
    rng: np.random.Generator,
    parts: int = _PARTS,
) -> Strata:
    """Strata of the given ratings; within a block their order is random.

    Args:
        users: `int32[n]`, one a rating.
        items: `int32[n]`.
        shape: number of users and of items.
        rng: deals the groups and shuffles the ratings.
        parts: groups on each side.
    """
    user_rows, item_rows = (rng.permutation(n).astype(np.int32) for n in shape)
    shuffled = rng.permutation(len(users))
    new_users, new_items = user_rows[users[shuffled]], item_rows[items[shuffled]]
    user_groups = new_users.astype(np.int64) * parts // max(shape[0], 1)
    item_groups = new_items.astype(np.int64) * parts // max(shape[1], 1)
    blocks = (user_groups * parts + item_groups).astype(np.int16)
    by_block = np.argsort(blocks, kind="stable")
    starts = np.zeros(parts**2 + 1, dtype=np.int64)
    np.cumsum(np.bincount(blocks, minlength=parts**2), out=starts[1:])
    return Strata(new_users[by_block], new_items[by_block], shuffled[by_block], starts, item_rows)


def whole_lines(factors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same factors with zeros added to each row, laid out as `descend` is quickest with.

    Zeros stay zeros: their gradient is that of the zeros of the other side.

    Args:
        factors: `float32[n, f]`.

    Returns:
        `float32[n, g]`, `g` the next multiple of 32, rows starting at cache lines.
    """
    n, width = len(factors), -(-factors.shape[1] // _WIDTH) * _WIDTH
    room = np.zeros(n * width + _LINE // 4, dtype=np.float32)
    start = -room.ctypes.data % _LINE // 4
    rows: NDArray[np.float32] = room[start : start + n * width].reshape(n, width)
    rows[:, : factors.shape[1]] = factors
    return rows


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
        users: `int32[n]`, as `Strata` has them.
        items: `int32[n]`, the same.
        residuals: `float32[n]`, rating minus global mean.
        starts: `int64[parts**2 + 1]`, where the blocks start.
        user_biases: `float32[n_users]`.
        item_biases: `float32[n_items]`.
        user_factors: `float32[n_users, factors]`, best from `whole_lines`.
        item_factors: `float32[n_items, factors]`, the same.
        epochs: times to go through all ratings.
        rate: learning rate.
        l2: penalty of biases and factors at each step.
    """
    parts = int(np.sqrt(len(starts) - 1))
    state = (user_biases, item_biases, user_factors, item_factors)
    for step in range(epochs * parts):
        if len(users) < _WORTH_THREADS:
            for part in range(parts):
                _descend_block(part, step, parts, users, items, residuals, starts, state, rate, l2)
        else:
            for part in numba.prange(parts):
                _descend_block(part, step, parts, users, items, residuals, starts, state, rate, l2)


@compiled()
def _descend_block(
    part: int,
    step: int,
    parts: int,
    users: NDArray[np.int32],
    items: NDArray[np.int32],
    residuals: NDArray[np.float32],
    starts: NDArray[np.int64],
    state: tuple[
        NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]
    ],
    rate: np.float32,
    l2: np.float32,
) -> None:
    """One pass over the block that user group `part` has its turn with in a step."""
    user_biases, item_biases, user_factors, item_factors = state
    block = part * parts + (part + step) % parts
    keep = np.float32(1) - rate * l2
    for n in range(starts[block], starts[block + 1]):
        user, item = users[n], items[n]
        of_user, of_item = user_factors[user], item_factors[item]
        predicted = user_biases[user] + item_biases[item]
        for k in range(len(of_user)):
            predicted += of_user[k] * of_item[k]
        move = rate * (residuals[n] - predicted)
        user_biases[user] = keep * user_biases[user] + move
        item_biases[item] = keep * item_biases[item] + move
        for k in range(len(of_user)):
            before = of_user[k]
            of_user[k] = keep * before + move * of_item[k]
            of_item[k] = keep * of_item[k] + move * before
