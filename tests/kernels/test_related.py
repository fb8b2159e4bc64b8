"""The films that have most in common with each, against sorting all of them."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.kernels.related import most_related
from matinee.kernels.threads import threads


def found(
    matrix: sp.csr_array, rarity: NDArray[np.float32], m: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    by_item = matrix.T.tocsr()
    films = np.full((matrix.shape[1], m), 77, dtype=np.int32)
    sums = np.full((matrix.shape[1], m), np.nan, dtype=np.float32)
    most_related(
        *(matrix.indptr, matrix.indices, matrix.data),
        *(by_item.indptr, by_item.indices, by_item.data),
        *(rarity, films, sums),
    )
    return films, sums


def sorted_out(
    matrix: sp.csr_array, rarity: NDArray[np.float32], m: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    gram = (matrix.T @ matrix).toarray()
    np.fill_diagonal(gram, 0)
    films = np.full((len(gram), m), -1, dtype=np.int32)
    sums = np.zeros((len(gram), m), dtype=np.float32)
    for item, row in enumerate(gram):
        best = np.argsort(-row * rarity, kind="stable")[:m]
        best = np.sort(best[row[best] > 0])
        films[item, : len(best)], sums[item, : len(best)] = best, row[best]
    return films, sums


@pytest.mark.parametrize("m", [1, 3, 20, 79])
@pytest.mark.parametrize("n_users", [4, 60])
def test_they_are_the_largest_of_every_row_and_of_equals_the_first(m: int, n_users: int) -> None:
    rng = np.random.default_rng(m)
    seen = rng.integers(0, 3, (n_users, 80)) * (rng.random((n_users, 80)) < 0.15)
    matrix = sp.csr_array(seen, dtype=np.float32)  # whole numbers: sums are exact, and often equal
    rarity = np.exp2(-rng.integers(0, 3, 80)).astype(np.float32)
    for is_one, expected in zip(
        found(matrix, rarity, m), sorted_out(matrix, rarity, m), strict=True
    ):
        np.testing.assert_array_equal(is_one, expected)


def test_the_number_of_threads_changes_nothing() -> None:
    rng = np.random.default_rng(5)
    matrix = sp.csr_array(rng.random((90, 150)) * (rng.random((90, 150)) < 0.2), dtype=np.float32)
    rarity = rng.random(150).astype(np.float32)
    runs = []
    for n in (1, 2):
        with threads(n):
            runs.append(found(matrix, rarity, 9))
    for one, two in zip(*runs, strict=True):
        np.testing.assert_array_equal(one, two)
