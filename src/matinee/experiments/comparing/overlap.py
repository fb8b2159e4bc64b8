"""How similar the lists of two models are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matinee.experiments.measuring.results import SplitResult
from matinee.experiments.statistics.differences import Overlap

__all__ = ["overlap", "overlaps"]

_PERSISTENCE = 0.9
"""Probability of looking one rank deeper: the first ten ranks have 86% of the weight of RBO."""
_BLOCK = 2**20

Items = NDArray[np.integer]
Values = NDArray[np.float64]


class _Similarities(NamedTuple):
    jaccard: Values
    rbo: Values


def overlap(first: Sequence[SplitResult], second: Sequence[SplitResult], k: int) -> Overlap | None:
    """Mean over splits of the mean over viewers; `None` if ratings are predicted.

    The models have the same splits in the same order, and rank the same films for a viewer.
    """
    pairs = [
        overlaps(one.lists.items[:, :k], other.lists.items[:, :k])
        for one, other in zip(first, second, strict=True)
        if one.lists is not None and other.lists is not None
    ]
    if not pairs:
        return None
    jaccard, rbo = np.mean([[each.mean() for each in pair] for pair in pairs], axis=0)
    return Overlap(float(jaccard), float(rbo))


def overlaps(first: Items, second: Items, *, block: int = _BLOCK) -> _Similarities:
    """Jaccard index and rank-biased overlap of each viewer's two lists.

    Rank-biased overlap is RBO_ext of Webber, Moffat and Zobel (2010, equation 23 for lists of one
    length) with p = 0.9: the share of common films among the first d of both, averaged over d with
    weights p^d, and continued beyond the end with its value there. 1 is the same order, 0 is no
    common film.

    Args:
        first: `int[n, k]`, rows of films, best first; -1 pads short lists.
        second: the same for the other model, with as many films in each list.
        block: entries of lists compared at a time.

    Returns:
        `float64[n]` each. Two empty lists have 1.
    """
    n, k = first.shape
    common = np.zeros((n, k), dtype=np.int64)
    step = max(1, block // max(1, 2 * k))
    for start in range(0, n, step):
        rows = slice(start, start + step)
        common[rows] = _common(first[rows], second[rows])
    films = np.count_nonzero(first >= 0, axis=1)
    depths = np.arange(1, k + 1)
    weights = np.where(depths <= films[:, None], _PERSISTENCE**depths, 0.0)
    at_end = _share(common[:, -1], films)
    inside = (common / depths * weights).sum(axis=1) * (1 - _PERSISTENCE) / _PERSISTENCE
    return _Similarities(
        jaccard=_share(common[:, -1], 2 * films - common[:, -1]),
        rbo=inside + at_end * _PERSISTENCE**films,
    )


def _share(common: NDArray[np.int64], films: NDArray[np.int64]) -> Values:
    return np.divide(common, films, out=np.ones(len(films)), where=films > 0)


def _common(first: Items, second: Items) -> NDArray[np.int64]:
    """`int64[n, k]`, number of films among the first 1, 2, ... k of both lists."""
    n, k = first.shape
    both = np.concatenate([first, second], axis=1)
    order = np.argsort(both, axis=1, kind="stable")
    films = np.take_along_axis(both, order, axis=1)
    viewers, places = np.nonzero((films[:, 1:] == films[:, :-1]) & (films[:, 1:] >= 0))
    # a film is common from the deeper of its two ranks on
    depths = np.maximum(order[viewers, places] % k, order[viewers, places + 1] % k)
    counts = np.bincount(viewers * k + depths, minlength=n * k).reshape(n, k)
    return np.cumsum(counts, axis=1)
