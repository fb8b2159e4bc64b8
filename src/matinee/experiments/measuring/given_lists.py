"""Measures lists that were made elsewhere: no model, only what was listed and what was right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee import metrics
from matinee.errors import InputError, UnknownNameError
from matinee.experiments.measuring.ranking import RankedLists, ideal_gains, target_gains

__all__ = ["given_lists", "measure_lists"]

_MARKS_AT_ONCE = 2**24
"""16 MiB of marks, a byte each."""
_INPUTS = frozenset({"items", "hits", "gains", "ideal", "n_targets", "n_items"})


def measure_lists(
    items: NDArray[np.integer],
    targets: sp.csr_array,
    k: int | Sequence[int] = 10,
    names: Sequence[str] | None = None,
) -> dict[str, NDArray[np.float64] | float]:
    """Metrics that need no more than the lists and the targets, at one or more lengths.

    Args:
        items: `int[n, length]`, rows of the recommended films, best first; -1 beyond a short list.
        targets: `float32[n, n_items]`, what each of the films to be found is worth.
        k: lengths at which the lists are cut; beyond their length nothing is found.
        names: of the metrics; all that can be had where `None`.

    Returns:
        By label ("ndcg@10"): `float64[n]`, or one value for all where the metric has but one.

    Raises:
        InputError: lists of other viewers or films than the targets.
        UnknownNameError: a metric that is not there, or that needs more than lists and targets.
    """
    known = [each.name for each in metrics.of_kind("list") if _INPUTS.issuperset(each.inputs)]
    for name in names or ():
        if name not in known:
            raise UnknownNameError("metric of lists alone", name, known)
    wanted = [metrics.get(name) for name in (known if names is None else names)]
    ks = (k,) if isinstance(k, int) else tuple(sorted(set(k)))
    lists = given_lists(items, targets)
    inputs = {
        "items": lists.items,
        "hits": lists.hits,
        "gains": lists.gains,
        "ideal": ideal_gains(targets, ks[-1]),
    }
    whole = {"n_targets": np.diff(targets.indptr), "n_items": targets.shape[1]}
    return {
        f"{metric.name}@{cut}": metric.function(
            *(whole[name] if name in whole else inputs[name][:, :cut] for name in metric.inputs)
        )
        for metric in wanted
        for cut in ks
    }


def given_lists(items: NDArray[np.integer], targets: sp.csr_array) -> RankedLists:
    """Lists beside the targets: which films are hits, and what they are worth.

    Raises:
        InputError: lists of other viewers or films than the targets.
    """
    n, n_items = targets.shape
    if len(items) != n or (items.size and not -1 <= items.min() <= items.max() < n_items):
        raise InputError(
            f"lists {list(items.shape)} must be of {n:,} viewers, with films from 0 to "
            f"{n_items - 1:,} or -1, as the targets are"
        )
    hits = np.zeros(items.shape, dtype=np.bool_)
    step = max(1, _MARKS_AT_ONCE // (n_items + 1))
    marks = np.zeros((min(step, n), n_items + 1), dtype=np.bool_)  # the last column is for -1
    for start in range(0, n, step):
        rows = slice(start, min(start + step, n))
        here = targets[rows]
        viewers = np.repeat(np.arange(here.shape[0]), np.diff(here.indptr))
        marks[viewers, here.indices] = True
        hits[rows] = np.take_along_axis(marks[: here.shape[0]], items[rows], axis=1)
        marks[viewers, here.indices] = False
    rows32 = items.astype(np.int32, copy=False)
    gains = target_gains(targets, rows32, hits)
    return RankedLists(rows32, hits, gains, np.empty(0, dtype=np.int64))
