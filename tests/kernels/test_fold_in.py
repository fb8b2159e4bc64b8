"""Many ridge regressions at once, compared with NumPy's solver."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.kernels.compiled import csr
from matinee.kernels.fold_in import fold_in


@pytest.mark.parametrize("weighs", [False, True])
@pytest.mark.parametrize("f", [1, 5, 33])
def test_every_row_is_the_ridge_regression_of_its_history(f: int, *, weighs: bool) -> None:
    rng = np.random.default_rng(f)
    histories = sp.csr_array(rng.random((90, 40)) * (rng.random((90, 40)) < 0.3), dtype=np.float32)
    features = rng.standard_normal((40, f), dtype=np.float32)
    half = rng.standard_normal((f, f))
    gram, ridge = half @ half.T, rng.uniform(0.1, 3, 90)
    every = rng.uniform(0.5, 2, histories.nnz).astype(np.float32)
    solved = fold_in(csr(histories), features, gram, ridge, every if weighs else None)
    assert solved.dtype == np.float32
    for row in range(90):
        inside = slice(histories.indptr[row], histories.indptr[row + 1])
        chosen = features[histories.indices[inside]].astype(np.float64)
        chosen *= every[inside, None] if weighs else 1
        system = gram + ridge[row] * np.eye(f) + chosen.T @ chosen
        expected = np.linalg.solve(system, chosen.T @ histories.data[inside])
        np.testing.assert_allclose(solved[row], expected, rtol=1e-5, atol=1e-6)


def test_an_empty_history_has_factors_of_zero() -> None:
    nothing = sp.csr_array((3, 4), dtype=np.float32)
    features = np.ones((4, 2), dtype=np.float32)
    solved = fold_in(csr(nothing), features, np.eye(2), np.ones(3), None)
    np.testing.assert_array_equal(solved, np.zeros((3, 2)))
