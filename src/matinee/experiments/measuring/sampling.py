"""Ranks targets among a few random films instead of all: fast, often published, and unreliable.

The results estimate something else than full ranking, and can reverse the order of two models
(Krichene and Rendle, "On sampled metrics for item recommendation", KDD 2020).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data.splits import Split

__all__ = ["WARNING", "sampled"]

WARNING = "sampled candidates: not comparable with full ranking (Krichene & Rendle 2020)"


def sampled(split: Split, n: int) -> Split:
    """The split with each user's targets ranked among n other items.

    The others are drawn without replacement from the ranked non-targets; all of them if there are
    fewer than n. The user's row is the seed, so every model and list length ranks the same items.

    Args:
        split: any split of a ranking protocol.
        n: number of items beside the targets, at least 1.
    """
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
