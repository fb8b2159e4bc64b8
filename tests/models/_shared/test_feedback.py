"""Ratings as likes."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matinee.models._shared.feedback import graded, liked_histories, or_prior, weighted_histories


@given(
    hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 8), st.integers(1, 8)),
        elements=st.sampled_from([0, 0.5, 1, 2.5, 4, 5]),
    ),
    st.sampled_from([0, 0.5, 2.5, 3, 4, 6]),
)
def test_likes_are_ones_where_a_rating_reaches_the_least(
    stars: np.ndarray[tuple[int, int], np.dtype[np.float32]], least: float
) -> None:
    histories = sp.csr_array(stars)
    kept = liked_histories(histories, least)
    np.testing.assert_array_equal(kept.toarray(), (stars > 0) & (stars >= least))
    assert kept.dtype == np.float32
    assert kept.has_sorted_indices
    np.testing.assert_array_equal(histories.toarray(), stars)


def test_the_prior_replaces_only_rows_that_are_zero_throughout() -> None:
    prior = np.array([3, 2, 1], dtype=np.float32)
    scores = np.array([[0, 0, 0], [0, -1, 0]], dtype=np.float32)
    np.testing.assert_array_equal(or_prior(scores, prior), [[3, 2, 1], [0, -1, 0]])
    np.testing.assert_array_equal(or_prior(scores[0], prior), prior)


def test_worth_grows_with_the_rating_along_the_scale() -> None:
    stars = np.array([1, 3, 5, 0, 9], dtype=np.float32)  # the last two are outside it
    scale = np.array([1, 5], dtype=np.float32)
    np.testing.assert_allclose(graded(stars, scale, 0.5), [0.5, 0.75, 1, 0.5, 1])
    assert (graded(stars, np.array([4, 4], dtype=np.float32), 0.5) == 1).all()


def test_what_is_worth_nothing_is_not_stored() -> None:
    histories = sp.csr_array(np.array([[5, 0, 1], [0, 0, 2]], dtype=np.float32))
    worth = np.array([0.5, 0, 0.25], dtype=np.float32)
    weighted = weighted_histories(histories, worth)
    np.testing.assert_array_equal(weighted.toarray(), [[0.5, 0, 0], [0, 0, 0.25]])
    assert weighted.nnz == 2
