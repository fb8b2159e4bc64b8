"""Counts of common viewers against a matrix product."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from matinee.kernels.common_viewers import count_pairs
from matinee.models._item_to_item import gram_of


def test_pairs_on_and_above_the_diagonal_are_those_of_a_product() -> None:
    dense = np.random.default_rng(0).random((50, 130)) < 0.2
    dense[:, 7] = False
    matrix = sp.csr_array(dense.astype(np.float32))
    places = np.arange(matrix.nnz, dtype=np.int32)
    by_item = sp.csr_array((places, matrix.indices, matrix.indptr), shape=matrix.shape).T.tocsr()
    counts = np.full((130, 130), -1, dtype=np.float32)
    count_pairs(
        matrix.indptr, matrix.indices, by_item.indptr, by_item.indices, by_item.data, counts
    )
    product = (dense.T.astype(int) @ dense).astype(np.float32)
    np.testing.assert_array_equal(np.triu(counts), np.triu(product))
    assert (counts[np.tril_indices(130, -1)] == -1).all()


def test_a_gram_matrix_is_whole_whatever_order_films_are_stored_in() -> None:
    dense = np.random.default_rng(1).random((40, 600)) < 0.1
    matrix = sp.csr_array(dense.astype(np.float32))
    shuffled = sp.csr_array(
        (
            matrix.data,
            np.concatenate([row[::-1] for row in np.split(matrix.indices, matrix.indptr[1:-1])]),
            matrix.indptr,
        ),
        shape=matrix.shape,
    )
    product = (dense.T.astype(int) @ dense).astype(np.float32)
    np.testing.assert_array_equal(gram_of(matrix), product)
    np.testing.assert_array_equal(gram_of(shuffled), product)
    np.testing.assert_array_equal(gram_of(sp.csr_array(matrix * np.float32(2))), 4 * product)
