"""The inverse of a symmetric matrix, whole and by halves."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.models._shared import inverse as _inverse
from matinee.models._shared.inverse import invert


def positive_definite(n: int) -> NDArray[np.float64]:
    likes = np.random.default_rng(n).random((2 * n, n)) < 0.3
    return likes.T.astype(np.float64) @ likes + 5 * np.eye(n)


@pytest.mark.parametrize("n", [1, 2, 7, 33, 300])
@pytest.mark.parametrize(("whole", "strip"), [(3, 2), (8, 5), (1000, 2048)])
def test_it_is_that_of_numpy_with_any_number_of_halves(
    monkeypatch: pytest.MonkeyPatch, n: int, whole: int, strip: int
) -> None:
    monkeypatch.setattr(_inverse, "LARGEST_WHOLE", whole)
    monkeypatch.setattr(_inverse, "_STRIP", strip)
    matrix = positive_definite(n)
    expected = np.linalg.inv(matrix)
    assert invert(matrix)
    np.testing.assert_allclose(np.triu(matrix), np.triu(expected), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("whole", "strip"), [(8, 1000), (1000, 1000)])
def test_what_is_below_the_diagonal_is_not_read(
    monkeypatch: pytest.MonkeyPatch, whole: int, strip: int
) -> None:
    monkeypatch.setattr(_inverse, "LARGEST_WHOLE", whole)
    monkeypatch.setattr(_inverse, "_STRIP", strip)
    matrix = positive_definite(40)
    upper = np.triu(matrix)
    assert invert(matrix)
    assert invert(upper)
    np.testing.assert_array_equal(np.triu(upper), np.triu(matrix))


@pytest.mark.parametrize("place", [0, 19])
@pytest.mark.parametrize("whole", [4, 1000])
def test_a_matrix_that_is_not_positive_definite_is_told(
    monkeypatch: pytest.MonkeyPatch, place: int, whole: int
) -> None:
    monkeypatch.setattr(_inverse, "LARGEST_WHOLE", whole)
    matrix = positive_definite(20)
    matrix[place, place] = -1
    assert not invert(matrix)
