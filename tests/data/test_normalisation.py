"""Normalised ratings against scikit-learn, SciPy and the definitions."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.preprocessing import StandardScaler

from matinee.data.normalisation import decoupled, mean_centred, percentiles, z_scored

STARS = st.sampled_from([0.5, 1.0, 2.0, 3.5, 5.0])
ROWS = st.lists(st.dictionaries(st.integers(0, 5), STARS), min_size=1, max_size=6)


def matrix_of(rows: list[dict[int, float]]) -> sp.csr_array:
    items = [item for row in rows for item in sorted(row)]
    values = [row[item] for row in rows for item in sorted(row)]
    bounds = np.cumsum([0, *(len(row) for row in rows)])
    data = np.array(values, dtype=np.float32)
    return sp.csr_array((data, np.array(items, dtype=np.int32), bounds), shape=(len(rows), 6))


def stored(matrix: sp.csr_array, row: int) -> NDArray[np.float32]:
    values: NDArray[np.float32] = matrix.data[matrix.indptr[row] : matrix.indptr[row + 1]]
    return values


def test_both_reversible_forms_by_hand() -> None:
    matrix = matrix_of([{0: 5.0, 1: 1.0}, {2: 3.5, 3: 3.5}, {}])
    centred = mean_centred(matrix)
    assert centred.matrix.data.tolist() == [2, -2, 0, 0]
    assert centred.centres.tolist() == [3, 3.5, 0]
    scored = z_scored(matrix)
    assert scored.matrix.data.tolist() == [1, -1, 0, 0]
    assert scored.spreads.tolist() == [2, 1, 1]
    assert scored.restore(np.array([0, 1]), np.array([0.5, 0.5])).tolist() == [4, 4]


def test_both_other_forms_by_hand() -> None:
    matrix = matrix_of([{0: 5.0, 1: 1.0, 2: 5.0, 3: 2.0}, {0: 2.0}])
    assert decoupled(matrix).data.tolist() == [0.75, 0.125, 0.75, 0.375, 0.5]
    assert percentiles(matrix).data.tolist() == [80, 20, 80, 40, 50]


@given(ROWS)
def test_z_scores_are_those_of_scikit_learn(rows: list[dict[int, float]]) -> None:
    matrix = matrix_of(rows)
    scored = z_scored(matrix).matrix
    for row in range(len(rows)):
        if rows[row]:
            values = stored(matrix, row).astype(np.float64)[:, None]
            expected = StandardScaler().fit_transform(values).ravel()
            np.testing.assert_allclose(stored(scored, row), expected, atol=1e-6)


@given(ROWS)
def test_ranks_are_those_of_scipy(rows: list[dict[int, float]]) -> None:
    matrix = matrix_of(rows)
    for row in range(len(rows)):
        values = stored(matrix, row)
        n = len(values)
        middle, last = rankdata(values, "average"), rankdata(values, "max")
        np.testing.assert_allclose(stored(decoupled(matrix), row), (middle - 0.5) / max(n, 1))
        np.testing.assert_allclose(
            stored(percentiles(matrix), row), 100 * last / (n + 1), rtol=1e-6
        )


@given(ROWS)
@pytest.mark.parametrize("form", [mean_centred, z_scored])
def test_normalising_and_inverting_gives_the_ratings_back(
    form: type, rows: list[dict[int, float]]
) -> None:
    matrix = matrix_of(rows)
    before = matrix.data.copy()
    again = form(matrix).inverse()
    np.testing.assert_array_equal(again.indptr, matrix.indptr)
    np.testing.assert_array_equal(again.indices, matrix.indices)
    np.testing.assert_allclose(again.data, matrix.data, atol=1e-5)
    np.testing.assert_array_equal(matrix.data, before)


@pytest.mark.parametrize("form", [decoupled, percentiles])
def test_a_matrix_without_ratings_stays_so(form: type) -> None:
    assert form(matrix_of([{}, {}])).shape == (2, 6)
    assert form(matrix_of([{}, {}])).nnz == 0
