"""Chance: the floor of every comparison."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from matinee.data import Catalog, Histories, Interactions
from matinee.models import Model

__all__ = ["Random"]

_BITS = 24
"""Bits of a score: as many as `float32` keeps apart."""
_BLOCK = 2**20
"""Scores computed at a time, 4 MiB."""


class Random(Model):
    """Every viewer's films in random order: what a ranking reaches without any knowledge.

    The order is a hash of the seed and of the films of the history, so the same history has the
    same list again. Other viewers have other lists.
    """

    learns: ClassVar[bool] = False

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        self.arrays["key"] = rng.integers(2**32, size=1, dtype=np.uint32)
        nobody = np.zeros(1, dtype=np.uint32)
        self.arrays["prior"] = self._order(nobody, interactions.n_items)[0]
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        seen = _mixed(histories.items.astype(np.uint32) + np.uint32(1))
        sums = np.concatenate([np.zeros(1, dtype=np.uint32), np.cumsum(seen, dtype=np.uint32)])
        viewers = sums[histories.starts[1:]] - sums[histories.starts[:-1]]
        return self._order(viewers, histories.n_items)

    def _order(self, viewers: NDArray[np.uint32], n_items: int) -> NDArray[np.float32]:
        """`float32[n, n_items]` in [0, 1) from one number a viewer, `uint32[n]`."""
        scores = np.empty((len(viewers), n_items), dtype=np.float32)
        starts = _mixed(viewers ^ self.arrays["key"])
        items = _mixed(np.arange(n_items, dtype=np.uint32) + np.uint32(1))
        step = max(1, _BLOCK // max(1, n_items))
        for first in range(0, len(viewers), step):
            rows = slice(first, first + step)
            bits = _mixed(starts[rows, None] ^ items) >> np.uint32(32 - _BITS)
            scores[rows] = bits * np.float32(2.0**-_BITS)
        return scores


def _mixed(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A hash of each number in which every bit depends on all (MurmurHash3, Appleby 2011)."""
    mixed = numbers ^ (numbers >> np.uint32(16))
    for factor, shift in ((0x85EBCA6B, 13), (0xC2B2AE35, 16)):
        mixed *= np.uint32(factor)
        mixed ^= mixed >> np.uint32(shift)
    return mixed
