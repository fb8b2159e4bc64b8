"""Item-item factors learned from pairs: what a viewer liked before what they did not."""

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
    """Changes both kinds of factors in place, one step along the gradient a like and epoch.

    A viewer with likes `H` is `|H|^-1/2 * sum of history_factors over H`. Each like in turn is left
    out of its own viewer, who then scores it and some films drawn at random. The step is that of
    `-log sigmoid` of how far the like is above the highest of those. Viewers come in another order
    each epoch, the rate falls in a straight line and would be 0 after the last.

    A step would move the history factors of all other likes by the same vector: it is put on one
    account, `shift`, and handed out when the viewer is through, so that a like costs the same in a
    long history as in a short one, and the steps are still those taken one by one. Only the
    penalty of history factors waits for the end as well.

    One thread: every step reads what the last one wrote.

    Args:
        indptr: `int32[n + 1]`, likes by viewer; whoever has one alone is passed over.
        indices: `int32[nnz]`, their films.
        weights: `float32[n]`, by what the steps of a viewer are multiplied.
        history_factors: `float32[n_items, f]`, what a film says about who liked it.
        item_factors: `float32[n_items, f]`, what a film has to offer.
        epochs: times to go through all likes.
        rate: learning rate of the first epoch.
        l2: penalty at each step.
        negatives: films drawn a like; those the viewer likes are put back and count as drawn.
        seed: not 0.
    """
    state = np.empty(1, dtype=np.uint64)
    state[0] = seed
    order = np.arange(len(indptr) - 1).astype(np.int32)
    liked_by = np.full(len(item_factors), -1, dtype=np.int32)
    total = np.empty(item_factors.shape[1], dtype=np.float32)
    shift, viewer = np.empty_like(total), np.empty_like(total)
    for epoch in range(epochs):
        _shuffle(order, state)
        pace = rate * np.float32((epochs - epoch) / epochs)
        keep = np.float32(1) - pace * l2
        for row in order:
            own = indices[indptr[row] : indptr[row + 1]]
            if len(own) < 2:
                continue  # nothing is left where the like is left out
            _add_up(own, row, history_factors, liked_by, total, shift)
            others = np.float32(len(own) - 1)
            scale = np.float32(1) / np.sqrt(others)
            for like in own:
                of_like = history_factors[like]
                for k in range(len(total)):
                    viewer[k] = scale * (total[k] - of_like[k] - shift[k])
                rival, height = _highest(viewer, item_factors, liked_by, row, negatives, state)
                if rival < 0:
                    continue
                better, worse = item_factors[like], item_factors[rival]
                lead = _dot(viewer, better) - height
                move = pace * weights[row] / (np.float32(1) + np.exp(lead))
                for k in range(len(total)):
                    step = scale * move * (better[k] - worse[k])
                    better[k] = keep * better[k] + move * viewer[k]
                    worse[k] = keep * worse[k] - move * viewer[k]
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
    """Begins with a viewer: marks their likes, sums them up, empties the account."""
    total[:] = 0
    shift[:] = 0
    for like in own:
        liked_by[like] = row
        for k in range(len(total)):
            total[k] += history_factors[like, k]


@compiled()
def _highest(
    viewer: NDArray[np.float32],
    item_factors: Factors,
    liked_by: NDArray[np.int32],
    row: np.int32,
    negatives: int,
    state: NDArray[np.uint64],
) -> tuple[np.int64, np.float32]:
    """The highest score among films drawn at random that are not liked, and whose it is, or -1."""
    rival, height = np.int64(-1), np.float32(-np.inf)
    for _ in range(negatives):
        film = _draw(len(item_factors), state)
        if liked_by[film] == row:
            continue
        score = _dot(viewer, item_factors[film])
        if score > height:
            rival, height = film, score
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

    NumPy's generators are as good and take longer than a film's score does.
    """
    word = state[0]
    word ^= word << np.uint64(13)
    word ^= word >> np.uint64(7)
    word ^= word << np.uint64(17)
    state[0] = word
    return np.int64(((word >> np.uint64(32)) * np.uint64(bound)) >> np.uint64(32))
