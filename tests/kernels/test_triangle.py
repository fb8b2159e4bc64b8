"""A symmetric matrix from its upper triangle, compared with NumPy."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matinee.kernels.triangle import fill_symmetric


@given(n=st.integers(0, 200), seed=st.integers(0, 9))
def test_the_triangle_is_mirrored_and_scaled_with_a_new_diagonal(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    upper, scale, diagonal = rng.random((n, n)), rng.random(n), rng.random(n)
    symmetric = np.full((n, n), np.nan, dtype=np.float32)
    fill_symmetric(upper, scale, diagonal, symmetric)
    expected = (np.triu(upper) + np.triu(upper, 1).T) * scale
    np.fill_diagonal(expected, diagonal)
    np.testing.assert_allclose(symmetric, expected, rtol=1e-6)
