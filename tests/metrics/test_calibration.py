"""Miscalibration against SciPy's divergence and by hand."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
import scipy.sparse as sp
import scipy.stats

from matinee.metrics.calibration import genre_shares, miscalibration

GENRES = np.array([[1.0, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 0], [0, 0, 1]])
"""Two pure genres, a film of both, one of none, one of a third."""


def shares_by_loop(films: list[int]) -> np.ndarray:
    total = np.zeros(3)
    for film in films:
        if GENRES[film].any():
            total += GENRES[film] / GENRES[film].sum()
    return total / total.sum()


@pytest.mark.parametrize("alpha", [0.01, 0.1])
def test_it_is_scipys_divergence_from_the_mixed_shares(alpha: float) -> None:
    watched, listed = [0, 2, 3, 4], [1, 1, 2, 3]
    history = np.zeros((1, 5))
    history[0, watched] = [5, 1, 3, 2]
    ours = miscalibration(
        np.array([listed]), sp.csr_array(history), sp.csr_array(GENRES), alpha=alpha
    )
    p, q = shares_by_loop(watched), shares_by_loop(listed)
    expected = scipy.stats.entropy(p, (1 - alpha) * q + alpha * p)
    assert ours == pytest.approx([expected], abs=1e-12)


def test_a_film_is_split_evenly_over_its_genres() -> None:
    shares = genre_shares(np.array([0, 2]), np.array([0, 2, 2]), sp.csr_array(GENRES))
    assert shares.tolist() == [[0.75, 0.25, 0], [0, 0, 0]]


def test_equal_shares_are_zero_no_common_genre_the_maximum_and_no_genres_no_value() -> None:
    history = sp.csr_array(np.array([[1.0, 1, 0, 0, 0], [1.0, 1, 0, 0, 0]]))
    found = miscalibration(np.array([[2, -1], [4, 4]]), history, sp.csr_array(GENRES))
    assert found == pytest.approx([0.0, log(100)], abs=1e-12)
    histories = sp.csr_array(np.array([[0, 0, 0, 1.0, 0], [1.0, 0, 0, 0, 0]]))
    assert np.isnan(miscalibration(np.array([[0], [3]]), histories, sp.csr_array(GENRES))).all()
