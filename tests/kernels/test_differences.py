"""Summed differences, compared with a loop over pairs."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from matinee.kernels.differences import sum_differences
from matinee.kernels.threads import threads


def test_differences_are_summed_over_the_users_of_both_items() -> None:
    rng = np.random.default_rng(1)
    stars = (rng.integers(1, 6, (25, 9)) * (rng.random((25, 9)) < 0.4)).astype(np.float32)
    stars[:, 8] = 0
    by_user, by_item = sp.csr_array(stars), sp.csr_array(stars.T.copy())
    results = []
    for n in (1, 2):
        differences = np.full((9, 9), np.nan, dtype=np.float32)
        with threads(n):
            sum_differences(
                by_user.indptr,
                by_user.indices,
                by_user.data,
                by_item.indptr,
                by_item.indices,
                by_item.data,
                differences,
            )
        results.append(differences)
    for i in range(9):
        for j in range(9):
            both = (stars[:, i] != 0) & (stars[:, j] != 0)
            assert results[0][i, j] == (stars[both, i] - stars[both, j]).sum()
    np.testing.assert_array_equal(results[0], results[1])
