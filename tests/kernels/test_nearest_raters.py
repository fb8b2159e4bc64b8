"""Means over the nearest raters, compared with sorting all raters."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from matinee.kernels.nearest_raters import mean_of_nearest_raters


@pytest.mark.parametrize("neighbours", [1, 3, 100])
@pytest.mark.parametrize("damping", [0.0, 0.7])
def test_the_mean_is_over_the_first_after_sorting(neighbours: int, damping: float) -> None:
    rng = np.random.default_rng(neighbours)
    deviations = rng.standard_normal((20, 30), dtype=np.float32) * (rng.random((20, 30)) < 0.5)
    raters = sp.csr_array(deviations)
    similarity = rng.choice(np.linspace(-1, 1, 9, dtype=np.float32), 30)  # with ties
    items = np.array([3, 0, 19], dtype=np.int32)
    means = mean_of_nearest_raters(
        raters.indptr,
        raters.indices,
        raters.data,
        items,
        similarity,
        neighbours,
        np.float32(damping),
    )
    for item, mean in zip(items, means, strict=True):
        order = np.argsort(-similarity, kind="stable")
        rated = order[(deviations[item, order] != 0) & (similarity[order] > 0)][:neighbours]
        weights = similarity[rated]
        expected = weights @ deviations[item, rated] / (weights.sum() + damping)
        assert mean == pytest.approx(expected, rel=1e-4)


def test_without_neighbours_the_mean_is_0() -> None:
    raters = sp.csr_array(np.ones((1, 2), dtype=np.float32))
    similarity = np.array([0, -1], dtype=np.float32)
    means = mean_of_nearest_raters(
        *(raters.indptr, raters.indices, raters.data, np.array([0], dtype=np.int32)),
        *(similarity, 5, np.float32(0)),
    )
    np.testing.assert_array_equal(means, [0])
