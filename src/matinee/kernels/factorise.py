"""Biased matrix factorisation by stochastic gradient descent."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["State", "Strata", "cache_lines", "descend", "stratify"]

State = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]
"""Biases of users and of items, `float32[n]`, and their factors, `float32[n, f]`."""

_PARTS = 8
"""Groups of users and of items, and so the most threads; the factors of a group fit the cache."""
_PARALLEL_FROM = 1_000_000
"""Ratings from which threads are used. Threads wait for each other after every round of blocks. On
idle cores 100,000 ratings gain a third, but on a busy machine, as in a retrain beside a running
site, such short rounds become many times slower."""
_WIDTH = 32
"""Factors per step of the loops in `descend`: two vectors of sixteen or four of eight. A remainder
takes smaller steps, down to single numbers: 100 factors take longer than 128."""
_LINE = 64
"""Bytes of a cache line; a vector across two of them is loaded twice."""


@dataclass(frozen=True, eq=False)
class Strata:
    """Ratings in blocks, some of which can be learned from at the same time.

    Users and items are assigned to random groups and numbered anew, group by group. Blocks whose
    groups differ on both sides touch different factors, so threads on them cannot disturb each
    other, and the result does not depend on the number of threads (Gemulla et al. 2011,
    "Large-scale matrix factorization with distributed stochastic gradient descent", KDD).

    Attributes:
        users: `int32[n]`, the user of each rating by new number, in the new order.
        items: `int32[n]`, the item of each rating, likewise.
        order: `int64[n]`, position of each rating in the original order.
        starts: `int64[parts**2 + 1]`, bounds of the blocks; the block of user group `g` and item
            group `h` is number `g * parts + h`.
        item_rows: `int32[n_items]`, the new number of every item.
    """

    users: NDArray[np.int32]
    items: NDArray[np.int32]
    order: NDArray[np.int64]
    starts: NDArray[np.int64]
    item_rows: NDArray[np.int32]


def stratify(
    users: NDArray[np.int32],
    items: NDArray[np.int32],
    shape: tuple[int, int],
    rng: np.random.Generator,
    parts: int = _PARTS,
) -> Strata:
    """Groups users and items at random and orders ratings by block, randomly within a block.

    Args:
        users: `int32[n]`, the user of each rating.
        items: `int32[n]`, the item of each rating.
        shape: number of users and of items.
        rng: draws the groups and shuffles the ratings.
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


def cache_lines(factors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Pads rows with zeros and aligns them with cache lines, which `descend` reads fastest.

    Zeros stay zeros, because their gradients are products with zeros of the other side.

    Args:
        factors: `float32[n, f]`.

    Returns:
        `float32[n, g]`, `g` the next multiple of 32, rows starting at cache lines.
    """
    n, width = len(factors), -(-factors.shape[1] // _WIDTH) * _WIDTH
    memory = np.zeros(n * width + _LINE // 4, dtype=np.float32)
    start = -memory.ctypes.data % _LINE // 4
    rows: NDArray[np.float32] = memory[start : start + n * width].reshape(n, width)
    rows[:, : factors.shape[1]] = factors
    return rows


@compiled(parallel=True)
def descend(
    users: NDArray[np.int32],
    items: NDArray[np.int32],
    residuals: NDArray[np.float32],
    starts: NDArray[np.int64],
    state: State,
    epochs: int,
    rate: np.float32,
    l2: np.float32,
) -> None:
    """Changes biases and factors in place, one step along the gradient a rating and epoch.

    Args:
        users: `int32[n]`, as `Strata` has them.
        items: `int32[n]`, the same.
        residuals: `float32[n]`, rating minus global mean.
        starts: `int64[parts**2 + 1]`, bounds of the blocks.
        state: biases and factors; these are best from `cache_lines`.
        epochs: passes over all ratings.
        rate: learning rate.
        l2: penalty of biases and factors at each step.
    """
    parts = int(np.sqrt(len(starts) - 1))
    for step in range(epochs * parts):
        if len(users) < _PARALLEL_FROM:
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
    state: State,
    rate: np.float32,
    l2: np.float32,
) -> None:
    """Learns from the block that is assigned to user group `part` in a step."""
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
