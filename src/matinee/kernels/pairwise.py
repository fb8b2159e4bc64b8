"""Item-item factors from pairwise ranking: likes above other items."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["learn_pairs"]

Factors = NDArray[np.float32]


@compiled()
def learn_pairs(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    weights: NDArray[np.float32],
    history_factors: Factors,
    item_factors: Factors,
    epochs: int,
    rate: np.float32,
    l2: np.float32,
    negatives: int,
    seed: np.uint64,
) -> None:
    """Changes both sets of factors in place, one gradient step per like and epoch.

    A user with likes `H` is `|H|^-1/2 * sum of history_factors over H`. Each like in turn is left
    out of the history, which then scores it and some items drawn at random. The loss is
    `-log sigmoid` of the like's score minus the highest of theirs. Each epoch shuffles the users,
    and the rate falls linearly to 0.

    A step moves the history factors of all other likes by the same vector. These moves are summed
    in `shift` and added after the user's last like, so a like costs the same in a long history as
    in a short one. The steps are exact but for the penalty of history factors, which is also
    applied at the end.

    One thread, because every step reads what the last one wrote.

    Args:
        indptr: `int32[n + 1]`, likes by user; users with a single like are skipped.
        indices: `int32[nnz]`, their items.
        weights: `float32[n]`, factor of each user's steps.
        history_factors: `float32[n_items, f]`, factors of items as part of a history.
        item_factors: `float32[n_items, f]`, factors of items as candidates.
        epochs: passes over all likes.
        rate: learning rate of the first epoch.
        l2: penalty at each step.
        negatives: items drawn per like; those the user likes are skipped and count.
        seed: not 0.
    """
    state = np.empty(1, dtype=np.uint64)
    state[0] = seed
    order = np.arange(len(indptr) - 1).astype(np.int32)
    liked_by = np.full(len(item_factors), -1, dtype=np.int32)
    total = np.empty(item_factors.shape[1], dtype=np.float32)
    shift, user = np.empty_like(total), np.empty_like(total)
    for epoch in range(epochs):
        _shuffle(order, state)
        pace = rate * np.float32((epochs - epoch) / epochs)
        keep = np.float32(1) - pace * l2
        for row in order:
            own = indices[indptr[row] : indptr[row + 1]]
            if len(own) < 2:
                continue  # without the like the history is empty
            _add_up(own, row, history_factors, liked_by, total, shift)
            others = np.float32(len(own) - 1)
            scale = np.float32(1) / np.sqrt(others)
            for like in own:
                of_like = history_factors[like]
                for k in range(len(total)):
                    user[k] = scale * (total[k] - of_like[k] - shift[k])
                rival, height = _highest(user, item_factors, liked_by, row, negatives, state)
                if rival < 0:
                    continue
                better, worse = item_factors[like], item_factors[rival]
                lead = _dot(user, better) - height
                move = pace * weights[row] / (np.float32(1) + np.exp(lead))
                for k in range(len(total)):
                    step = scale * move * (better[k] - worse[k])
                    better[k] = keep * better[k] + move * user[k]
                    worse[k] = keep * worse[k] - move * user[k]
                    of_like[k] -= step
                    shift[k] += step
                    total[k] += others * step
            for like in own:
                of_like = history_factors[like]
                for k in range(len(total)):
                    of_like[k] = keep * (of_like[k] + shift[k])


@compiled()
def _add_up(
    own: NDArray[np.int32],
    row: np.int32,
    history_factors: Factors,
    liked_by: NDArray[np.int32],
    total: NDArray[np.float32],
    shift: NDArray[np.float32],
) -> None:
    """Starts a user: marks and sums their likes, and clears `shift`."""
    total[:] = 0
    shift[:] = 0
    for like in own:
        liked_by[like] = row
        for k in range(len(total)):
            total[k] += history_factors[like, k]


@compiled()
def _highest(
    user: NDArray[np.float32],
    item_factors: Factors,
    liked_by: NDArray[np.int32],
    row: np.int32,
    negatives: int,
    state: NDArray[np.uint64],
) -> tuple[np.int64, np.float32]:
    """Draws items at random; the best-scoring one that is not liked, or -1, and its score."""
    rival, height = np.int64(-1), np.float32(-np.inf)
    for _ in range(negatives):
        item = _draw(len(item_factors), state)
        if liked_by[item] == row:
            continue
        score = _dot(user, item_factors[item])
        if score > height:
            rival, height = item, score
    return rival, height


@compiled()
def _dot(left: NDArray[np.float32], right: NDArray[np.float32]) -> np.float32:
    total = np.float32(0)
    for k in range(len(left)):
        total += left[k] * right[k]
    return total


@compiled()
def _shuffle(order: NDArray[np.int32], state: NDArray[np.uint64]) -> None:
    for last in range(len(order) - 1, 0, -1):
        other = _draw(last + 1, state)
        order[last], order[other] = order[other], order[last]


@compiled()
def _draw(bound: int, state: NDArray[np.uint64]) -> np.int64:
    """A number below `bound`: the upper half of xorshift64, scaled (Marsaglia 2003, Lemire 2019).

    NumPy's generators take longer than the score of an item.
    """
    word = state[0]
    word ^= word << np.uint64(13)
    word ^= word >> np.uint64(7)
    word ^= word << np.uint64(17)
    state[0] = word
    return np.int64(((word >> np.uint64(32)) * np.uint64(bound)) >> np.uint64(32))
