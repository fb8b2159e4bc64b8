"""The dual ridge regression against a dense inverse."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from matinee.models._shared.priors import dual_ridge


def test_the_dual_solution_equals_the_dense_one_from_any_start() -> None:
    rng = np.random.default_rng(1)
    dense = rng.random((30, 50)) * (rng.random((30, 50)) < 0.2)
    targets = rng.standard_normal((30, 3))
    targets[:, 1] = 0
    exact = np.linalg.solve(dense @ dense.T + 0.5 * np.eye(30), targets).astype(np.float64)
    for start in (None, exact, rng.standard_normal((30, 3))):
        solution = dual_ridge(sp.csr_array(dense), targets, 0.5, start=start)
        np.testing.assert_allclose(solution, exact, atol=1e-4)
