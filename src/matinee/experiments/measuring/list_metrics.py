"""Metrics of lists from elsewhere, computed from the lists and the targets alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee import metrics
from matinee.data.checks import rating_values, require_csr, whole_number
from matinee.errors import InputError, UnknownNameError
from matinee.experiments.measuring.ranking import ideal_gains, listed_in, target_gains

__all__ = ["measure_lists"]

_INPUTS = frozenset({"items", "hits", "gains", "ideal", "n_targets", "n_items"})


def measure_lists(
    items: NDArray[np.integer] | Sequence[Sequence[int]],
    targets: sp.sparray | NDArray[np.floating],
    k: int | Sequence[int] = 10,
    names: Sequence[str] | None = None,
) -> dict[str, NDArray[np.float64] | float]:
    """The metrics that need only lists and targets, at one or more lengths.

    A list shorter than `k` is padded: its missing ranks hold no film.

    Args:
        items: `int[n, length]`, rows of the recommended items, best first; -1 pads short lists.
            Python lists may differ in length.
        targets: `float32[n, n_items]`, ratings of the items to find, for the same users, as a
            sparse array of any format or a dense one. Every stored entry of a sparse one is a
            target, a 0 too; every other number than 0 of a dense one.
        k: lengths at which the lists are cut.
        names: the metrics; `None` is all.

    Returns:
        By label ("ndcg@10"): `float64[n]`, or one number for a metric of all lists together.

    Raises:
        InputError: the lists have other users or items than the targets or an item twice, a rating
            is not a finite number, or a length is not positive.
        UnknownNameError: no such metric, or one that needs more than lists and targets.
    """
    known = [each.name for each in metrics.of_kind("list") if _INPUTS.issuperset(each.inputs)]
    for name in names or ():
        if name not in known:
            raise UnknownNameError("metric of lists alone", name, known)
    ks, wanted = _lengths(k), _targets(targets)
    n_items = wanted.shape[1]
    rows = _lists(items, wanted.shape, ks[-1])
    hits = listed_in(rows, wanted)
    by_rank = {
        "items": rows,
        "hits": hits,
        "gains": target_gains(wanted, rows, hits),
        "ideal": ideal_gains(wanted, ks[-1]),
    }
    whole = {"n_targets": np.diff(wanted.indptr), "n_items": n_items}
    return {
        f"{metric.name}@{cut}": metric.function(
            *(whole[name] if name in whole else by_rank[name][:, :cut] for name in metric.inputs)
        )
        for metric in map(metrics.get, known if names is None else names)
        for cut in ks
    }


def _lengths(k: int | Sequence[int]) -> tuple[int, ...]:
    """Distinct lengths, ascending."""
    several = k if isinstance(k, Sequence | np.ndarray) else (k,)
    ks = tuple(sorted({whole_number(each, "k") for each in several}))
    if not ks or ks[0] < 1:
        raise InputError(f"k must be a length of at least 1, or several, not {k!r}")
    return ks


def _targets(targets: object) -> sp.csr_array:
    """Ratings to find as a canonical CSR array, `float32[n, n_items]`."""
    try:
        matrix = sp.csr_array(targets)
    except (ValueError, TypeError):
        raise InputError(
            "targets must be a sparse or dense array of ratings, [viewers, films], not "
            f"{type(targets).__name__}"
        ) from None
    n_stored = getattr(targets, "nnz", matrix.nnz)
    if not matrix.has_canonical_format:
        matrix = matrix.copy()
        matrix.sum_duplicates()
    if matrix.nnz != n_stored:
        raise InputError("targets have two ratings of a viewer for one film; keep one of each")
    values = rating_values(matrix.data, "targets")
    matrix = sp.csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape)
    require_csr(matrix, "targets", np.float32)
    return matrix


def _lists(items: object, shape: tuple[int, int], k: int) -> NDArray[np.int32]:
    """`int32[n, length]`, at least `k` wide; -1 is no film."""
    n, n_items = shape
    rows = _padded(items, k)
    if len(rows) != n or (rows.size and not -1 <= rows.min() <= rows.max() < n_items):
        raise InputError(
            f"lists {list(rows.shape)} must be of {n:,} viewers, with films from 0 to "
            f"{n_items - 1:,} or -1, as the targets are"
        )
    ascending = np.sort(rows, axis=1)
    twice = (ascending[:, 1:] == ascending[:, :-1]) & (ascending[:, 1:] >= 0)
    if twice.any():
        viewer, place = np.argwhere(twice)[0].tolist()
        raise InputError(
            f"list {viewer} has film {ascending[viewer, place]} twice; list every film once"
        )
    return rows.astype(np.int32, copy=False)


def _padded(items: object, k: int) -> NDArray[np.integer]:
    """Lists as an array of one width, at least `k`."""
    try:
        if not isinstance(items, np.ndarray):
            lists: list[list[int]] = [list(each) for each in items]  # type: ignore[attr-defined]
            width = max([k, *map(len, lists)])
            items = np.array([each + [-1] * (width - len(each)) for each in lists])
            items = items.reshape(len(lists), width)
    except (ValueError, TypeError):
        items = np.empty(0)
    if items.ndim != 2 or items.dtype.kind not in "iu":
        raise InputError(
            "lists must be an array or lists of whole numbers, the rows of films: [viewers, length]"
        )
    missing = max(0, k - int(items.shape[-1]))
    return np.pad(items.astype(np.int64), ((0, 0), (0, missing)), constant_values=-1)
