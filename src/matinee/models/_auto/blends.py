"""Weights of a sum of two or three parts, by a search over all shares on shortlists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.metrics.gain import ndcg

__all__ = ["Shortlists", "best_shares", "cross_fitted"]

_LENGTH = 100
"""Films of each part on a viewer's shortlist."""
_STEPS = 8
"""Shares of the parts are multiples of an eighth."""


@dataclass(frozen=True, eq=False)
class Shortlists:
    """The first films of each part for each viewer, and which of them are targets.

    Attributes:
        scores: `float32[n_parts, n, m]`, over the spread of the part; minus infinity in a place
            that has no film.
        hits: `bool[n, m]`.
        n_targets: `int[n]`.
    """

    scores: NDArray[np.float32]
    hits: NDArray[np.bool_]
    n_targets: NDArray[np.integer]

    @classmethod
    def of(cls, parts: Sequence[NDArray[np.float32]], targets: sp.csr_array) -> Self:
        """From scores of each part, `float32[n, n_items]`, minus infinity for seen films."""
        length = min(_LENGTH, parts[0].shape[1])
        films = np.concatenate(
            [np.argpartition(-each, length - 1, axis=1)[:, :length] for each in parts], axis=1
        )
        films.sort(axis=1)
        again = np.zeros(films.shape, dtype=np.bool_)
        again[:, 1:] = films[:, 1:] == films[:, :-1]
        rows = np.arange(len(films))[:, None]
        scores = np.stack([each[rows, films] for each in parts])
        scores[:, again] = -np.inf
        counts = np.diff(targets.indptr)
        wanted = np.zeros(parts[0].shape, dtype=np.bool_)
        wanted[np.repeat(np.arange(len(counts)), counts), targets.indices] = True
        return cls(scores, wanted[rows, films] & ~again, counts)

    def take(self, rows: NDArray[np.integer]) -> Shortlists:
        """Some of the viewers."""
        return Shortlists(self.scores[:, rows], self.hits[rows], self.n_targets[rows])

    @classmethod
    def stacked(cls, several: Sequence[Shortlists]) -> Shortlists:
        """The viewers of several one after the other."""
        return Shortlists(
            np.concatenate([each.scores for each in several], axis=1),
            np.concatenate([each.hits for each in several]),
            np.concatenate([each.n_targets for each in several]),
        )

    def ndcg(self, weights: NDArray[np.float64], depth: int) -> NDArray[np.float64]:
        """NDCG of the weighted sum for every viewer, `float64[n]`; ties count by film."""
        total = np.zeros(self.hits.shape, dtype=np.float32)
        for weight, scores in zip(weights, self.scores, strict=True):
            total += np.float32(max(weight, 1e-9)) * scores  # minus infinity times 0 would be NaN
        order = np.argsort(-total, axis=1, kind="stable")[:, :depth]
        return ndcg(np.take_along_axis(self.hits, order, axis=1), self.n_targets)


def best_shares(lists: Shortlists, depth: int) -> NDArray[np.float64]:
    """Shares of the parts with the best mean NDCG, `float64[n_parts]` with a sum of 1.

    Of all shares that are worse than the best by less than the standard error of the difference,
    these are the most equal ones (the rule of Breiman et al., "Classification and regression
    trees", 1984). Part of the gain of a search is chance, and equal weights are hard to beat
    (Dawes, "The robust beauty of improper linear models in decision making", American
    Psychologist 1979).
    """
    n_parts = len(lists.scores)
    shares = [
        np.array(each) / _STEPS
        for each in product(range(_STEPS + 1), repeat=n_parts)
        if sum(each) == _STEPS
    ]
    shares.append(np.full(n_parts, 1 / n_parts))
    rows = [lists.ndcg(each, depth) for each in shares]
    best = max(rows, key=lambda each: float(each.mean()))
    close = [
        each
        for each, row in zip(shares, rows, strict=True)
        if (best - row).mean() <= (best - row).std() / np.sqrt(len(row))
    ]
    return min(close, key=lambda each: float((each**2).sum()))


def cross_fitted(lists: Shortlists, depth: int) -> NDArray[np.float64]:
    """NDCG of every viewer, `float64[n]`, with shares that the other half of the viewers chose."""
    quality = np.zeros(len(lists.hits))
    halves = np.arange(len(quality)) % 2
    for half in (0, 1):
        rows, others = np.flatnonzero(halves == half), np.flatnonzero(halves != half)
        if len(rows) and len(others):
            quality[rows] = lists.take(rows).ndcg(best_shares(lists.take(others), depth), depth)
    return quality
