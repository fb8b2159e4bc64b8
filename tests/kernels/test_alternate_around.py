"""Alternating least squares with prior means, compared with row-by-row solutions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.kernels.alternate import balanced
from matinee.kernels.alternate_around import improve_around
from matinee.kernels.compiled import csr
from matinee.kernels.threads import threads

Problem = dict[str, Any]


def problem(n_factors: int, dtype: type[np.floating]) -> Problem:
    rng = np.random.default_rng(n_factors)
    matrix = sp.csr_array(rng.random((31, 23)) < 0.3, dtype=np.float32)
    matrix.sort_indices()
    matrix = sp.csr_array(sp.vstack([matrix, sp.csr_array((1, 23), dtype=np.float32)]))
    fixed = rng.standard_normal((23, n_factors))
    confidences = rng.uniform(0.2, 2, matrix.nnz)
    matrix.data = (confidences * rng.uniform(-1, 1, matrix.nnz)).astype(dtype)
    return {
        "feedback": csr(matrix),
        "confidences": confidences.astype(dtype),
        "cuts": balanced(matrix.indptr, 8),
        "fixed": fixed.astype(dtype),
        "common": (0.2 * fixed.T @ fixed).astype(dtype),
        "ridge": rng.uniform(0, 1, 32).astype(dtype),
        "pull": rng.uniform(0.5, 2, 32).astype(dtype),
        "share": rng.uniform(0, 1, 32).astype(dtype),
        "expected": rng.standard_normal((32, n_factors)).astype(dtype),
    }


def improved(inputs: Problem, steps: int) -> NDArray[np.floating]:
    moving: NDArray[np.floating] = inputs["expected"].copy()
    improve_around(*[*inputs.values(), moving, steps])
    return moving


def solved(inputs: Problem) -> NDArray[np.float64]:
    """Every row as weighted least squares over all columns, seen and not, written out."""
    fixed, rows = inputs["fixed"].astype(np.float64), []
    starts, columns, wanted = inputs["feedback"]
    for row, expected in enumerate(inputs["expected"].astype(np.float64)):
        own = slice(starts[row], starts[row + 1])
        sizes, right = np.zeros(23), np.zeros(23)
        sizes[columns[own]], right[columns[own]] = inputs["confidences"][own], wanted[own]
        system = (fixed.T * (0.2 + sizes)) @ fixed
        system += (inputs["ridge"][row] + inputs["pull"][row]) * np.eye(len(expected))
        targets = right + 0.2 * inputs["share"][row] * fixed @ expected
        rows.append(np.linalg.solve(system, fixed.T @ targets + inputs["pull"][row] * expected))
    return np.array(rows)


@pytest.mark.parametrize("n_factors", [1, 4, 7, 16])
def test_enough_steps_reach_the_exact_solution(n_factors: int) -> None:
    inputs = problem(n_factors, np.float64)
    np.testing.assert_allclose(improved(inputs, 100), solved(inputs), atol=1e-8)


def test_single_precision_reaches_it_to_a_thousandth() -> None:
    inputs = problem(5, np.float32)
    factors = improved(inputs, 40)
    assert factors.dtype == np.float32
    np.testing.assert_allclose(factors, solved(inputs), atol=1e-3)


def test_a_row_without_feedback_stays_at_its_prior_mean() -> None:
    inputs = problem(6, np.float64)
    inputs["share"][:] = 1
    inputs["ridge"][:] = 0
    np.testing.assert_allclose(improved(inputs, 30)[-1], inputs["expected"][-1], atol=1e-8)


def test_the_number_of_threads_changes_no_bit() -> None:
    inputs, results = problem(8, np.float32), list[NDArray[np.floating]]()
    for n in (1, 2):
        with threads(n):
            results.append(improved(inputs, 3))
    one, two = results
    np.testing.assert_array_equal(one, two)
