"""Metrics of lists from elsewhere, computed from the lists and the targets alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee import metrics
from matinee.data import rows_of
from matinee.errors import InputError, UnknownNameError
from matinee.experiments.measuring.ranking import ideal_gains, target_gains

__all__ = ["measure_lists"]

_INPUTS = frozenset({"items", "hits", "gains", "ideal", "n_targets", "n_items"})


def measure_lists(
    items: NDArray[np.integer],
    targets: sp.csr_array,
    k: int | Sequence[int] = 10,
    names: Sequence[str] | None = None,
) -> dict[str, NDArray[np.float64] | float]:
    """The metrics that need only lists and targets, at one or more lengths.

    Args:
        items: `int[n, length]`, rows of the recommended items, best first; -1 pads short lists.
        targets: `float32[n, n_items]`, ratings of the items to find, for the same users.
        k: lengths at which the lists are cut.
        names: the metrics; `None` is all.

    Returns:
        By label ("ndcg@10"): `float64[n]`, or one number for a metric of all lists together.

    Raises:
        InputError: the lists have other users or items than the targets.
        UnknownNameError: no such metric, or one that needs more than lists and targets.
    """
    known = [each.name for each in metrics.of_kind("list") if _INPUTS.issuperset(each.inputs)]
    for name in names or ():
        if name not in known:
            raise UnknownNameError("metric of lists alone", name, known)
    n, n_items = targets.shape
    if len(items) != n or (items.size and not -1 <= items.min() <= items.max() < n_items):
        raise InputError(
            f"lists {list(items.shape)} must be of {n:,} viewers, with films from 0 to "
            f"{n_items - 1:,} or -1, as the targets are"
        )
    ks = (k,) if isinstance(k, int) else tuple(sorted(set(k)))
    rows = items.astype(np.int32, copy=False)
    hits = _hits(rows, targets)
    by_rank = {
        "items": rows,
        "hits": hits,
        "gains": target_gains(targets, rows, hits),
        "ideal": ideal_gains(targets, ks[-1]),
    }
    whole = {"n_targets": np.diff(targets.indptr), "n_items": n_items}
    return {
        f"{metric.name}@{cut}": metric.function(
            *(whole[name] if name in whole else by_rank[name][:, :cut] for name in metric.inputs)
        )
        for metric in map(metrics.get, known if names is None else names)
        for cut in ks
    }


def _hits(
    items: NDArray[np.int32], targets: sp.csr_array, *, block_bytes: int = 2**24
) -> NDArray[np.bool_]:
    """`bool[n, length]`: whether each item is a target, by a table of marks for some users."""
    n, n_items = targets.shape
    hits = np.zeros(items.shape, dtype=np.bool_)
    step = max(1, block_bytes // (n_items + 1))
    marks = np.zeros((min(step, n), n_items + 1), dtype=np.bool_)  # the last column is for -1
    for start in range(0, n, step):
        rows = slice(start, min(start + step, n))
        block = targets[rows]
        users = rows_of(block)
        marks[users, block.indices] = True
        hits[rows] = np.take_along_axis(marks[: block.shape[0]], items[rows], axis=1)
        marks[users, block.indices] = False
    return hits
