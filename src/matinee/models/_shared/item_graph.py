"""Models with a few weights from films of a history to every film."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories
from matinee.models import LikesConfig, Model

__all__ = ["ItemGraph", "blocks", "largest"]

W = TypeVar("W", bound=LikesConfig)

_BLOCK = 2**24
"""Entries of an item-item matrix held at a time."""


class ItemGraph(Model[W]):
    """What `ItemKnn`, `Slim` and `Rp3beta` share: a sparse item-item graph, CSR by the scored item.

    `fit` stores `arrays["starts"]`, `int32[n_items + 1]`, `arrays["films"]`, `int32[n_edges]`, and
    `arrays["weights"]`, `float32[n_edges]`: films of a history and their weights.
    """

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        weights, graph = self.weigh(histories), self._graph()
        if len(histories) != 1:
            return np.asarray((weights @ graph.T).toarray())
        return np.asarray([graph @ weights.toarray()[0]])  # the transpose would copy the graph

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        similar: NDArray[np.float32] = self._graph()[items].toarray()
        similar[np.arange(len(items)), items] = np.maximum(1, 2 * similar.max(axis=1))
        return similar

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        weights: NDArray[np.float32] = self._graph()[items].toarray()[:, histories.items]
        return weights * self.rating_weights(histories)

    def _keep(self, films: NDArray[np.int32], weights: NDArray[np.float32]) -> None:
        """Stores the edges of every item, `[n_items, k]` both; edges of weight 0 are dropped."""
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
        return sp.csr_array(edges, shape=(self.n_items,) * 2)


def blocks(n_items: int, size: int = _BLOCK) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """First item and an empty `float32[rows, n_items]` of each block; blocks cover all items."""
    rows = max(1, size // max(1, n_items))
    for first in range(0, n_items, rows):
        yield first, np.empty((min(rows, n_items - first), n_items), dtype=np.float32)


def largest(block: NDArray[np.float32], k: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Columns and values of the `k` largest entries of every row, `[rows, k]`, unordered."""
    chosen = np.argpartition(-block, k - 1, axis=1)[:, :k]
    return chosen.astype(np.int32), np.take_along_axis(block, chosen, axis=1)
