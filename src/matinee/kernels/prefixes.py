"""Similarity of histories to every beginning of the training users' sequences."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from matinee.kernels.compiled import compiled

__all__ = ["Prefixes", "divide_among_items", "score_next_items"]

_SHARDS = 64
_NEGLIGIBLE = 1e-9
"""Weights below this are 0."""


class Prefixes(NamedTuple):
    """Sequences of training users; each place but a first one ends a prefix, the places before it.

    Attributes:
        starts: `int64[n_users + 1]`, the first place of each user.
        items: `int32[n]`, the item at each place.
        session: `float32[n]`, decay of the session vector at each place, see `Sequences`.
        long: `float32[1]`, decay of the long vector.
        rarity: `float32[n_items]`, weight of an item in all vectors.
    """

    starts: NDArray[np.int64]
    items: NDArray[np.int32]
    session: NDArray[np.float32]
    long: NDArray[np.float32]
    rarity: NDArray[np.float32]


@compiled(parallel=True)
def score_next_items(
    prefixes: Prefixes,
    starts: NDArray[np.int32],
    items: NDArray[np.int32],
    vectors: NDArray[np.float32],
    scores: NDArray[np.float32],
) -> None:
    """Fills in the similarity of each history to the prefixes before each item, added up.

    It is the cosine of the session vectors to the power of 1.5 times the squared cosine of the long
    vectors. One pass over all places keeps both products and both squared lengths of the current
    prefix, each of which falls with a decay and grows with an item, since no item comes twice.

    Args:
        prefixes: of the training users.
        starts: `int32[m + 1]`, the first entry of each history.
        items: `int32[nnz]`, items of the histories.
        vectors: `float32[nnz, 2]`, session and long vector of each history, of length 1 and times
            the rarity; not negative.
        scores: `float32[m, n_items]`, overwritten.
    """
    n_items = scores.shape[1]
    for shard in numba.prange(_SHARDS):
        vector = np.zeros((n_items, 2))
        sums = np.empty(n_items)
        for row in range(shard, len(scores), _SHARDS):
            for entry in range(starts[row], starts[row + 1]):
                vector[items[entry]] = vectors[entry]
            sums[:] = 0.0
            _add_prefixes(prefixes, vector, sums)
            scores[row] = sums
            for entry in range(starts[row], starts[row + 1]):
                vector[items[entry]] = 0.0


@compiled()
def _add_prefixes(
    prefixes: Prefixes, vector: NDArray[np.float64], sums: NDArray[np.float64]
) -> None:
    starts, items, session, long, rarity = prefixes
    for user in range(len(starts) - 1):
        near, far, near_square, far_square = 0.0, 0.0, 0.0, 0.0
        for place in range(starts[user], starts[user + 1]):
            item = items[place]
            if near > _NEGLIGIBLE and far > _NEGLIGIBLE:
                sums[item] += near * _over_product(near, far, near_square, far_square)
            decay, weight = np.float64(session[place]), np.float64(rarity[item])
            near = near * decay + vector[item, 0]
            far = far * long[0] + vector[item, 1]
            near_square = near_square * decay * decay + weight * weight
            far_square = far_square * long[0] * long[0] + weight * weight


@compiled()
def divide_among_items(
    prefixes: Prefixes,
    columns: NDArray[np.int32],
    rows: NDArray[np.int32],
    vector: NDArray[np.float64],
    parts: NDArray[np.float64],
) -> None:
    """Fills in the part of each score that each item of one history adds.

    An item adds its product to the session's cosine, and gets that share of the similarity.

    Args:
        prefixes: of the training users.
        columns: `int32[n_items]`, place of an item in the history, -1 for none.
        rows: `int32[n_items]`, row of `parts` for a scored item, -1 for none.
        vector: `float64[n_items, 2]`, the history as in `score_next_items`, 0 elsewhere.
        parts: `float64[m, nnz]`, zeros.
    """
    starts, items, session, long, rarity = prefixes
    for user in range(len(starts) - 1):
        near, far, near_square, far_square = 0.0, 0.0, 0.0, 0.0
        for place in range(starts[user], starts[user + 1]):
            item = items[place]
            row = rows[item]
            if row >= 0 and near > _NEGLIGIBLE and far > _NEGLIGIBLE:
                value = _over_product(near, far, near_square, far_square)
                left = value
                for other in range(place - 1, starts[user] - 1, -1):
                    column = columns[items[other]]
                    if column >= 0:
                        parts[row, column] += left * vector[items[other], 0]
                    left *= session[other]
                    if left < _NEGLIGIBLE * value:
                        break
            decay, weight = np.float64(session[place]), np.float64(rarity[item])
            near = near * decay + vector[item, 0]
            far = far * long[0] + vector[item, 1]
            near_square = near_square * decay * decay + weight * weight
            far_square = far_square * long[0] * long[0] + weight * weight


@compiled()
def _over_product(near: float, far: float, near_square: float, far_square: float) -> float:
    """Similarity over the product of the session vectors, from products and squared lengths."""
    length = np.sqrt(near_square)
    return np.sqrt(near / length) * far * far / (length * far_square)
