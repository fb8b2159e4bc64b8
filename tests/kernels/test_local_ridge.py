"""Small ridge regressions, compared with NumPy's solver and with plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from matinee.kernels.local_ridge import local_ridge

N = 30
Matrix = NDArray[np.float64]


@pytest.fixture
def gram() -> Matrix:
    seen = np.random.default_rng(0).random((50, N)) < 0.3
    return (seen.T.astype(np.float64) @ seen).astype(np.float64)


def known_entries(
    gram: Matrix, kept: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Rows of the entries that are kept, ascending, -1 after the last."""
    there = kept & (gram > 0) & ~np.eye(N, dtype=np.bool_)
    m = int(there.sum(axis=1).max())
    related = np.full((N, m), -1, dtype=np.int32)
    common = np.zeros((N, m), dtype=np.float32)
    for film, row in enumerate(there):
        columns = np.flatnonzero(row)
        related[film, : len(columns)] = columns
        common[film, : len(columns)] = gram[film, columns]
    return related, common


def solved(
    gram: Matrix, kept: NDArray[np.bool_], ridge: Matrix, parts: tuple[Matrix, Matrix], k: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    related, common = known_entries(gram, kept)
    nearest = np.full((N, k), -1, dtype=np.int32)
    nearest[:, 0] = np.arange(N)
    for film, row in enumerate(related):
        others = row[row >= 0][: k - 1]
        nearest[film, 1 : 1 + len(others)] = others[::-1]
    weights = np.full(nearest.shape, np.nan, dtype=np.float32)
    totals, penalty, explained, covered = (
        each.astype(np.float32) for each in (np.diagonal(gram), ridge, *parts)
    )
    local_ridge(related, common, totals, penalty, explained, covered, nearest, weights)
    return nearest, weights


def global_parts(gram: Matrix, ridge: Matrix, f: int) -> tuple[Matrix, Matrix]:
    """`E` and `C` of `f` random directions, so that `G + ridge - E E'` stays positive."""
    directions = np.random.default_rng(f).standard_normal((N, f))
    all_of_it = gram + np.diag(ridge)
    root = np.linalg.cholesky(directions.T @ all_of_it @ directions) if f else np.eye(0)
    directions = directions @ np.linalg.inv(root).T
    return all_of_it @ directions, gram @ directions


@pytest.mark.parametrize("f", [0, 1, 5])
@pytest.mark.parametrize("k", [1, 8, 20])
def test_weights_equal_those_of_numpy_where_every_entry_is_known(
    f: int, k: int, gram: Matrix
) -> None:
    ridge = np.random.default_rng(1).uniform(1, 5, N)
    explained, covered = global_parts(gram, ridge, f)
    everything = np.ones((N, N), dtype=np.bool_)
    nearest, weights = solved(gram, everything, ridge, (explained, covered), k)
    left = gram + np.diag(ridge) - explained @ explained.T
    target = gram - explained @ covered.T
    left[gram == 0] = 0  # no user has both items
    for film in range(N):
        chosen = nearest[film][nearest[film] >= 0]
        expected = np.linalg.solve(left[np.ix_(chosen, chosen)], target[chosen, film])
        np.testing.assert_allclose(weights[film, : len(chosen)], expected, rtol=1e-3, atol=1e-5)
        assert (weights[film, len(chosen) :] == 0).all()


def test_an_item_that_others_explain_gets_no_weight() -> None:
    ridge = np.full(N, 0.5)
    seen = np.random.default_rng(3).random((50, N)) < 0.9
    gram = seen.T.astype(np.float64) @ seen
    kept = np.random.default_rng(2).random((N, N)) < 0.3  # an entry may be known from one side
    nothing = np.zeros((N, 0))
    nearest, weights = solved(gram, kept, ridge, (nothing, nothing), 9)
    known = np.where((kept | kept.T) & ~np.eye(N, dtype=np.bool_), gram, 0)
    system = known + np.diag(np.diagonal(gram) + ridge)
    left_out = 0
    for film in range(N):
        chosen = nearest[film][nearest[film] >= 0]
        takes_part: list[int] = []
        for place, other in enumerate(chosen):
            before = chosen[takes_part]
            explained = np.linalg.solve(system[np.ix_(before, before)], system[before, other])
            if system[other, other] - system[other, before] @ explained > 0.01 * ridge[other]:
                takes_part.append(place)
        left_out += len(chosen) - len(takes_part)
        right = known[chosen, film]
        right[0] = gram[film, film]
        inside = chosen[takes_part]
        expected = np.zeros(len(chosen))
        expected[takes_part] = np.linalg.solve(system[np.ix_(inside, inside)], right[takes_part])
        np.testing.assert_allclose(weights[film, : len(chosen)], expected, rtol=1e-2, atol=1e-3)
    assert left_out
