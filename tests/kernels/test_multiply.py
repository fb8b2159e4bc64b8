"""Multiplicative updates, compared with the formula in NumPy and with scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.decomposition import NMF

from matinee.kernels.compiled import csr, serial
from matinee.kernels.multiply import multiply
from matinee.kernels.threads import threads

Matrix = NDArray[np.float32]


def start(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[Matrix, Matrix]:
    users = rng.uniform(0.1, 1, (shape[0], 4)).astype(np.float32)
    return users, rng.uniform(0.1, 1, (shape[1], 4)).astype(np.float32)


def plainly(stars: Matrix, fixed: Matrix, l2: float, steps: int, moving: Matrix) -> Matrix:
    rated = stars != 0
    counts = rated.sum(axis=1, keepdims=True)
    moving = moving.astype(np.float64)
    for _ in range(steps):
        predicted = (moving @ fixed.T) * rated
        below = predicted @ fixed + l2 * counts * moving
        moving = np.where(counts, moving * (stars @ fixed) / np.maximum(below, 1e-12), moving)
    return moving.astype(np.float32)


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_only_known_ratings_enter_the_updates(l2: float) -> None:
    rng = np.random.default_rng(1)
    stars = (rng.integers(1, 6, (9, 7)) * (rng.random((9, 7)) < 0.5)).astype(np.float32)
    stars[3] = 0
    users, items = start(rng, (9, 7))
    expected = plainly(stars, items, l2, 5, users)
    matrix = sp.csr_array(stars)
    results = []
    for n in (1, 2):
        moved = users.copy()
        with threads(n):
            multiply(csr(matrix), items, np.float32(l2), 5, moved)
        results.append(moved)
    serial(multiply)(csr(matrix), items, np.float32(l2), 5, alone := users.copy())
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_allclose(alone, expected, rtol=1e-4)
    np.testing.assert_allclose(results[0], expected, rtol=1e-4)
    np.testing.assert_array_equal(results[0][3], users[3])


def test_a_full_matrix_is_factorised_like_in_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    stars = rng.integers(1, 6, (12, 8)).astype(np.float32)
    users, items = start(rng, (12, 8))
    peer = NMF(4, init="custom", solver="mu", max_iter=20, tol=0)
    theirs = peer.fit_transform(
        stars.astype(np.float64), W=users.astype(np.float64), H=items.T.astype(np.float64).copy()
    )
    matrix, other = sp.csr_array(stars), sp.csr_array(stars.T.copy())
    for _ in range(20):
        multiply(csr(matrix), items, np.float32(0), 1, users)
        multiply(csr(other), users, np.float32(0), 1, items)
    np.testing.assert_allclose(users @ items.T, theirs @ peer.components_, rtol=1e-3)
