"""Turns scores into ranked lists, in the same way for every model.

Seen items are never ranked. Among equal scores non-targets come first, then targets with lower
ratings, so constant scores give the worst possible result. Remaining ties go by row.

Each score becomes one integer that encodes this order, highest first:

    score (32 bits) | level: highest for non-targets, lower for higher ratings | reversed row

so that a plain sort gives the whole ranking, exact and equal on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import rows_of

__all__ = [
    "LONGEST_LIST",
    "RankedLists",
    "ideal_gains",
    "listed_in",
    "ranked_lists",
    "target_gains",
]

LONGEST_LIST = 1000
"""The most films of a list that is measured."""
_SCORE_BITS = 32
_NEVER = np.iinfo(np.int64).min
_KEYS_AT_ONCE = 2**19
"""4 MiB of keys, which fit into the processor's cache while they are sorted."""


@dataclass(frozen=True, eq=False)
class RankedLists:
    """The first k items of every user.

    Attributes:
        items: `int32[n, k]`, rows of the catalogue, best first; -1 pads short lists.
        hits: `bool[n, k]`, whether the item is a target.
        gains: `float32[n, k]`, the rating of a target, else 0.
        positions: `int64[t]`, rank of every stored target among all unseen items, from 1; empty if
            not computed. A seen target ranks last.
        test_scores: `float32[j]`, scores of the films that users rated in the test, in the order of
            `Split.judgements`; empty if not asked for.
    """

    items: NDArray[np.int32]
    hits: NDArray[np.bool_]
    gains: NDArray[np.float32]
    positions: NDArray[np.int64]
    test_scores: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, dtype=np.float32))

    def __repr__(self) -> str:
        return f"RankedLists of {self.items.shape[1]} films for {self.items.shape[0]:,} viewers"

    @classmethod
    def joined(cls, parts: list[RankedLists]) -> RankedLists:
        """The lists of several batches of users, concatenated."""
        names = [each.name for each in fields(cls)]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def ranked_lists(
    scores: NDArray[np.float32],
    targets: sp.csr_array,
    seen: sp.csr_array,
    k: int,
    *,
    positions: bool = False,
) -> RankedLists:
    """The k best unseen items of every user, with ties counted against the model.

    Args:
        scores: `float32[n, n_items]` without NaN; not changed.
        targets: `float32[n, n_items]`, ratings of the items to find.
        seen: `float32[n, n_items]`, items to leave out; only the pattern counts.
        k: length of the lists.
        positions: whether to compute the rank of every target as well.
    """
    n, n_items = scores.shape
    step = max(1, _KEYS_AT_ONCE // max(1, n_items))
    # the rank of each target's rating, from 1; beyond some thousands the rest share a level
    levels = np.unique(targets.data, return_inverse=True)[1].astype(np.int64) + 1
    items = np.full((n, k), -1, dtype=np.int32)
    hits = np.zeros((n, k), dtype=np.bool_)
    for start in range(0, n, step):
        batch = slice(start, min(start + step, n))
        entries = slice(targets.indptr[batch.start], targets.indptr[batch.stop])
        keys = _keys(scores[batch], targets[batch], levels[entries], seen[batch])
        if k < n_items:
            keys.partition(n_items - k, axis=1)
            keys = keys[:, n_items - k :]
        best = np.sort(keys, axis=1)[:, ::-1]
        ranked = best != _NEVER
        rank = slice(best.shape[1])
        row_bits, top = _row_bits(n_items), _top_level(n_items)
        items[batch, rank] = np.where(ranked, n_items - 1 - (best & ((1 << row_bits) - 1)), -1)
        hits[batch, rank] = ranked & (((best >> row_bits) & top) < top)
    ranks = np.empty(targets.nnz if positions else 0, dtype=np.int64)
    if positions:
        from matinee.kernels.compiled import csr  # noqa: PLC0415  brings numba
        from matinee.kernels.positions import target_positions  # noqa: PLC0415  the same

        target_positions(scores, csr(targets), csr(seen), ranks)
    return RankedLists(items, hits, target_gains(targets, items, hits), ranks)


def ideal_gains(targets: sp.csr_array, k: int) -> NDArray[np.float32]:
    """`float32[n, k]`: each user's highest target ratings, best first, then 0."""
    users = rows_of(targets)
    order = np.lexsort((-targets.data, users))
    ranks = np.arange(targets.nnz) - targets.indptr[users]
    inside = ranks < k
    ideal = np.zeros((targets.shape[0], k), dtype=np.float32)
    ideal[users[inside], ranks[inside]] = targets.data[order][inside]
    return ideal


def _keys(
    scores: NDArray[np.float32],
    targets: sp.csr_array,
    levels: NDArray[np.int64],
    seen: sp.csr_array,
) -> NDArray[np.int64]:
    n_items = scores.shape[1]
    row_bits = _row_bits(n_items)
    bits = (scores + np.float32(0)).view(np.int32)  # adding 0 makes -0.0 equal to 0.0
    # IEEE floats sort like integers after the lower bits of negative ones are inverted
    ordered = bits ^ ((bits >> 31) & np.int32(0x7FFFFFFF))
    keys = ordered.astype(np.int64) << _SCORE_BITS
    keys += (_top_level(n_items) << row_bits) + np.arange(n_items)[::-1]
    lowered = np.minimum(levels, _top_level(n_items)) << row_bits
    keys[rows_of(targets), targets.indices] -= lowered
    keys[rows_of(seen), seen.indices] = _NEVER
    return keys


def target_gains(
    targets: sp.csr_array, items: NDArray[np.int32], hits: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """`float32[n, k]`: the rating of the target at each rank, else 0."""
    n_items = targets.shape[1]
    stored = rows_of(targets) * n_items + targets.indices
    order = np.argsort(stored)
    at_hits = np.nonzero(hits)[0] * n_items + items[hits]
    gains = np.zeros(items.shape, dtype=np.float32)
    gains[hits] = targets.data[order[np.searchsorted(stored, at_hits, sorter=order)]]
    return gains


def listed_in(
    items: NDArray[np.int32], films: sp.csr_array, *, block_bytes: int = 2**24
) -> NDArray[np.bool_]:
    """`bool[n, k]`: whether `films[n, n_items]` has an entry for each item of the lists.

    A table of marks is filled in for some users at a time; -1 is no item.
    """
    n, n_items = films.shape
    hits = np.zeros(items.shape, dtype=np.bool_)
    step = max(1, block_bytes // (n_items + 1))
    marks = np.zeros((min(step, n), n_items + 1), dtype=np.bool_)  # the last column is for -1
    for start in range(0, n, step):
        rows = slice(start, min(start + step, n))
        block = films[rows]
        users = rows_of(block)
        marks[users, block.indices] = True
        hits[rows] = np.take_along_axis(marks[: block.shape[0]], items[rows], axis=1)
        marks[users, block.indices] = False
    return hits


def _row_bits(n_items: int) -> int:
    return max(1, n_items - 1).bit_length()


def _top_level(n_items: int) -> int:
    return int((1 << (_SCORE_BITS - _row_bits(n_items))) - 1)
