"""A sparse linear autoencoder, for catalogues too large for a dense item-item matrix."""

from __future__ import annotations

from typing import NamedTuple, Self
from weakref import WeakKeyDictionary

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeInt, PositiveInt

from matinee.data import Catalog, Histories, Interactions
from matinee.models import span
from matinee.models._shared.denoising import DenoisingConfig, discount_activity, dropout_penalty
from matinee.models._shared.directions import leading_directions
from matinee.models._shared.item_to_item import ItemToItem, like_counts

__all__ = ["EaseSparse", "EaseSparseConfig"]

_ENTRIES_PER_NEIGHBOUR = 8
"""Entries of the Gram matrix kept for each neighbour while fitting."""
_RARITY = 0.7
"""Exponent: neighbours are chosen by common likes over likes to this power."""
_DAMPING = 10.0
"""Pseudo-likes added to every film before neighbours are chosen."""


class EaseSparseConfig(DenoisingConfig):
    """Options of `EaseSparse`."""

    neighbours: PositiveInt = Field(20, json_schema_extra=span(5, 100, log=True))
    """Number of other films with a weight of their own for each film."""
    directions: NonNegativeInt = Field(64, json_schema_extra=span(0, 256))
    """Number of directions common to all films."""


class EaseSparse(ItemToItem[EaseSparseConfig]):
    """`Dlae` whose weights are a few common directions plus a few neighbours for each film.

    The least squares of `Dlae` are solved exactly, but for every film `i` among the weights of the
    form `V w_i + b_i`. `V` are the leading directions of the regularised Gram matrix, the same for
    all films, and `b_i` is 0 outside the film's neighbours. One regression per film on its
    neighbours is SLIM (Ning & Karypis, ICDM 2011); that a part of the Gram matrix is enough for it
    was shown by Steck 2019 ("Markov random fields for collaborative filtering", NeurIPS).

    `arrays["common"]` and `arrays["answers"]` are `float32[n_items, f]`: `V`, and the coefficients
    of every film. `starts`, `films` and `weights` are `b`, a CSR by the film of the history.
    """

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        likes = self.weigh(interactions)
        self.arrays["likes"] = like_counts(likes)
        likes = discount_activity(likes, self.config.activity_discount)
        self.arrays.update(sparse_weights(likes, self.config, rng))
        return self

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        if len(histories) == 1:  # sparse products take longer than the rest of an answer
            sizes = self.rating_weights(histories)
            own = self.arrays["answers"] @ (sizes @ self.arrays["common"][histories.items])
            places, films, local = self._edges(histories)
            own += np.bincount(films, local * sizes[places], minlength=len(own))
            return own[None]
        weights = self.weigh(histories)
        scores: NDArray[np.float32] = (weights @ self.arrays["common"]) @ self.arrays["answers"].T
        scores += (weights @ self._local()).toarray()
        return scores

    @property
    def item_vectors(self) -> NDArray[np.float32] | None:
        """The common directions of films in histories; `None` with `directions=0`."""
        return self.arrays["common"] if self.config.directions else None

    def _rows(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        rows: NDArray[np.float32] = self.arrays["common"][items] @ self.arrays["answers"].T
        rows += self._local()[items].toarray()
        return rows

    def _between(self, history: Histories, items: NDArray[np.integer]) -> NDArray[np.float32]:
        common, answers = self.arrays["common"][history.items], self.arrays["answers"][items]
        between: NDArray[np.float32] = common @ answers.T
        columns = np.full(self.n_items, -1)
        columns[items] = np.arange(len(items))
        places, films, local = self._edges(history)
        hits = np.flatnonzero(columns[films] >= 0)
        dense = np.zeros_like(between)
        dense[places[hits], columns[films[hits]]] = local[hits]
        between += dense[:, columns[items]]
        return between

    def _edges(self, history: Histories) -> _Edges:
        """Weights of their own from the films of one history, kept as long as it is."""
        starts, rated = self.arrays["starts"], history.items
        memory = _EDGES.get(history.untimed)
        if memory is not None and memory[0] is starts:
            return memory[1]
        first = starts[rated]
        counts = starts[rated + 1] - first
        places = np.repeat(np.arange(len(rated)), counts)
        edges = (first - (np.cumsum(counts) - counts))[places]
        edges += np.arange(len(places))
        found = _Edges(places, self.arrays["films"][edges], self.arrays["weights"][edges])
        _EDGES[history.untimed] = starts, found
        return found

    def _local(self) -> sp.csr_array:
        edges = (self.arrays["weights"], self.arrays["films"], self.arrays["starts"])
        return sp.csr_array(edges, shape=(len(self.arrays["likes"]),) * 2)


class _Edges(NamedTuple):
    """Weights from the films of a history: place in the history, film and weight of each."""

    places: NDArray[np.int64]
    films: NDArray[np.int32]
    weights: NDArray[np.float32]


_EDGES: WeakKeyDictionary[Histories, tuple[NDArray[np.int32], _Edges]] = WeakKeyDictionary()
"""Of single histories that still exist, with the array `starts` of the model they belong to."""


class _Problem(NamedTuple):
    """Least squares over `G = likes.T @ likes`, which is never formed.

    Attributes:
        likes: `float32[n_users, n_items]`.
        by_item: the transpose of `likes` as a CSR.
        totals: `float32[n_items]`, the diagonal of `G`.
        ridge: `float32[n_items]`, the penalty added to it.
    """

    likes: sp.csr_array
    by_item: sp.csr_array
    totals: NDArray[np.float32]
    ridge: NDArray[np.float32]


def sparse_weights(
    likes: sp.csr_array,
    config: EaseSparseConfig,
    rng: np.random.Generator,
    *,
    entries_per_neighbour: int = _ENTRIES_PER_NEIGHBOUR,
) -> dict[str, NDArray[np.generic]]:
    """The arrays of `EaseSparse` but for `likes`, from weighted likes, `[n_users, n_items]`."""
    from matinee.kernels.sparse import sparse_times

    problem = _problem(likes, config)
    common, product, strength = leading_directions(
        problem.likes, problem.by_item, problem.ridge, config.directions, rng
    )
    length = np.sqrt(1 + strength).astype(np.float32)
    common /= length
    product /= length
    explained = product + problem.ridge[:, None] * common
    entries = entries_per_neighbour * config.neighbours
    local = _local_weights(problem, explained, product, config.neighbours, entries)
    by_history = local.T.tocsr()
    return {
        "common": common,
        "answers": product - sparse_times(local, explained),
        "starts": by_history.indptr.astype(np.int32),
        "films": by_history.indices.astype(np.int32),
        "weights": by_history.data,
    }


def _problem(likes: sp.csr_array, config: EaseSparseConfig) -> _Problem:
    by_item = likes.T.tocsr()
    squares = (by_item.data * by_item.data, by_item.indices, by_item.indptr)
    totals = sp.csr_array(squares, shape=by_item.shape).sum(axis=1)
    ridge = dropout_penalty(totals, config.dropout, config.l2)
    return _Problem(likes, by_item, totals.astype(np.float32), ridge.astype(np.float32))


def _local_weights(
    problem: _Problem,
    explained: NDArray[np.float32],
    product: NDArray[np.float32],
    neighbours: int,
    entries: int,
) -> sp.csr_array:
    """Weights of neighbours beyond the directions, `float32[n_items, n_items]` by scored item."""
    from matinee.kernels.compiled import csr
    from matinee.kernels.local_ridge import local_ridge
    from matinee.kernels.nearest import most_related, strongest

    n_items = len(problem.totals)
    neighbours = min(neighbours, n_items - 1)
    entries = min(entries, n_items - 1)
    rarity = ((problem.totals + np.float32(_DAMPING)) ** -_RARITY).astype(np.float32)
    related = np.empty((n_items, entries), dtype=np.int32)
    common_likes = np.empty((n_items, entries), dtype=np.float32)
    most_related(csr(problem.likes), csr(problem.by_item), rarity, related, common_likes)
    # An item is its own first neighbour because the diagonal of `Dlae` is free. Otherwise
    # neighbours would have to replace it.
    nearest = np.empty((n_items, 1 + neighbours), dtype=np.int32)
    nearest[:, 0] = np.arange(n_items)
    strongest(related, common_likes, rarity, nearest[:, 1:])
    weights = np.empty(nearest.shape, dtype=np.float32)
    local_ridge(
        *(related, common_likes, problem.totals, problem.ridge),
        *(explained, product, nearest, weights),
    )
    stored = nearest >= 0
    starts = np.concatenate([[0], np.cumsum(np.count_nonzero(stored, axis=1))]).astype(np.int32)
    return sp.csr_array((weights[stored], nearest[stored], starts), shape=(n_items, n_items))
