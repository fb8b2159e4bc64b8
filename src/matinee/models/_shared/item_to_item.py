"""Models with one weight from every film of a history to every film."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.data import Histories
from matinee.errors import InputError
from matinee.models import LikesConfig, Model
from matinee.models._shared.inverse import inverse_from_rows, invert

__all__ = ["ItemToItem", "gram_of", "like_counts", "regularised_inverse", "symmetric"]

W = TypeVar("W", bound=LikesConfig)

_DAMPING = np.float32(20)
"""Pseudo-likes added to every film before similarities are computed."""
_FEW_ROWS = 3
"""With so many times more items than rows, the inverse is computed from the rows."""


class ItemToItem(Model[W]):
    """What linear autoencoders share: `scores` is weighted histories times a weight matrix.

    `fit` sets `arrays["weights"]`, `float32[n_items, n_items]`, row `j` for film `j` of a history,
    and `arrays["likes"]`, `float32[n_items]`, the number of likes of each film.
    """

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        return self.weigh(histories) @ self.arrays["weights"]

    def similar(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        # dividing by popularity: a film that everybody likes has a small weight to every other
        damped = np.sqrt(self.arrays["likes"] + _DAMPING).astype(np.float32)
        similar: NDArray[np.float32] = self._rows(items) / damped
        similar[np.arange(len(items)), items] = 1  # above all others, whose weights are below 1
        return similar

    def contributions(
        self, histories: Histories, items: NDArray[np.integer]
    ) -> NDArray[np.float32] | None:
        parts: NDArray[np.float32] = self._between(histories, items).T
        return parts * self.rating_weights(histories)

    def _rows(self, items: NDArray[np.integer]) -> NDArray[np.float32]:
        """Weights from some films to every film, `float32[len(items), n_items]`."""
        return self.arrays["weights"][items]

    def _between(self, history: Histories, items: NDArray[np.integer]) -> NDArray[np.float32]:
        """Weights from the films of one history to some films, `float32[nnz, len(items)]`."""
        return self.arrays["weights"][np.ix_(history.items, items)]


def like_counts(weights: sp.csr_array) -> NDArray[np.float32]:
    """Number of users with a weight above 0 for each item, `float32[n_items]`."""
    liked = weights.data > 0
    items = weights.indices if liked.all() else weights.indices[liked]
    return np.bincount(items, minlength=weights.shape[1]).astype(np.float32)


def gram_of(matrix: sp.csr_array) -> NDArray[np.float64]:
    """Upper triangle of the Gram matrix `matrix.T @ matrix`, `float64[n_items, n_items]`.

    The lower triangle is zero and its memory is never touched, so it costs little.
    """
    from matinee.kernels.common_viewers import count_pairs, sum_pairs
    from matinee.kernels.compiled import csr
    from matinee.kernels.sparse import transposed

    matrix = matrix if matrix.has_sorted_indices else matrix.sorted_indices()
    places = np.arange(matrix.nnz, dtype=np.int32)
    by_item = transposed(sp.csr_array((places, matrix.indices, matrix.indptr), shape=matrix.shape))
    gram = np.zeros((matrix.shape[1], matrix.shape[1]))
    add_up = count_pairs if (matrix.data == 1).all() else sum_pairs
    add_up(csr(matrix), csr(by_item), gram)
    return gram


def regularised_inverse(matrix: sp.csr_array, ridge: NDArray[np.float64]) -> NDArray[np.float64]:
    """Upper triangle of the inverse of `matrix.T @ matrix + diag(ridge)`.

    Few rows need no Gram matrix of all items, see `inverse_from_rows`.

    Args:
        matrix: `float32[m, n_items]`.
        ridge: `float64[n_items]`, above 0.

    Returns:
        `float64[n_items, n_items]`.

    Raises:
        InputError: the matrix is not positive definite in double precision.
    """
    rows = matrix[np.diff(matrix.indptr) > 0]
    if _FEW_ROWS * rows.shape[0] < rows.shape[1]:
        return inverse_from_rows(rows, ridge)
    gram = gram_of(matrix)
    gram[np.diag_indices_from(gram)] += ridge
    if not invert(gram):
        smallest = ridge.min()
        raise InputError(f"the Gram matrix cannot be inverted with {smallest:g}; use a larger l2")
    return gram


def symmetric(
    upper: NDArray[np.floating],
    scale: NDArray[np.float64] | None = None,
    diagonal: NDArray[np.float64] | None = None,
) -> NDArray[np.float32]:
    """Copies an upper triangle to both halves of a matrix, `float32[n, n]`.

    Args:
        upper: `float[n, n]`.
        scale: `float64[n]`, multiplies the columns; ones by default.
        diagonal: `float64[n]`, replaces the diagonal.
    """
    from matinee.kernels.triangle import fill_symmetric

    matrix = np.empty(upper.shape, dtype=np.float32)
    scale = np.ones(len(upper)) if scale is None else scale
    diagonal = np.diagonal(upper) * scale if diagonal is None else diagonal
    fill_symmetric(upper, scale, diagonal, matrix)
    return matrix
