"""Top-k lists, compared with a sort of all scores."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from matinee.kernels.threads import threads
from matinee.kernels.top import top_of_factors, top_of_scores


def sorted_lists(scores: NDArray[np.float32], seen: NDArray[np.bool_], k: int) -> NDArray[np.int64]:
    unseen = np.where(seen, -np.inf, scores)
    order = np.argsort(-unseen, axis=1, kind="stable")[:, :k]
    ranked = np.where(np.take_along_axis(unseen, order, axis=1) > -np.inf, order, -1)
    return np.pad(ranked, ((0, 0), (0, k - ranked.shape[1])), constant_values=-1)


@settings(deadline=None)
@given(
    hnp.arrays(
        np.float32, st.tuples(st.integers(1, 5), st.integers(1, 70)), elements=st.integers(-3, 3)
    ),
    st.integers(1, 8),
    st.integers(0, 2**20),
)
def test_lists_of_scores_equal_a_stable_sort(
    scores: NDArray[np.float32], k: int, seed: int
) -> None:
    seen = np.random.default_rng(seed).random(scores.shape) < 0.3
    marks = sp.csr_array(seen)
    items, values = top_of_scores(scores.copy(), marks.indptr, marks.indices, k)
    expected = sorted_lists(scores, seen, k)
    np.testing.assert_array_equal(items, expected)
    listed = np.where(expected < 0, -np.inf, np.take_along_axis(scores, expected, axis=1))
    np.testing.assert_array_equal(values, listed)


@pytest.mark.parametrize("shape", [(1, 1), (3, 1025), (300, 2500)])
@pytest.mark.parametrize("k", [1, 20])
def test_lists_of_factors_equal_those_of_their_product(shape: tuple[int, int], k: int) -> None:
    rng = np.random.default_rng(k)
    # integers: sums are exact in any order, and many scores are equal
    users = rng.integers(-3, 4, (shape[0], 6)).astype(np.float32)
    items = rng.integers(-3, 4, (shape[1], 6)).astype(np.float32)
    seen = rng.random(shape) < 0.2
    seen[0] = True
    marks = sp.csr_array(seen)
    best, values = top_of_factors(users, items, marks.indptr, marks.indices, k)
    expected = sorted_lists(users @ items.T, seen, k)
    np.testing.assert_array_equal(best, expected)
    assert (values[0] == -np.inf).all()
    with threads(1):
        one_thread, _ = top_of_factors(users, items, marks.indptr, marks.indices, k)
    np.testing.assert_array_equal(best, one_thread)
