"""Targets ranked among a few films instead of all: quick, often published, and unreliable.

What is measured this way is not what full ranking measures, and the order of two models can be the
opposite (Krichene and Rendle, "On sampled metrics for item recommendation", KDD 2020).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.splits import Split
from matinee.errors import OptionError

__all__ = ["WARNING", "sampled"]

WARNING = "sampled candidates: not comparable with full ranking (Krichene & Rendle 2020)"


def sampled(split: Split, n: int) -> Split:
    """The same split, where each viewer's targets are ranked among n others.

    The others are drawn without replacement from the films that are ranked and no targets; where
    there are fewer than n, all of them. The viewer's row is the seed, so that every model and
    every list length is given the same films.

    Args:
        split: any split whose films are ranked.
        n: films besides the targets.

    Raises:
        OptionError: n is not positive.
    """
    if n < 1:
        raise OptionError(f"candidates must be at least 1 film besides the targets, not {n}")
    targets = split.targets
    chosen = []
    for row, user in enumerate(split.users.tolist()):
        own = targets.indices[targets.indptr[row] : targets.indptr[row + 1]]
        never = split.unranked(slice(row, row + 1)).indices
        chosen.append(np.union1d(own, _others(targets.shape[1], own, never, n, seed=user)))
    bounds = np.cumsum([0, *map(len, chosen)])
    items = np.concatenate(chosen).astype(np.int32)
    ones = np.ones(len(items), dtype=np.float32)
    return replace(split, candidates=sp.csr_array((ones, items, bounds), shape=targets.shape))


def _others(
    n_items: int, own: NDArray[np.integer], never: NDArray[np.integer], n: int, *, seed: int
) -> NDArray[np.int64]:
    order = np.random.default_rng(seed).permutation(n_items)
    allowed = np.ones(n_items, dtype=np.bool_)
    allowed[own] = allowed[never] = False
    return order[allowed[order]][:n]
