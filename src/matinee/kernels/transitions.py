"""Sums over sequences for a regression of every next item on decayed blocks of the past."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["Sequences", "transition_sums"]

_SHARDS = 64
"""Every 64th item is one thread's: popular items cost most and are often neighbours."""
_NEGLIGIBLE = 1e-9
"""Weights below this are 0: walks end there, and no product becomes denormal, which is slow."""


class Sequences(NamedTuple):
    """Items of users in order, and how their weight falls from one place to the next.

    Attributes:
        starts: `int64[n_users + 1]`, the first place of each user.
        items: `int32[n]`, the item at each place.
        weights: `float64[n]`, what the item adds to the past of later places.
        targets: `float64[n]`, weight of the place as a row of the regression.
        decays: `float64[n, k]`: the past as far as the previous place is multiplied by this when
            the item of this place joins it. At the first place of a user they have no effect.
    """

    starts: NDArray[np.int64]
    items: NDArray[np.int32]
    weights: NDArray[np.float64]
    targets: NDArray[np.float64]
    decays: NDArray[np.float64]


def transition_sums(
    sequences: Sequences, inputs: NDArray[np.integer], n_items: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The Gram matrix of the decayed past, and its products with the next item.

    The past before place `t` is `s_t = e(t - 1) + d_(t-1) s_(t-1)` for each block, with `e` the
    weighted unit vector of an item among the inputs, and `d` the decay; `y_t` is the unit vector of
    the item at place `t`. With the blocks one below the other, these are the sums over all places
    of `target s_t s_t'` and of `target s_t y_t'`.

    Args:
        sequences: `k` blocks.
        inputs: distinct items that have a row in each block of the past.
        n_items: number of items.

    Returns:
        `float32[k n_inputs, k n_inputs]`, zero below the diagonal, and
        `float32[k n_inputs, n_items]`.
    """
    size = sequences.decays.shape[1] * len(inputs)
    rows = np.full(n_items, -1, dtype=np.int32)
    rows[inputs] = np.arange(len(inputs))
    row_of_place = rows[sequences.items]
    order = np.argsort(row_of_place, kind="stable")
    starts = np.searchsorted(row_of_place[order], np.arange(len(inputs) + 1))
    ahead = np.empty((*sequences.decays.shape, sequences.decays.shape[1]))
    _accumulate_ahead(sequences, ahead)
    gram = np.zeros((size, size), dtype=np.float32)
    cross = np.empty((size, n_items), dtype=np.float32)
    _sum_rows(sequences, (starts, order), rows, ahead, gram, cross)
    return gram, cross


@compiled()
def _accumulate_ahead(sequences: Sequences, ahead: NDArray[np.float64]) -> None:
    """Fills in what a unit of weight at each place contributes to the Gram matrix later on.

    For blocks `k` and `m` the sum over the later places `t` of their target times both decayed
    units is `ahead[a, k, m] = target[a + 1] + d_k d_m ahead[a + 1, k, m]`, with the decays `d` of
    place `a + 1`.

    Args:
        sequences: `n` places, `k` blocks.
        ahead: `float64[n, k, k]`, overwritten.
    """
    starts, _, _, targets, decays = sequences
    blocks = decays.shape[1]
    for user in range(len(starts) - 1):
        for place in range(starts[user + 1] - 1, starts[user] - 1, -1):
            last = place == starts[user + 1] - 1
            for k in range(blocks):
                for m in range(blocks):
                    later = 0.0
                    if not last:
                        step = decays[place + 1, k] * decays[place + 1, m]
                        later = targets[place + 1] + step * ahead[place + 1, k, m]
                    ahead[place, k, m] = later if later > _NEGLIGIBLE else 0.0


@compiled(parallel=True)
def _sum_rows(
    sequences: Sequences,
    places: tuple[NDArray[np.int64], NDArray[np.int64]],
    rows: NDArray[np.int32],
    ahead: NDArray[np.float64],
    gram: NDArray[np.floating],
    cross: NDArray[np.floating],
) -> None:
    """Fills in what `transition_sums` returns.

    A pair of places is read twice instead of adding to two rows, so that each row is one thread's
    and is summed in the nearest cache.

    Args:
        sequences: `n` places, `k` blocks.
        places: where each input is: `int64[n_inputs + 1]`, starts, and `int64[...]`, places.
        rows: `int32[n_items]`, the row of an item among the inputs, -1 for none.
        ahead: `float64[n, k, k]`, see `_accumulate_ahead`.
        gram: `float[k n_inputs, k n_inputs]`; below the diagonal it is left as it is.
        cross: `float[k n_inputs, n_items]`, overwritten.
    """
    starts, _, _, _, decays = sequences
    blocks, n_inputs = decays.shape[1], len(places[0]) - 1
    for shard in numba.prange(_SHARDS):
        products = np.empty((blocks, blocks, n_inputs))
        nexts = np.empty((blocks, cross.shape[1]))
        left = np.empty(blocks)
        for row in range(shard, n_inputs, _SHARDS):
            products[:] = 0.0
            nexts[:] = 0.0
            for entry in range(places[0][row], places[0][row + 1]):
                place = places[1][entry]
                user = np.searchsorted(starts, place, side="right") - 1
                _add_earlier(sequences, starts[user], place, rows, ahead, left, products)
                _add_later(sequences, starts[user + 1], place, rows, ahead, left, products, nexts)
            for k in range(blocks):
                place = k * n_inputs + row
                cross[place] = nexts[k]
                gram[place, place : (k + 1) * n_inputs] = products[k, k, row:]
                for m in range(k + 1, blocks):
                    gram[place, m * n_inputs : (m + 1) * n_inputs] = products[k, m]


@compiled()
def _add_earlier(
    sequences: Sequences,
    start: int,
    place: int,
    rows: NDArray[np.int32],
    ahead: NDArray[np.float64],
    left: NDArray[np.float64],
    products: NDArray[np.float64],
) -> None:
    """Adds the products of the item of a place with itself and with the items before it."""
    _, items, weights, _, decays = sequences
    blocks = decays.shape[1]
    left[:] = weights[place]
    for other in range(place, start - 1, -1):
        row = np.int64(rows[items[other]])
        if row >= 0:
            for m in range(blocks):
                weight = left[m] * weights[other]
                for k in range(m + 1):
                    products[k, m, row] += weight * ahead[place, k, m]
        for m in range(blocks):
            left[m] *= decays[other, m]
        _drop_negligible(left)
        if not left.any():
            return


@compiled()
def _add_later(
    sequences: Sequences,
    end: int,
    place: int,
    rows: NDArray[np.int32],
    ahead: NDArray[np.float64],
    left: NDArray[np.float64],
    products: NDArray[np.float64],
    nexts: NDArray[np.float64],
) -> None:
    """Adds the products of the item of a place with the items after it, and those as the next."""
    _, items, weights, targets, decays = sequences
    blocks = decays.shape[1]
    left[:] = weights[place]
    for other in range(place + 1, end):
        row = np.int64(rows[items[other]])
        for k in range(blocks):
            nexts[k, items[other]] += left[k] * targets[other]
            left[k] *= decays[other, k]
        _drop_negligible(left)
        if not left.any():
            return
        if row >= 0:
            for k in range(blocks):
                weight = left[k] * weights[other]
                for m in range(k, blocks):
                    products[k, m, row] += weight * ahead[other, k, m]


@compiled()
def _drop_negligible(left: NDArray[np.float64]) -> None:
    for k in range(len(left)):
        if abs(left[k]) < _NEGLIGIBLE:
            left[k] = 0.0
