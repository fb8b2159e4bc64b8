"""Item-based nearest neighbours over likes."""

from __future__ import annotations

from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, NonNegativeFloat, PositiveInt

from matinee.data import Catalog, Interactions
from matinee.models import Weighting, search, span
from matinee.models._shared.config import LowestWeight
from matinee.models._shared.item_graph import ItemGraph, blocks
from matinee.models._shared.term_weights import (
    LengthShare,
    Saturation,
    TermWeighting,
    rarity,
    term_weights,
)

__all__ = ["ItemKnn", "ItemKnnConfig"]


class ItemKnnConfig(Weighting):
    """Options of `ItemKnn`."""

    neighbours: PositiveInt = Field(200, json_schema_extra=span(20, 500, log=True))
    """Number of most similar films stored for each film."""
    weighting: TermWeighting = Field("tfidf", json_schema_extra=search("tfidf", "bm25"))
    """How viewers count when films are compared: cosine weighs all viewers the same, tfidf gives
    more weight to viewers with few films, bm25 also discounts films with many viewers and has no
    denominator."""
    shrinkage: NonNegativeFloat = Field(10.0, json_schema_extra=span(0, 100))
    """Added to the denominator of the cosine, against similarities that rest on few viewers."""
    k1: Saturation = 10.0
    b: LengthShare = 0.3
    lowest_weight: LowestWeight = Field(0.6, json_schema_extra=search(0.6, 1))


class ItemKnn(ItemGraph[ItemKnnConfig]):
    """Item-item nearest neighbours by shrunk cosine over likes (Sarwar et al. 2001).

    "Item-based collaborative filtering recommendation algorithms", WWW 2001. A film's score is the
    sum of its similarities to those films of the history that are among its neighbours, each times
    the weight of the rating. Beyond the paper, viewers are weighted like terms in text retrieval.
    """

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        nearest, similarity = nearest_items(self.weigh(interactions), self.config)
        self.arrays["nearest"] = nearest
        self.arrays["similarity"] = similarity
        return self

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        similar = np.zeros((len(items), self.n_items), dtype=np.float32)
        similarity = self.arrays["similarity"][items]
        np.put_along_axis(similar, self.arrays["nearest"][items], similarity, axis=1)
        similar[np.arange(len(items)), items] = similarity.max(axis=1, initial=1)
        return similar

    def _graph(self) -> sp.csr_array:
        n_items, neighbours = self.arrays["nearest"].shape
        starts = np.arange(0, n_items * neighbours + 1, neighbours, dtype=np.int32)
        edges = (self.arrays["similarity"].ravel(), self.arrays["nearest"].ravel(), starts)
        return sp.csr_array(edges, shape=(n_items, n_items))


def nearest_items(
    weights: sp.csr_array, config: ItemKnnConfig, *, block: int = 2**24
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Most similar items and similarities, `int32[n_items, k]` and `float32[n_items, k]`.

    Most similar first, ties by row; items with fewer than `k` neighbours have similarity 0 there.
    At most `block` entries of the similarity matrix are in memory.
    """
    from matinee.kernels.compiled import csr
    from matinee.kernels.cooccurrence import count_common, sum_common

    by_item, norms, shrinkage = _item_vectors(weights, config)
    n_items = by_item.shape[0]
    neighbours = max(1, min(config.neighbours, n_items - 1))
    by_user = by_item.T.tocsr()
    add_up = count_common if (by_item.data == 1).all() else sum_common
    nearest = np.empty((n_items, neighbours), dtype=np.int32)
    similarity = np.empty((n_items, neighbours), dtype=np.float32)
    for start, some in blocks(n_items, block):
        stop = start + len(some)
        add_up(csr(by_user), csr(by_item), start, some)
        damped = norms[start:stop, None] * norms + np.float32(shrinkage)
        np.divide(some, np.maximum(damped, 1e-9), out=some)
        some[np.arange(stop - start), np.arange(start, stop)] = 0
        chosen = np.argpartition(-some, neighbours - 1, axis=1)[:, :neighbours]
        chosen.sort(axis=1)
        values = np.take_along_axis(some, chosen, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        nearest[start:stop] = np.take_along_axis(chosen, order, axis=1)
        similarity[start:stop] = np.take_along_axis(values, order, axis=1)
    return nearest, similarity


def _item_vectors(
    matrix: sp.csr_array, config: ItemKnnConfig
) -> tuple[sp.csr_array, NDArray[np.float32], float]:
    """Vectors `[n_items, n_users]`, norms `float32[n_items]` and shrinkage of the cosine."""
    by_item = matrix.T.tocsr()
    n_items = by_item.shape[0]
    if config.weighting != "cosine":
        rare = rarity(np.diff(matrix.indptr), n_items)
        mean_length = by_item.nnz / max(1, np.count_nonzero(np.diff(by_item.indptr)))
        by_item.data = term_weights(
            by_item, config.weighting, rare, config.k1, config.b, mean_length
        )
    if config.weighting == "bm25":
        return by_item, np.ones(n_items, dtype=np.float32), 0.0
    squares = np.asarray(by_item.multiply(by_item).sum(axis=1), dtype=np.float64)
    return by_item, np.sqrt(squares).astype(np.float32), config.shrinkage
