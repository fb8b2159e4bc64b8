"""Elastic nets meet their optimality conditions."""

from __future__ import annotations

import numpy as np
import pytest

from matinee.kernels.coordinate_descent import elastic_nets
from matinee.kernels.threads import threads


@pytest.mark.parametrize("least", [0.0, -np.inf])
def test_no_weight_can_be_improved(least: float) -> None:
    rng = np.random.default_rng(0)
    wide = (rng.random((50, 12)) < 0.4).astype(np.float64)
    gram = (wide.T @ wide).astype(np.float32)
    candidates = np.array([rng.choice(12, 6, replace=False) for _ in range(12)], dtype=np.int32)
    l1, l2 = 1.0, 2.0
    weights = np.full((12, 6), np.nan, dtype=np.float32)
    elastic_nets(gram, candidates, l1, l2, least, 1000, weights)
    for film, chosen, own in zip(range(12), candidates, weights.astype(float), strict=True):
        slope = wide[:, chosen].T @ (wide[:, film] - wide[:, chosen] @ own) - l2 * own
        free = chosen != film
        assert (own[~free] == 0).all()
        moved = free & (own != 0)
        np.testing.assert_allclose(slope[moved], l1 * np.sign(own[moved]), atol=1e-3)
        still = slope[free & (own == 0)]
        assert (still <= l1 + 1e-3).all()
        if least < 0:
            assert (still >= -l1 - 1e-3).all()
    again = np.empty_like(weights)
    with threads(1):
        elastic_nets(gram, candidates, l1, l2, least, 1000, again)
    np.testing.assert_array_equal(weights, again)
