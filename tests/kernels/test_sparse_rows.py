"""A sparse matrix times a dense one, compared with SciPy."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.kernels.sparse_rows import sparse_times


@pytest.mark.parametrize("f", [0, 1, 7])
def test_the_product_equals_that_of_scipy(f: int) -> None:
    rng = np.random.default_rng(f)
    matrix = sp.csr_array(rng.random((90, 40)) * (rng.random((90, 40)) < 0.2), dtype=np.float32)
    dense = rng.standard_normal((40, f), dtype=np.float32)
    product = np.full((90, f), np.nan, dtype=np.float32)
    sparse_times(matrix.indptr, matrix.indices, matrix.data, dense, product)
    np.testing.assert_allclose(product, matrix @ dense, rtol=1e-5, atol=1e-6)
