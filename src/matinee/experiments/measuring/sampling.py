"""Ranks targets among a few random films instead of all: fast, often published, and unreliable.

The results estimate something else than full ranking, and can reverse the order of two models
(Krichene and Rendle, "On sampled metrics for item recommendation", KDD 2020).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from matinee.data.splits import Split

__all__ = ["WARNING", "sampled"]

WARNING = "sampled candidates: not comparable with full ranking (Krichene & Rendle 2020)"


def sampled(split: Split, n: int) -> Split:
    """The split with each user's targets ranked among n other items.

    The others are drawn without replacement from the ranked non-targets; all of them if there are
    fewer than n. The user's row is the seed, so every model and list length ranks the same items.
    """
    targets = split.targets
    chosen = []
    for row, user in enumerate(split.users.tolist()):
        own = targets.indices[targets.indptr[row] : targets.indptr[row + 1]]
        never = split.unranked(slice(row, row + 1)).indices
        order = np.random.default_rng(user).permutation(targets.shape[1])
        allowed = np.ones(len(order), dtype=np.bool_)
        allowed[own] = allowed[never] = False
        chosen.append(np.union1d(own, order[allowed[order]][:n]))
    bounds = np.cumsum([0, *map(len, chosen)])
    items = np.concatenate(chosen).astype(np.int32)
    ones = np.ones(len(items), dtype=np.float32)
    return replace(split, candidates=sp.csr_array((ones, items, bounds), shape=targets.shape))
