"""Inverses and solutions with a symmetric matrix, in one call and by halves."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.models._shared.inverse import invert, solve_in_place


def positive_definite(n: int) -> NDArray[np.float64]:
    likes = np.random.default_rng(n).random((2 * n, n)) < 0.3
    return likes.T.astype(np.float64) @ likes + 5 * np.eye(n)


@pytest.mark.parametrize("n", [1, 2, 7, 33, 300])
@pytest.mark.parametrize(("limit", "strip"), [(3, 2), (8, 5), (1000, 2048)])
def test_the_inverse_is_that_of_numpy_with_any_number_of_halves(
    n: int, limit: int, strip: int
) -> None:
    matrix = positive_definite(n)
    expected = np.linalg.inv(matrix)
    assert invert(matrix, limit=limit, strip=strip)
    np.testing.assert_allclose(np.triu(matrix), np.triu(expected), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("limit", [8, 1000])
def test_the_lower_triangle_is_not_read(limit: int) -> None:
    matrix = positive_definite(40)
    upper = np.triu(matrix)
    assert invert(matrix, limit=limit, strip=1000)
    assert invert(upper, limit=limit, strip=1000)
    np.testing.assert_array_equal(np.triu(upper), np.triu(matrix))


@pytest.mark.parametrize("place", [0, 19])
@pytest.mark.parametrize("limit", [4, 1000])
def test_false_for_a_matrix_that_is_not_positive_definite(place: int, limit: int) -> None:
    matrix = positive_definite(20)
    matrix[place, place] = -1
    assert not invert(matrix, limit=limit)


@pytest.mark.parametrize("precision", [np.float32, np.float64])
@pytest.mark.parametrize("n", [1, 7, 60])
@pytest.mark.parametrize(("limit", "strip"), [(3, 2), (8, 5), (1000, 2048)])
def test_the_solution_is_that_of_numpy(
    n: int, limit: int, strip: int, precision: type[np.floating]
) -> None:
    matrix = positive_definite(n)
    right = np.random.default_rng(1).random((n, 11))
    expected = np.linalg.solve(matrix, right)
    solution = right.astype(precision)
    upper = np.triu(matrix).astype(precision)
    assert solve_in_place(upper, solution, limit=limit, strip=strip)
    assert solution.dtype == precision
    np.testing.assert_allclose(solution, expected, rtol=1e-3, atol=1e-5)


def test_there_is_no_solution_with_a_matrix_that_is_not_positive_definite() -> None:
    assert not solve_in_place(-np.eye(3), np.ones((3, 2)))
