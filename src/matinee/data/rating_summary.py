"""Number and average of the ratings of every film."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matinee.data.interactions import Interactions

__all__ = ["RatingSummary"]

_HEAD = 2 / 3
"""Part of all ratings that the best-known films have together. On MovieLens it leaves films that
fewer than one viewer in thirty has rated, but hardly any that fewer than ten have."""


@dataclass(frozen=True, eq=False)
class RatingSummary:
    """What the viewers of some data said about each film, without who said it.

    Attributes:
        counts: `int32[n_items]`, number of ratings, or of viewers where the data are counts.
        means: `float32[n_items]`, average rating on the scale of the data; NaN without ratings, and
            for every film where the data are counts.
    """

    counts: NDArray[np.int32]
    means: NDArray[np.float32]

    @classmethod
    def of(cls, interactions: Interactions) -> RatingSummary:
        """The summary of ratings in which each viewer has each film once."""
        n = len(interactions.item_ids)
        counts = np.bincount(interactions.items, minlength=n).astype(np.int32)
        sums = np.bincount(interactions.items, interactions.values, minlength=n)
        means = np.full(n, np.nan, dtype=np.float32)
        if not interactions.counts:
            np.divide(sums, counts, out=means, where=counts > 0, casting="same_kind")
        return cls(counts, means)

    @cached_property
    def tail(self) -> NDArray[np.bool_]:
        """`bool[n_items]`: the rated films outside the short head.

        The short head is the most rated films that together have two thirds of all ratings. Films
        with equally many ratings are on the same side.
        """
        falling = np.sort(self.counts)[::-1]
        before = np.cumsum(falling) - falling
        head = falling[before < _HEAD * falling.sum(dtype=np.int64)]
        lowest = head[-1] if len(head) else 1
        return (self.counts > 0) & (self.counts < lowest)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """As arrays of an artefact."""
        return {"counts": self.counts, "means": self.means}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> RatingSummary | None:
        """From `to_arrays`, without copies; `None` if there are none."""
        return cls(arrays["counts"], arrays["means"]) if "counts" in arrays else None
