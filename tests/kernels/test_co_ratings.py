"""Similarities over common ratings, compared with NumPy's correlations pair by pair."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from matinee.kernels.co_ratings import compare
from matinee.kernels.compiled import csr, serial
from matinee.kernels.threads import threads

Matrix = NDArray[np.float32]


def some_ratings(rows: int, seed: int) -> sp.csr_array:
    rng = np.random.default_rng(seed)
    stars = rng.integers(1, 6, (rows, 30)) * (rng.random((rows, 30)) < 0.3)
    stars[:2, :10] = 3  # two rows with constant common ratings
    return sp.csr_array(stars.astype(np.float32))


def plainly(rows: Matrix, others: Matrix, *, centred: bool, shrinkage: float) -> Matrix:
    similarity = np.zeros((len(rows), len(others)), dtype=np.float32)
    for i, row in enumerate(rows.astype(np.float64)):
        for j, other in enumerate(others.astype(np.float64)):
            common = (row != 0) & (other != 0)
            n = common.sum()
            if n < 2:
                continue
            x, y = row[common], other[common]
            if centred:
                x, y = x - x.mean(), y - y.mean()
            norms = np.sqrt((x @ x) * (y @ y))
            if norms > 1e-6:
                similarity[i, j] = x @ y / norms * (n - 1) / (n - 1 + shrinkage)
    return similarity


def compare_rows(
    rows: sp.csr_array, others: sp.csr_array, *, same: bool, centred: bool, alone: bool = False
) -> Matrix:
    by_column = others.T.tocsr()
    similarity = np.zeros((rows.shape[0], others.shape[0]), dtype=np.float32)
    kernel = serial(compare) if alone else compare
    kernel(csr(rows), csr(by_column), same, centred, np.float32(2.5), similarity)
    return similarity


@pytest.mark.parametrize("centred", [False, True])
def test_similarity_is_the_shrunk_cosine_of_common_ratings(*, centred: bool) -> None:
    rows, others = some_ratings(12, 1), some_ratings(17, 2)
    expected = plainly(rows.toarray(), others.toarray(), centred=centred, shrinkage=2.5)
    np.testing.assert_allclose(
        compare_rows(rows, others, same=False, centred=centred), expected, atol=1e-5
    )
    first = compare_rows(rows[:1], others, same=False, centred=centred, alone=True)
    np.testing.assert_allclose(first, expected[:1], atol=1e-5)
    assert (expected == 0).any()
    assert (expected != 0).any()


@pytest.mark.parametrize("centred", [False, True])
def test_rows_compared_with_each_other_fill_the_upper_triangle(*, centred: bool) -> None:
    rows = some_ratings(130, 3)
    similarity = compare_rows(rows, rows, same=True, centred=centred)
    assert not np.tril(similarity).any()
    expected = plainly(rows.toarray(), rows.toarray(), centred=centred, shrinkage=2.5)
    np.testing.assert_allclose(similarity, np.triu(expected, 1), atol=1e-5)


def test_the_number_of_threads_changes_no_bit() -> None:
    rows = some_ratings(130, 4)
    results = []
    for n in (1, 2):
        with threads(n):
            results.append(compare_rows(rows, rows, same=True, centred=True))
    np.testing.assert_array_equal(results[0], results[1])
