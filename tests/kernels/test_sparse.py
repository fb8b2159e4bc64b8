"""The transpose and a product, compared with SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.kernels.sparse import sparse_times, transposed
from matinee.kernels.threads import threads


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (200, 3), (0, 4), (4, 0), (150, 90)])
@pytest.mark.parametrize("kind", [np.int8, np.float32, np.int32])
def test_the_transpose_equals_that_of_scipy(shape: tuple[int, int], kind: type[np.generic]) -> None:
    rng = np.random.default_rng(sum(shape))
    dense = np.where(rng.random(shape) < 0.2, rng.integers(-1, 2, shape), 0).astype(kind)
    matrix = sp.csr_array(dense)
    expected = matrix.T.tocsr()
    for n in (1, 2):
        with threads(n):
            by_column = transposed(matrix)
        assert by_column.shape == expected.shape
        assert by_column.data.dtype == kind
        np.testing.assert_array_equal(by_column.indptr, expected.indptr)
        np.testing.assert_array_equal(by_column.indices, expected.indices)
        np.testing.assert_array_equal(by_column.data, expected.data)


@pytest.mark.parametrize("f", [0, 1, 7])
def test_the_product_equals_that_of_scipy(f: int) -> None:
    rng = np.random.default_rng(f)
    matrix = sp.csr_array(rng.random((90, 40)) * (rng.random((90, 40)) < 0.2), dtype=np.float32)
    dense = rng.standard_normal((40, f), dtype=np.float32)
    np.testing.assert_allclose(sparse_times(matrix, dense), matrix @ dense, rtol=1e-5, atol=1e-6)
