"""Entropy of genres against SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
import scipy.stats

from matinee.metrics.genre_variety import genre_entropy


def test_the_entropy_is_scipys_of_the_shares_counted_film_by_film() -> None:
    rng = np.random.default_rng(2)
    genres = (rng.random((30, 5)) < 0.4).astype(np.float64)
    genres[0] = 0
    lists = np.argsort(rng.random((20, 30)), axis=1)[:, :8]
    lists[3, 5:] = -1
    found = genre_entropy(lists, sp.csr_array(genres))
    for films, value in zip(lists, found, strict=True):
        weights = np.zeros(5)
        for film in films[films >= 0]:
            weights += genres[film] / max(1, genres[film].sum())
        assert value == pytest.approx(scipy.stats.entropy(weights, base=2), abs=1e-12)


def test_one_genre_has_none_and_a_list_without_genres_no_value() -> None:
    genres = sp.csr_array(np.array([[1.0, 0], [1, 0], [0, 0], [0, 1]]))
    lists = np.array([[0, 1], [2, -1], [-1, -1], [0, 3]])
    np.testing.assert_allclose(genre_entropy(lists, genres), [0, np.nan, np.nan, 1])
