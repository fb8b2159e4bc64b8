"""The linear autoencoder for more films than a matrix of all their pairs has room for."""

from __future__ import annotations

from typing import ClassVar, NamedTuple, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import NonNegativeInt, PositiveInt

from matinee.data import Catalog, Interactions, Query
from matinee.models import Config
from matinee.models._shared.directions import leading_directions, times
from matinee.models._shared.feedback import damped_popularity, likes, or_prior, weighted_histories
from matinee.models.dlae import Dlae, DlaeConfig

__all__ = ["EaseSparse", "EaseSparseConfig"]

_KNOWN = 8
"""Entries of the Gram matrix that are kept while fitting, for each neighbour."""
_RARITY = 0.7
"""Exponent: relatives are compared by what is in common over likes to this power."""
_DISTRUST = 10.0
"""Likes that every film is given before relatives are compared."""
_BLOCK = 2**22
"""Relatives that are put in order at a time."""


class EaseSparseConfig(DlaeConfig):
    """Options of `EaseSparse`."""

    neighbours: PositiveInt = 20
    """How many other films may explain a film besides the common directions."""
    directions: NonNegativeInt = 64
    """How many directions common to all films explain a film besides its neighbours."""


class EaseSparse(Dlae):
    """`Dlae` whose weights are a few common directions plus a few neighbours for each film.

    The least squares of `Dlae` are solved exactly, but for every film `i` within the weights that
    can be written `V w_i + b_i`: `V` are the leading directions of the regularised Gram matrix, the
    same for all, and `b_i` is 0 outside the film's neighbours. Regressions of one film at a time on
    its neighbours are those of Ning & Karypis 2011 ("SLIM", ICDM); that a part of the Gram matrix
    is enough for them, Steck 2019 ("Markov random fields for collaborative filtering", NeurIPS).

    `common` and `answers` are `float32[n_items, f]`: `V` and what every film makes of it. `starts`,
    `films` and `weights` are a CSR by the film of the history: the `b`.
    """

    Config: ClassVar[type[Config]] = EaseSparseConfig

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        config = self.config
        liked = likes(interactions, config.min_rating)
        self.arrays["likes"] = liked.sum(axis=0).astype(np.float32)
        del liked
        self.arrays["prior"] = damped_popularity(interactions)
        self.arrays["scale"] = np.array(interactions.scale, dtype=np.float32)
        problem = _problem(self._weighted(interactions.matrix), config.dropout, config.l2)
        common, seen, strength = leading_directions(
            problem.matrix, problem.by_item, problem.ridge, config.directions, rng
        )
        length = np.sqrt(1 + strength).astype(np.float32)
        common /= length
        seen /= length
        explained = seen + problem.ridge[:, None] * common
        local = _local_weights(problem, explained, seen, config.neighbours)
        self.arrays["common"] = common
        self.arrays["answers"] = seen - times(local, explained)
        by_history = local.T.tocsr()
        self.arrays["starts"] = by_history.indptr.astype(np.int32)
        self.arrays["films"] = by_history.indices.astype(np.int32)
        self.arrays["weights"] = by_history.data
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        worth = self._left(query)
        items, worth = query.items[worth != 0], worth[worth != 0]
        sums: NDArray[np.float32] = self.arrays["answers"] @ (worth @ self.arrays["common"][items])
        for item, each in zip(items.tolist(), worth, strict=True):
            films, weights = self._neighbours(item)
            sums[films] += each * weights
        return or_prior(sums, self.arrays["prior"])

    def _sums(self, histories: sp.csr_array, worth: NDArray[np.float32]) -> NDArray[np.float32]:
        kept = weighted_histories(histories, worth)
        edges = (self.arrays["weights"], self.arrays["films"], self.arrays["starts"])
        local = sp.csr_array(edges, shape=(len(self.arrays["prior"]),) * 2)
        sums = (kept @ self.arrays["common"]) @ self.arrays["answers"].T
        sums += (kept @ local).toarray()
        return or_prior(sums, self.arrays["prior"])

    def _row(self, item: int) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self.arrays["answers"] @ self.arrays["common"][item]
        films, weights = self._neighbours(item)
        row[films] += weights
        return row

    def _between(self, items: NDArray[np.int32], item: int) -> NDArray[np.float32]:
        between: NDArray[np.float32] = self.arrays["common"][items] @ self.arrays["answers"][item]
        for place, other in enumerate(items.tolist()):
            films, weights = self._neighbours(other)
            at = np.searchsorted(films, item)
            if at < len(films) and films[at] == item:
                between[place] += weights[at]
        return between

    def _neighbours(self, item: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The films that a film of a history speaks for or against, ascending, and how much."""
        edges = slice(*self.arrays["starts"][item : item + 2])
        return self.arrays["films"][edges], self.arrays["weights"][edges]


class _Problem(NamedTuple):
    """Least squares over `G = matrix.T @ matrix`, which is never formed.

    Attributes:
        matrix: `float32[n_users, n_items]`.
        by_item: its transpose, as a CSR, too.
        totals: `float32[n_items]`, the diagonal of `G`.
        ridge: `float32[n_items]`, what is added to it.
    """

    matrix: sp.csr_array
    by_item: sp.csr_array
    totals: NDArray[np.float32]
    ridge: NDArray[np.float32]


def _problem(matrix: sp.csr_array, dropout: float, l2: float) -> _Problem:
    by_item = matrix.T.tocsr()
    squares = (by_item.data * by_item.data, by_item.indices, by_item.indptr)
    totals = sp.csr_array(squares, shape=by_item.shape).sum(axis=1)
    ridge = dropout / (1 - dropout) * totals + l2
    return _Problem(matrix, by_item, totals.astype(np.float32), ridge.astype(np.float32))


def _local_weights(
    problem: _Problem,
    explained: NDArray[np.float32],
    seen: NDArray[np.float32],
    neighbours: int,
) -> sp.csr_array:
    """What each film's neighbours add to it beyond the directions; row `i` is what explains `i`."""
    from matinee.kernels.local_ridge import local_ridge  # noqa: PLC0415  brings numba
    from matinee.kernels.related import most_related  # noqa: PLC0415  the same

    n_items = len(problem.totals)
    neighbours = min(neighbours, n_items - 1)
    known = min(_KNOWN * neighbours, n_items - 1)
    rarity = ((problem.totals + np.float32(_DISTRUST)) ** -_RARITY).astype(np.float32)
    related = np.empty((n_items, known), dtype=np.int32)
    entries = np.empty((n_items, known), dtype=np.float32)
    users, items = problem.matrix, problem.by_item
    most_related(
        *(users.indptr, users.indices, users.data, items.indptr, items.indices, items.data),
        *(rarity, related, entries),
    )
    nearest = _nearest(related, entries, rarity, neighbours)
    weights = np.empty(nearest.shape, dtype=np.float32)
    local_ridge(related, entries, problem.totals, problem.ridge, explained, seen, nearest, weights)
    there = nearest >= 0
    starts = np.concatenate([[0], np.cumsum(np.count_nonzero(there, axis=1))]).astype(np.int32)
    return sp.csr_array((weights[there], nearest[there], starts), shape=(n_items, n_items))


def _nearest(
    related: NDArray[np.int32],
    entries: NDArray[np.float32],
    rarity: NDArray[np.float32],
    neighbours: int,
) -> NDArray[np.int32]:
    """Every film and its neighbours, nearest first, `int32[n_items, 1 + neighbours]`; -1 for none.

    A film is among its own neighbours, as the diagonal of `Dlae` is free: without it the others
    would have to stand in for it.
    """
    n_items, known = related.shape
    nearest = np.empty((n_items, 1 + neighbours), dtype=np.int32)
    nearest[:, 0] = np.arange(n_items)
    rows = max(1, _BLOCK // max(1, known))
    for start in range(0, n_items, rows):
        block = related[start : start + rows]
        strength = np.where(block >= 0, entries[start : start + rows] * rarity[block], -1)
        order = np.argsort(-strength, axis=1, kind="stable")[:, :neighbours]
        nearest[start : start + rows, 1:] = np.take_along_axis(block, order, axis=1)
    return nearest
