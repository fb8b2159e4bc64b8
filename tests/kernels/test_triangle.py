"""A symmetric matrix made whole, against NumPy."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matinee.kernels.triangle import spread


@given(n=st.integers(0, 200), seed=st.integers(0, 9))
def test_it_is_mirrored_scaled_and_given_its_diagonal(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    upper, scale, diagonal = rng.random((n, n)), rng.random(n), rng.random(n)
    whole = np.full((n, n), np.nan, dtype=np.float32)
    spread(upper, scale, diagonal, whole)
    expected = (np.triu(upper) + np.triu(upper, 1).T) * scale
    np.fill_diagonal(expected, diagonal)
    np.testing.assert_allclose(whole, expected, rtol=1e-6)
