"""Inverses and solutions with a symmetric matrix, in one call and by halves."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.models._shared.inverse import inverse_from_rows, invert, solve_in_place
from matinee.models._shared.item_to_item import regularised_inverse


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


def likes_and_ridge(
    m: int, n: int
) -> tuple[sp.csr_array, NDArray[np.float64], NDArray[np.float64]]:
    """Likes of `m` users with weights, some of them without any, a ridge, and the inverse."""
    rng = np.random.default_rng(m + n)
    dense = np.where(rng.random((m, n)) < 0.2, rng.normal(size=(m, n)), 0).astype(np.float32)
    dense[::5] = 0
    ridge = rng.uniform(0.5, 50, n)
    return sp.csr_array(dense), ridge, np.linalg.inv(dense.T @ dense + np.diag(ridge))


@pytest.mark.parametrize(("m", "n"), [(1, 1), (3, 40), (40, 40), (61, 200)])
@pytest.mark.parametrize(("limit", "strip"), [(3, 2), (1000, 7), (1000, 2048)])
def test_the_inverse_from_rows_is_that_of_numpy(m: int, n: int, limit: int, strip: int) -> None:
    likes, ridge, expected = likes_and_ridge(m, n)
    inverse = inverse_from_rows(likes, ridge, limit=limit, strip=strip)
    np.testing.assert_allclose(np.triu(inverse), np.triu(expected), rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("m", [20, 400])
def test_many_rows_and_few_rows_have_the_inverse_of_numpy(m: int) -> None:
    likes, ridge, expected = likes_and_ridge(m, 150)
    inverse = regularised_inverse(likes, ridge)
    np.testing.assert_allclose(np.triu(inverse), np.triu(expected), rtol=1e-4, atol=1e-7)


def test_users_without_likes_are_no_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    likes, ridge, expected = likes_and_ridge(20, 150)
    empty = sp.csr_array((5_000, 150), dtype=np.float32)
    sizes = []

    def recorded(rows: sp.csr_array, ridge: NDArray[np.float64]) -> NDArray[np.float64]:
        sizes.append(rows.shape[0])
        return inverse_from_rows(rows, ridge)

    monkeypatch.setattr("matinee.models._shared.item_to_item.inverse_from_rows", recorded)
    both = sp.csr_array(sp.vstack([empty, likes], format="csr"))
    inverse = regularised_inverse(both, ridge)
    assert sizes == [16]
    np.testing.assert_allclose(np.triu(inverse), np.triu(expected), rtol=1e-4, atol=1e-7)
