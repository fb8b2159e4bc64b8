"""Counts and sums over common users, compared with a matrix product."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.kernels.common_viewers import count_pairs, sum_pairs
from matinee.kernels.compiled import csr
from matinee.models._shared.item_to_item import gram_of, symmetric


def values(seed: int, shape: tuple[int, int], density: float) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    kept = rng.random(shape) < density
    kept[:, 7] = False  # an item without feedback
    return np.where(kept, rng.integers(1, 6, shape), 0).astype(np.float32)


def shuffled(matrix: sp.csr_array) -> sp.csr_array:
    """The same matrix, whose rows are stored from the last column to the first."""
    rows = np.split(np.arange(matrix.nnz), matrix.indptr[1:-1])
    order = np.concatenate([row[::-1] for row in rows])
    return sp.csr_array((matrix.data[order], matrix.indices[order], matrix.indptr), matrix.shape)


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_pairs_on_and_above_the_diagonal_match_a_product(
    precision: type[np.floating],
) -> None:
    dense = values(0, (50, 130), 0.2)
    matrix = sp.csr_array(dense)
    places = np.arange(matrix.nnz, dtype=np.int32)
    by_item = sp.csr_array((places, matrix.indices, matrix.indptr), shape=matrix.shape).T.tocsr()
    below = np.tril_indices(130, -1)
    counts: NDArray[np.floating] = np.full((130, 130), -1, dtype=precision)
    count_pairs(csr(matrix), csr(by_item), counts)
    ones = (dense > 0).astype(int)
    np.testing.assert_array_equal(np.triu(counts), np.triu(ones.T @ ones))
    assert (counts[below] == -1).all()
    sums: NDArray[np.floating] = np.full((130, 130), -1, dtype=precision)
    sum_pairs(csr(matrix), csr(by_item), sums)
    np.testing.assert_array_equal(np.triu(sums), np.triu(dense.T @ dense))
    assert (sums[below] == -1).all()


@pytest.mark.parametrize("highest", [1, 5])
def test_a_gram_matrix_does_not_depend_on_the_order_of_stored_items(highest: int) -> None:
    dense = np.minimum(values(1, (40, 600), 0.1), np.float32(highest))
    matrix = sp.csr_array(dense)
    product = dense.T @ dense
    for stored in (matrix, shuffled(matrix)):
        np.testing.assert_array_equal(gram_of(stored), np.triu(product))
        np.testing.assert_array_equal(symmetric(gram_of(stored)), product)
