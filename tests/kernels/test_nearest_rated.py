"""The mean of the nearest against sorting, one pair after the other."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.kernels.nearest_rated import mean_of_nearest
from matinee.kernels.threads import threads


def some_ratings(rows: int, columns: int, rng: np.random.Generator) -> sp.csr_array:
    values = rng.standard_normal((rows, columns), dtype=np.float32)
    return sp.csr_array(values * (rng.random((rows, columns)) < 0.6))


def plainly(
    candidates: sp.csr_array,
    wanted: sp.csr_array,
    likeness: NDArray[np.float32],
    *,
    by_item: bool,
    neighbours: int,
    damping: float,
) -> list[float]:
    said = []
    for viewer, film in zip(*wanted.nonzero(), strict=True):
        near, asked = (film, viewer) if by_item else (viewer, film)
        own = candidates[[asked]]
        pairs = sorted(zip(likeness[near, own.indices], own.data, strict=True), reverse=True)
        nearest = [(weight, value) for weight, value in pairs[:neighbours] if weight > 0]
        weights = sum(weight for weight, _ in nearest) + damping
        total = sum(weight * value for weight, value in nearest)
        said.append(float(total / weights) if weights else 0.0)
    return said


@pytest.mark.parametrize("by_item", [True, False])
@pytest.mark.parametrize("neighbours", [1, 3, 7, 1000])
@pytest.mark.parametrize("damping", [0.0, 0.7])
def test_the_nearest_are_those_that_sorting_finds(
    *, by_item: bool, neighbours: int, damping: float
) -> None:
    rng = np.random.default_rng(neighbours)
    wanted = some_ratings(11, 40, rng)
    candidates = some_ratings(11, 40, rng) if by_item else some_ratings(40, 25, rng)
    shape = (40, 40) if by_item else (11, 25)
    likeness = rng.uniform(-1, 1, shape).astype(np.float32)
    results = []
    for n in (1, 2):
        with threads(n):
            results.append(
                mean_of_nearest(
                    candidates.indptr,
                    candidates.indices,
                    candidates.data,
                    wanted.indptr,
                    wanted.indices,
                    likeness,
                    by_item,
                    neighbours,
                    np.float32(damping),
                )
            )
    np.testing.assert_array_equal(results[0], results[1])
    expected = plainly(
        candidates, wanted, likeness, by_item=by_item, neighbours=neighbours, damping=damping
    )
    np.testing.assert_allclose(results[0], expected, atol=1e-5)


def test_of_equally_near_ones_no_more_are_asked_than_allowed() -> None:
    candidates = sp.csr_array(np.array([[1, 2, 4, 8]], dtype=np.float32))
    likeness = np.full((1, 4), 0.5, dtype=np.float32)
    asked = (candidates.indptr, candidates.indices, candidates.data)
    one = np.array([0, 1], dtype=np.int32), np.array([0], dtype=np.int32)
    said = mean_of_nearest(*asked, *one, likeness, True, 2, np.float32(0))
    assert said.tolist() == [1.5]
