"""Models whose scores are a sum over the history, of a few weights a film."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Query
from matinee.models import Model
from matinee.models._shared.feedback import liked, liked_histories, or_prior

__all__ = ["ItemGraph", "blocks", "largest"]

_BLOCK = 2**24
"""Numbers of a matrix of all pairs of films that are held at a time."""


class ItemGraph(Model):
    """What `Slim` and `Rp3beta` share once `fit` has found their arrays.

    A CSR by the film that is scored: `starts` is `int32[n_items + 1]`, `films` and `weights` are
    `int32[n_edges]` and `float32[n_edges]`: the films of a history that count, and how much.
    """

    def score(self, query: Query) -> NDArray[np.float32]:
        history = np.zeros(len(self.arrays["prior"]), dtype=np.float32)
        history[query.items[liked(query, self.config.min_rating)]] = 1
        return or_prior(self._graph() @ history, self.arrays["prior"])

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        kept = liked_histories(histories, self.config.min_rating)
        return or_prior((kept @ self._graph().T).toarray(), self.arrays["prior"])

    def similar(self, item: int) -> NDArray[np.float32]:
        alike = self._row(item)
        alike[item] = max(np.float32(1), 2 * alike.max())
        return alike

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        kept = liked(query, self.config.min_rating)
        parts = np.where(kept, self._row(item)[query.items], np.float32(0))
        return parts if parts.any() else None

    def _row(self, item: int) -> NDArray[np.float32]:
        weights = np.zeros_like(self.arrays["prior"])
        edges = slice(*self.arrays["starts"][item : item + 2])
        weights[self.arrays["films"][edges]] = self.arrays["weights"][edges]
        return weights

    def _keep(self, films: NDArray[np.int32], weights: NDArray[np.float32]) -> None:
        """Takes over the edges of every film, `[n_items, k]` both; those of weight 0 are none."""
        order = np.argsort(films, axis=1)
        films = np.take_along_axis(films, order, axis=1)
        weights = np.take_along_axis(weights, order, axis=1)
        edges = weights != 0
        starts = np.concatenate([[0], np.cumsum(np.count_nonzero(edges, axis=1))])
        self.arrays["starts"] = starts.astype(np.int32)
        self.arrays["films"] = films[edges]
        self.arrays["weights"] = weights[edges]

    def _graph(self) -> sp.csr_array:
        edges = (self.arrays["weights"], self.arrays["films"], self.arrays["starts"])
        return sp.csr_array(edges, shape=(len(self.arrays["prior"]),) * 2)


def blocks(n_items: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """First film and room, `float32[rows, n_items]`, of runs of films that cover all."""
    rows = max(1, _BLOCK // max(1, n_items))
    for first in range(0, n_items, rows):
        yield first, np.empty((min(rows, n_items - first), n_items), dtype=np.float32)


def largest(block: NDArray[np.float32], k: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Columns and values of the `k` largest of every row, `[rows, k]`, in no order."""
    chosen = np.argpartition(-block, k - 1, axis=1)[:, :k]
    return chosen.astype(np.int32), np.take_along_axis(block, chosen, axis=1)
