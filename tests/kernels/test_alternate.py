"""Alternating least squares, compared with least squares solved row by row."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.kernels.alternate import balanced, gram, improve
from matinee.kernels.compiled import Csr, csr
from matinee.kernels.threads import threads


def feedback(rng: np.random.Generator, shape: tuple[int, int], density: float) -> sp.csr_array:
    matrix = sp.csr_array(rng.random(shape) < density, dtype=np.float32)
    matrix.sort_indices()
    return matrix


def likes(matrix: sp.csr_array) -> Csr:
    """Feedback whose targets are all 1."""
    return matrix.indptr, matrix.indices, np.empty(0, dtype=np.float32)


@pytest.mark.parametrize("n", [0, 3, 200])
def test_the_gram_matrix_is_the_weighted_product(n: int) -> None:
    factors = np.random.default_rng(n).standard_normal((n, 7), dtype=np.float32)
    expected = 0.3 * factors.T.astype(np.float64) @ factors
    np.testing.assert_allclose(gram(factors, 0.3), expected, rtol=1e-4, atol=1e-5)


def solved_exactly(
    matrix: sp.csr_array,
    fixed: NDArray[np.float32],
    common: NDArray[np.float32],
    ridge: NDArray[np.float32],
) -> NDArray[np.float64]:
    rows = []
    for row in range(matrix.shape[0]):
        entries = fixed[matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]].astype(float)
        system = common + ridge[row] * np.eye(fixed.shape[1]) + entries.T @ entries
        rows.append(np.linalg.solve(system, entries.sum(axis=0)))
    return np.array(rows)


def conjugate_gradients(
    system: NDArray[np.float64], right: NDArray[np.float64], start: NDArray[np.float64], steps: int
) -> NDArray[np.float64]:
    here, residual = start.copy(), right - system @ start
    direction = residual.copy()
    for _ in range(steps):
        pace = residual @ residual / (direction @ system @ direction)
        here += pace * direction
        after = residual - pace * (system @ direction)
        direction = after + (after @ after) / (residual @ residual) * direction
        residual = after
    return here


@pytest.mark.parametrize("factors", [1, 4, 7, 16])
def test_enough_steps_reach_the_exact_solution_to_a_thousandth(factors: int) -> None:
    rng = np.random.default_rng(factors)
    matrix = feedback(rng, (31, 23), 0.3)
    fixed = rng.standard_normal((23, factors), dtype=np.float32)
    common = np.float32(0.2) * (fixed.T @ fixed)
    ridge = rng.uniform(0.5, 2, 31).astype(np.float32)
    moving = rng.standard_normal((31, factors), dtype=np.float32)
    improve(likes(matrix), None, balanced(matrix.indptr), fixed, common, ridge, moving, 40)
    np.testing.assert_allclose(moving, solved_exactly(matrix, fixed, common, ridge), atol=1e-3)


def test_entries_may_have_targets_of_their_own() -> None:
    rng = np.random.default_rng(8)
    matrix = feedback(rng, (17, 12), 0.5)
    fixed = rng.standard_normal((12, 5), dtype=np.float32)
    common, ridge = np.float32(0.2) * (fixed.T @ fixed), np.full(17, 0.9, dtype=np.float32)
    targets = rng.standard_normal(matrix.nnz, dtype=np.float32)
    sides = balanced(matrix.indptr), fixed, common, ridge
    moving = np.ones((17, 5), dtype=np.float32)
    improve((matrix.indptr, matrix.indices, targets), None, *sides, moving, 40)
    for row in range(17):
        inside = slice(matrix.indptr[row], matrix.indptr[row + 1])
        entries = fixed[matrix.indices[inside]].astype(float)
        system = common + 0.9 * np.eye(5) + entries.T @ entries
        expected = np.linalg.solve(system, entries.T @ targets[inside])
        np.testing.assert_allclose(moving[row], expected, atol=1e-3)
    ones, plain = np.zeros((17, 5), dtype=np.float32), np.zeros((17, 5), dtype=np.float32)
    improve(csr(matrix), None, *sides, ones, 3)
    improve(likes(matrix), None, *sides, plain, 3)
    np.testing.assert_allclose(ones, plain, rtol=1e-4, atol=1e-6)


def test_entries_can_have_weights() -> None:
    rng = np.random.default_rng(9)
    matrix = feedback(rng, (17, 12), 0.5)
    fixed = rng.standard_normal((12, 5), dtype=np.float32)
    common, ridge = np.float32(0.2) * (fixed.T @ fixed), np.full(17, 0.9, dtype=np.float32)
    weights = rng.uniform(0.5, 4, matrix.nnz).astype(np.float32)
    roots = np.sqrt(weights)
    moving = np.ones((17, 5), dtype=np.float32)
    rows = (matrix.indptr, matrix.indices, roots)
    improve(rows, roots, balanced(matrix.indptr), fixed, common, ridge, moving, 40)
    for row in range(17):
        inside = slice(matrix.indptr[row], matrix.indptr[row + 1])
        entries, weight = fixed[matrix.indices[inside]].astype(float), weights[inside]
        system = common + 0.9 * np.eye(5) + entries.T @ (weight[:, None] * entries)
        expected = np.linalg.solve(system, entries.T @ weight)
        np.testing.assert_allclose(moving[row], expected, atol=1e-3)


def test_a_few_steps_follow_textbook_conjugate_gradients() -> None:
    rng = np.random.default_rng(5)
    matrix = feedback(rng, (9, 14), 0.5)
    fixed = rng.standard_normal((14, 6), dtype=np.float32)
    common = np.float32(0.1) * (fixed.T @ fixed)
    ridge = np.full(9, 0.7, dtype=np.float32)
    start = rng.standard_normal((9, 6), dtype=np.float32)
    moving = start.copy()
    improve(likes(matrix), None, balanced(matrix.indptr), fixed, common, ridge, moving, 2)
    for row in range(9):
        entries = fixed[matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]].astype(float)
        system = common + 0.7 * np.eye(6) + entries.T @ entries
        expected = conjugate_gradients(system, entries.sum(axis=0), start[row].astype(float), 2)
        np.testing.assert_allclose(moving[row], expected, atol=1e-4)


def test_a_row_without_feedback_becomes_zero() -> None:
    matrix = sp.csr_array(np.array([[0, 0], [1, 0]], dtype=np.float32))
    fixed, moving = np.eye(2, dtype=np.float32), np.ones((2, 2), dtype=np.float32)
    ridge = np.ones(2, dtype=np.float32)
    improve(likes(matrix), None, balanced(matrix.indptr), fixed, 0 * fixed, ridge, moving, 5)
    np.testing.assert_allclose(moving, np.array([[0, 0], [0.5, 0]]), atol=1e-6)


def test_the_number_of_threads_changes_no_bit() -> None:
    rng = np.random.default_rng(2)
    matrix = feedback(rng, (200, 50), 0.2)
    fixed = rng.standard_normal((50, 8), dtype=np.float32)
    common, ridge = fixed.T @ fixed, np.ones(200, dtype=np.float32)
    results = []
    for n in (1, 2):
        moving = np.zeros((200, 8), dtype=np.float32)
        with threads(n):
            improve(likes(matrix), None, balanced(matrix.indptr), fixed, common, ridge, moving, 3)
        results.append(moving)
    one, two = results
    np.testing.assert_array_equal(one, two)


def test_runs_of_rows_have_about_equal_work() -> None:
    lengths = np.array([0] * 100 + [1000] * 4)
    indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    cuts = balanced(indptr, parts=4)
    assert cuts[0] == 0
    assert cuts[-1] == 104
    assert (np.diff(cuts) >= 0).all()
    work = [lengths[start:stop].sum() for start, stop in itertools.pairwise(cuts)]
    assert max(work) <= 2000
