"""The transpose, compared with SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.kernels.threads import threads
from matinee.kernels.transpose import transposed


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
