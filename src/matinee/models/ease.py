"""EASE: every film explains every other, in one matrix inversion."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat

from matinee.data import Catalog, Interactions, Query
from matinee.errors import InputError
from matinee.models import Config, Model, search
from matinee.models._feedback import (
    damped_popularity,
    liked,
    liked_histories,
    likes,
    or_prior,
)

__all__ = ["Ease", "EaseConfig"]

_FEWEST_LIKES = np.float32(20)
"""Added to every film's likes where likeness is measured, so that rare films do not crowd in."""


class EaseConfig(Config):
    """Options of `Ease`."""

    l2: PositiveFloat = Field(300.0, json_schema_extra=search(50, 100, 200, 300, 500, 1000))
    """Added to the diagonal of the item-item Gram matrix; higher with more viewers."""
    min_rating: float = 0.0
    """Ratings below it do not count as a like, in training and in a history."""


class Ease(Model):
    """Shallow linear autoencoder with a zero diagonal, fitted in closed form (Steck 2019).

    "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019. With `P` the inverse of the
    regularised Gram matrix, film `j` of a history adds `-P[j, i] / P[i, i]` to film `i`.
    """

    Config: ClassVar[type[Config]] = EaseConfig

    def fit(
        self, interactions: Interactions, catalog: Catalog, *, rng: np.random.Generator
    ) -> Self:
        matrix = likes(interactions, self.config.min_rating)
        self.arrays["weights"] = _weights(_gram(matrix), self.config.l2)
        self.arrays["likes"] = matrix.sum(axis=0).astype(np.float32)
        self.arrays["prior"] = damped_popularity(interactions)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        items = query.items[liked(query, self.config.min_rating)]
        return or_prior(self.arrays["weights"][items].sum(axis=0), self.arrays["prior"])

    def scores(self, histories: sp.csr_array) -> NDArray[np.float32]:
        kept = liked_histories(histories, self.config.min_rating)
        return or_prior(kept @ self.arrays["weights"], self.arrays["prior"])

    def similar(self, item: int) -> NDArray[np.float32]:
        # a film that everybody likes explains, and is explained by, nearly every other a little
        rarity = 1 / np.sqrt(self.arrays["likes"] + _FEWEST_LIKES)
        alike: NDArray[np.float32] = self.arrays["weights"][item] * rarity
        alike[item] = 1  # beyond any other: weights are less than 1, and so is rarity
        return alike

    def contributions(self, query: Query, item: int) -> NDArray[np.float32] | None:
        kept = liked(query, self.config.min_rating)
        parts = np.where(kept, self.arrays["weights"][query.items, item], np.float32(0))
        return parts if parts.any() else None


def _gram(matrix: sp.csr_array) -> NDArray[np.float32]:
    from matinee.kernels.cooccurrence import count_common  # noqa: PLC0415  brings numba

    by_item = matrix.T.tocsr()
    gram = np.empty((matrix.shape[1], matrix.shape[1]), dtype=np.float32)
    count_common(matrix.indptr, matrix.indices, by_item.indptr, by_item.indices, 0, gram)
    return gram


def _weights(gram: NDArray[np.float32], l2: float) -> NDArray[np.float32]:
    """`float32[n_items, n_items]` from the counts of common viewers, by Cholesky.

    The inverse is taken in double precision. `gram` is overwritten, and is what is returned:
    twenty thousand films are 1.6 GB of it.
    """
    from scipy.linalg import lapack  # noqa: PLC0415  not needed to score

    # LAPACK works in place on column-major arrays; a symmetric matrix is its own transpose
    precision = gram.astype(np.float64).T
    precision[np.diag_indices_from(precision)] += l2
    precision, failed = lapack.dpotrf(precision, lower=True, overwrite_a=True)
    if not failed:
        precision, failed = lapack.dpotri(precision, lower=True, overwrite_c=True)
    if failed:
        raise InputError(f"the Gram matrix cannot be inverted with l2={l2:g}; use a larger l2")
    _mirror(precision.T, gram)
    gram /= -np.diagonal(precision).astype(np.float32)
    np.fill_diagonal(gram, 0)
    return gram


def _mirror(upper: NDArray[np.float64], whole: NDArray[np.float32], rows: int = 256) -> None:
    """Fills `whole` with the symmetric matrix of which only the upper triangle is given."""
    for start in range(0, len(upper), rows):
        block = upper[start : start + rows, start:].astype(np.float32)
        corner = np.triu(block[:, : len(block)])
        block[:, : len(block)] = corner + np.triu(corner, 1).T
        whole[start : start + rows, start:] = block
        whole[start:, start : start + rows] = block.T
